"""Bodies that are valid by default; a test says only what it is about."""

import copy
import itertools
import json
from functools import cache
from pathlib import Path

from app.model.access.client import Client
from tenants import RIGHTS

FOLDER = Path(__file__).parents[1] / "resource_schemas"
STAFF = Client("staff", frozenset(RIGHTS.split()), "Partner/mdes-mississippi-works")
"""A client with every right."""
NAMES = (
    "Abner Bessie Calvin Dolly Ezra Fiona Gladys Hollis Imogen Jasper Kermit Loretta Muriel Nadine "
    "Otis Priscilla Quentin Rosetta Silas Tabitha Ursula Vernon Wilhelmina Xavier Yolanda Zebulon"
)
ANSWERS = {
    "hasHighSchoolCredential": "no",
    "hasFunctionalDifficulty": "no",
    "isCaretakerOfDeprivedChild": "no",
    "needsFoodAssistance": "yes",
    "workingStatus": "no",
    "isDisconnectedYouth": "no",
}
"""Of somebody who needs a diploma, food and work: cards for adult education and SNAP."""
_count = itertools.count(1)
_names = itertools.cycle(NAMES.split())


def a_profile(**changes):
    """Return a participant's profile without references, with its own unique id."""
    return {
        "resourceType": "ParticipantProfile",
        "firstName": "Elvis",
        "lastName": "Testcase",
        "birthDate": "1990-01-08",
        "pirlUniqueId": f"TEST{next(_count):08d}",
        "employmentStatus": "0",
        "educationLevel": "0",
        "status": "active",
        **changes,
    }


def a_stranger(**changes):
    """Return the profile of somebody named unlike the others: their number may be the same."""
    return a_profile(firstName=next(_names)) | changes


def an_agency(**changes):
    """Return an agency, a lookup that refers to nothing."""
    return {
        "resourceType": "Agency",
        "name": "Department of Tests",
        "abbreviation": f"T{next(_count)}",
        "agencyType": "other",
        "isCorePartner": False,
        "state": "MS",
        "status": "active",
        **changes,
    }


def a_category(**changes):
    """Return a service category, a lookup that may refer to its parent."""
    return {
        "resourceType": "ServiceCategory",
        "name": "Tests",
        "authority": "20 CFR 678.430",
        "triggersParticipation": False,
        "extendsParticipation": False,
        "credentialDenominator": "no",
        "status": "active",
        **changes,
    }


def an_example(kind, name="minimal"):
    """Return a published valid example, which refers to seeded rows only."""
    return copy.deepcopy(_examples(kind)[name])


@cache
def _examples(kind):
    files = FOLDER.glob(f"{kind}/1.0.0/valid/*.json")
    return {file.stem: json.loads(file.read_text("utf-8")) for file in files}
