"""The people of a run: synthetic ParticipantProfiles of about 2.5 KB that refer to nothing.

References are left out because only the hub checks them.
"""

from typing import Any

import orjson

TOWN_SIZE = 40
"""People that share a town, however many there are: what a search by town finds is constant."""

_JOBS = (
    ("Example Freight and Warehousing Inc.", "Warehouse loader", "53-7062", "493", 2006, 13.5),
    ("Sample Catering of the Delta LLC", "Line cook", "35-2014", "722", 2008, 11.25),
    ("Example Poultry Processing Company", "Machine operator", "51-3022", "311", 2010, 14.1),
    ("Sample Regional Medical Center", "Patient transporter", "31-1132", "622", 2015, 15.4),
    ("Example Furniture Manufacturing", "Upholsterer", "51-6093", "337", 2017, 18.6),
    ("Placeholder Home Improvement Store", "Sales associate", "41-2031", "444", 2019, 14.9),
    ("Example Solar Installers Cooperative", "Installer apprentice", "47-2231", "238", 2021, 19.2),
    ("Sample Industrial Laundry Service", "Laundry worker", "51-6011", "812", 2023, 13.8),
)
_PERSON: dict[str, Any] = {
    "resourceType": "ParticipantProfile",
    "firstName": "Elvis",
    "middleName": "Benchmark",
    "lastName": "Testcase",
    "birthDate": "1988-01-08",
    "pirlUniqueId": "@ID",
    "address": [
        {
            "use": "home",
            "line": ["1 Example Street", "Apartment 12"],
            "city": "@TOWN",
            "state": "MS",
            "postalCode": "38614",
            "countyFips": "28027",
        }
    ],
    "telecom": [
        {"system": "phone", "value": "662-555-0101", "preferred": True},
        {"system": "email", "value": "elvis.testcase@example.org"},
    ],
    "preferredLanguage": "en",
    "interpreterNeeded": False,
    "sex": "1",
    "hispanicLatino": "0",
    "races": ["white"],
    "veteranStatus": "1",
    "eligibleVeteranStatus": "2",
    "militaryService": [
        {
            "branch": "Army",
            "occupationCode": "88M",
            "title": "Motor Transport Operator",
            "separationDate": "2006-06-30",
            "discharge": "honorable",
        }
    ],
    "employmentStatus": "0",
    "longTermUnemployed": "1",
    "highestGrade": 10,
    "educationLevel": "2",
    "schoolStatus": "5",
    "workHistory": [
        {
            "employerName": employer,
            "title": title,
            "onetSoc": occupation,
            "naics": industry,
            "startDate": f"{year}-02-01",
            "endDate": f"{year + 1}-07-31",
            "hourlyWage": wage,
        }
        for employer, title, occupation, industry, year, wage in _JOBS
    ],
    "householdSize": 3,
    "householdIncome": "@INCOME",
    "benefits": {"tanf": "0", "snap": "1"},
    "barriers": {"lowIncome": "1", "basicSkillsDeficient": "0", "singleParent": "0"},
    "localWorkforceArea": "delta",
    "status": "active",
}
_TEXT = (
    orjson.dumps(_PERSON)
    .replace(b'"@ID"', b'"B%011d"')
    .replace(b"@TOWN", b"%s")
    .replace(b'"@INCOME"', b"%d")
)


def town(number: int) -> str:
    """Return the town where the person with this number lives."""
    return f"Town-{number // TOWN_SIZE:04d}"


def person(number: int, change: int = 0) -> bytes:
    """Return the JSON of person `number`; each `change` up to 80,000 gives another content."""
    return _TEXT % (number, town(number).encode(), 10_000 + change)
