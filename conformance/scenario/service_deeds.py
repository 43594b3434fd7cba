"""What the ghosts do around the partner's enrollments: refer, accept, retire codes."""

from datetime import UTC, datetime
from typing import Any

from conformance.scenario.caseload import EDUCATION, LEARNER, WORKFORCE, ask, enlist, person_of, to
from conformance.scenario.figures import ADULT, RETIRED, figures
from conformance.scenario.profiles import OTHER, STAFF
from conformance.stage import Stage, World

BENEFITS = "Partner/mdhs-eligibility"
JOBS = "Program/title3-wagner-peyser"
FIRST, SECOND = "referral", "second"


def referrals(world: World) -> tuple[str, str]:
    """Return the two referrals to the partner, empty while they are not made."""
    known: dict[str, str] = world.get("services", {})
    return known.get(FIRST, ""), known.get(SECOND, "")


def ready(stage: Stage) -> None:
    """Record the people, and the class that adult education has the learner in."""
    enlist(stage)
    learner = person_of(stage.world, LEARNER)
    if learner:
        body = {
            "resourceType": "ParticipantServiceEnrollment",
            "participant": to(learner),
            "service": to("Service/abe-instruction"),
            "program": to("Program/title2-aefla"),
            "partner": to(EDUCATION),
            "status": "enrolled",
            "enrollmentDate": "2024-01-22",
        }
        made = ask(stage, OTHER, "POST", "ParticipantServiceEnrollment", body)
        stage.world["services"]["parallel"] = f"ParticipantServiceEnrollment/{made['id']}"


def refer(stage: Stage) -> None:
    """Refer somebody to the partner, for the first program."""
    _refer(stage, FIRST, ADULT)


def refer_again(stage: Stage) -> None:
    """Refer the same person for another program."""
    _refer(stage, SECOND, JOBS)


def accept(stage: Stage) -> None:
    """Accept the first referral: a caseworker of the partner did it at another desk."""
    _accept(stage, FIRST)


def accept_again(stage: Stage) -> None:
    """Accept the second referral."""
    _accept(stage, SECOND)


def retire(stage: Stage) -> None:
    """Retire the code of a service (F18): a new row has its name from now on."""
    row = ask(stage, STAFF, "GET", RETIRED)
    id = figures(stage.world).new_code
    fresh = {name: value for name, value in row.items() if name not in ("meta", "id")}
    ask(stage, STAFF, "PUT", f"Service/{id}", {**fresh, "id": id})
    ask(stage, STAFF, "PUT", RETIRED, {**row, "status": "inactive"})


def note_time(stage: Stage) -> None:
    """Note when the partner is told of a change, in seconds since the epoch."""
    stage.world["services"] |= {"told": datetime.now(UTC).timestamp()}


def _refer(stage: Stage, name: str, program: str) -> None:
    body: dict[str, Any] = {
        "resourceType": "Referral",
        "participant": to(person_of(stage.world, "referred")),
        "origin": "ad-hoc",
        "sourceAgency": to("Agency/mdhs"),
        "sourcePartner": to(BENEFITS),
        "targetAgency": to("Agency/mdes"),
        "targetPartner": to(WORKFORCE),
        "targetPrograms": [to(program)],
        "priority": "routine",
        "authoredOn": datetime.now(UTC).isoformat(timespec="seconds"),
        "status": "requested",
    }
    made = ask(stage, "human-services", "POST", "Referral", body)
    stage.world["services"][name] = f"Referral/{made['id']}"


def _accept(stage: Stage, name: str) -> None:
    ask(stage, STAFF, "PATCH", stage.world["services"][name], {"status": "accepted"})
