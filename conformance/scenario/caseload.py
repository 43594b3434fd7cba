"""The people whose services, scores and credentials the journey is about, beside the first one.

Another agency records them just before the first of these steps, so that the product finds them.
"""

import random
from datetime import date, timedelta
from typing import Any

from conformance.scenario.figures import CLASS
from conformance.scenario.profiles import STAFF, Body, answered, asked, profile_of, seeding
from conformance.stage import Stage, World

LEARNER = "elvis"
"""The one whose journey it is."""
ROLES = ("referred", "returner", "alumna", "sealed", *CLASS)
"""Who is referred to the partner, exits and comes back, has a licence, is behind a 403; a class."""
NAMES = {
    "Ambrose": "Arkwright",
    "Blanche": "Blenkinsop",
    "Casimir": "Chattaway",
    "Dorothea": "Drinkwater",
    "Ephraim": "Entwistle",
    "Florentine": "Fairweather",
    "Godfrey": "Goodfellow",
    "Henrietta": "Hobday",
}
"""Invented names, unlike those of the other people."""
EDUCATION, WORKFORCE = "Partner/mccb-adult-education", "Partner/mdes-mississippi-works"


def enlist(stage: Stage) -> None:
    """Record these people, and the consents by which education records are shared; once a run."""
    if "services" in stage.world:
        return
    stage.world["services"] = {}
    stage.world["people"] |= people(stage.world)
    for role in ROLES:
        seeding(stage, role)
    for role in (LEARNER, "alumna"):
        reference = profile_of(stage, role)
        if reference is not None:
            ask(stage, STAFF, "POST", "Consent", _consent(reference))


def people(world: World) -> dict[str, dict[str, str]]:
    """Return these people by role, invented from the seed."""
    dice = random.Random(f"{world['seed']} caseload")  # noqa: S311 - invented people
    firsts, lasts = dice.sample([*NAMES], len(ROLES)), dice.sample([*NAMES.values()], len(ROLES))
    return {
        role: {
            "firstName": firsts[at],
            "lastName": lasts[at],
            "birthDate": (date(1972, 1, 1) + timedelta(dice.randrange(9000))).isoformat(),
            "ssn": f"{dice.choice(('000', '666'))}{dice.randrange(100_000, 1_000_000)}",
            "phone": f"662-555-01{dice.randrange(100):02d}",
            "pirlUniqueId": f"CL{dice.randrange(10**10):010d}",
        }
        for at, role in enumerate(ROLES)
    }


def ask(stage: Stage, ghost: str, method: str, path: str, body: Any = None) -> Body:
    """Return what the hub answers a ghost; raise Unready when it refuses."""
    return answered(stage.ask(ghost, method, path, body))


def person_of(world: World, role: str) -> str:
    """Return the reference of somebody's profile, empty while nobody knows it."""
    known: dict[str, str] = world.get("profiles", {})
    return known.get(role, "")


def about(world: World, role: str, key: str, **more: Any) -> dict[str, Any]:
    """Return the data of a step: the product's own key of the record, the person, and the rest."""
    return {"key": key, **asked(world, role), **more}


def to(reference: str) -> dict[str, str]:
    """Return a reference element."""
    return {"reference": reference}


def _consent(participant: str) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "participant": to(participant),
        "partner": to(EDUCATION),
        "regime": "ferpa-34cfr99",
        "disclosingAgency": to("Agency/mccb"),
        "recipients": [to("Agency/mdes")],
        "scope": "Enrollment, test scores and credentials, to coordinate services",
        "method": "written",
        "givenBy": "participant",
        "grantedOn": "2024-01-02",
        "status": "active",
    }
