"""Which credential and which training service of the lookups lead to an occupation."""

from collections.abc import Sequence

from app.model.codec import Resource
from app.rules.careers.labour_market import Program, soc_of


def required_credential(
    soc: str, program: Program | None, credentials: Sequence[Resource]
) -> str | None:
    """Return the reference of the credential that an occupation asks for, if it is a resource.

    It is that of the linked program; without a program the one that names the occupation and takes
    the least time.
    """
    if program:
        named = {f"Credential/{each['id']}" for each in credentials}
        return program.credential if program.credential in named else None
    fitting = [each for each in credentials if soc in map(soc_of, each.get("onetSoc", ()))]
    fitting.sort(key=lambda each: (each.get("typicalTrainingMonths", 0), each["id"]))
    return f"Credential/{fitting[0]['id']}" if fitting else None


def training_service(soc: str, services: Sequence[Resource]) -> str | None:
    """Return the reference of the first training service for an occupation, in order of ids."""
    found = [
        each["id"] for each in services if each["isTraining"] and soc_of(each.get("onetSoc")) == soc
    ]
    return f"Service/{min(found)}" if found else None
