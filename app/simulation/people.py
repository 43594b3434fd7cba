"""Invented people: names from syllables, SSNs from areas that are never issued (000 and 666)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

Body = dict[str, Any]


def _words(text: str) -> Sequence[str]:
    return text.split()


FIRST = _words(
    "Ada Amos Anita Arlo Beulah Boyd Carla Cleo Dale Dinah Edna Ellis Faye Floyd Gail Gus Hazel "
    "Hiram Ida Ivan Jewel Jonas Kay Kermit Lena Lloyd Mabel Merle Nell Noah Opal Orin Pearl Quincy "
    "Rhoda Roscoe Sadie Silas Thea Tobias Una Ulric Vera Virgil Wanda Wendell Yolanda Zeke"
)
ONSETS = _words("Bal Bren Cor Dav Del Ell Fen Gar Hol Jas Kel Lor Mar Nor Os Pal Quin Ros Sel Tor")
MIDDLES = _words("a an be ber de el er i la mo o ta ti ver wi")
ENDS = _words("bridge by dale field ford ham land ley lock man ner port ridge sen ton well wood")
YOUNGEST, OLDEST = date(2000, 9, 30), date(1954, 10, 1)
"""Births of people who are 18 to 64 throughout the published year."""
FIRST_SSN, SSNS = 200_000, 800_000
"""The last six digits that a year's people may have, in each of the two areas."""
MOST_PEOPLE = 30_000
SEEDS = 2 * SSNS // MOST_PEOPLE
"""So many years, by seed, have nobody's SSN in common."""


@dataclass(frozen=True)
class Place:
    """Where somebody lives, and the center nearby: `area` is a local workforce area."""

    area: str
    city: str
    county: str
    center: str


def places(centers: Sequence[Body]) -> list[Place]:
    """Return the places of WIN Job Centers, which the hub has as LocalCenter, by id."""
    return sorted(
        (
            Place(
                each["localWorkforceArea"],
                each["city"],
                each["countyFips"],
                f"LocalCenter/{each['id']}",
            )
            for each in centers
        ),
        key=lambda place: place.center,
    )


def serial(seed: int, number: int) -> int:
    """Return the serial number of a year's participant; no two years share one."""
    return seed * MOST_PEOPLE + number


def ssn(serial: int) -> str:
    """Return the SSN that goes with a serial number."""
    area, rest = divmod(serial, SSNS)
    return f"{('000', '666')[area]}{FIRST_SSN + rest:06}"


def unique_id(serial: int) -> str:
    """Return the PIRL unique id, element 100, that goes with a serial number."""
    return f"Y{serial:011}"


def person(dice: Random, serial: int, place: Place, *, has_diploma: bool, works: bool) -> Body:
    """Return the ParticipantProfile of somebody; no two serial numbers share an SSN."""
    first, last = dice.choice(FIRST), surname(dice)
    return {
        "resourceType": "ParticipantProfile",
        "firstName": first,
        "lastName": last,
        "birthDate": birth(dice).isoformat(),
        "ssn": ssn(serial),
        "pirlUniqueId": unique_id(serial),
        "address": [home(dice, place)],
        "telecom": [{"system": "phone", "value": phone(dice), "preferred": True}],
        "sex": dice.choice(("1", "2")),
        "employmentStatus": "1" if works else "0",
        "educationLevel": dice.choice(("1", "2", "4")) if has_diploma else "0",
        "localWorkforceArea": place.area,
        "status": "active",
    }


def surname(dice: Random) -> str:
    """Return an invented last name."""
    return dice.choice(ONSETS) + dice.choice(MIDDLES) + dice.choice(ENDS)


def birth(dice: Random) -> date:
    """Return a birth date of somebody of working age."""
    return OLDEST + timedelta(dice.randrange((YOUNGEST - OLDEST).days))


def home(dice: Random, place: Place) -> Body:
    """Return an address that does not exist."""
    return {
        "use": "home",
        "line": [f"{dice.randrange(1, 9999)} {surname(dice)} Road"],
        "city": place.city,
        "state": "MS",
        "countyFips": place.county,
    }


def phone(dice: Random) -> str:
    """Return a number that is reserved for fiction, 555-0100 to 555-0199."""
    return f"{dice.choice(('228', '601', '662'))}-555-01{dice.randrange(100):02}"
