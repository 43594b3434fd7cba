"""Act A6: training that rests on a licence which another agency recorded, and which is revoked."""

from typing import Any

from conformance.scenario.caseload import about, ask, person_of, to
from conformance.scenario.figures import ADULT, CENTER, LICENCE, RESTS_ON, TRAINING, figures
from conformance.scenario.profiles import STAFF
from conformance.stage import Fault, Stage, Step, World

KNOWN, TRAIN = "A6-credential-known", "A6-train"
REVOKED, AFTER = "A6-revoked", "A6-train-update"
HOLDER, TRAINING_KEY = "alumna", "driving"
BEGINS, ENDS = "2024-08-05", "2024-12-13"
FEED = r"^\$changes$"


def licence(world: World) -> str:
    """Return the reference of the licence that another agency recorded, empty for none yet."""
    known: dict[str, str] = world.get("services", {})
    return known.get("licence", "")


def _record(stage: Stage) -> None:
    """Let the college record the licence; staff writes for it."""
    body = {
        "resourceType": "ParticipantCredential",
        "participant": to(person_of(stage.world, HOLDER)),
        "credential": to(LICENCE),
        "credentialType": "4",
        "attainedOn": figures(stage.world).licensed,
        "verification": "issuer-match",
        "partner": to("Partner/cc-hinds"),
        "status": "earned",
    }
    made = ask(stage, STAFF, "POST", "ParticipantCredential", body)
    stage.world["services"]["licence"] = f"ParticipantCredential/{made['id']}"


def _revoke(stage: Stage) -> None:
    """Change the licence twice: first its issuer, then it is revoked; so an older change follows.

    With the feed told the newest first (F12), who believes the last entry believes the older.
    """
    for change in ({"issuer": "Mississippi licensing authority"}, {"status": "revoked"}):
        body = ask(stage, STAFF, "GET", licence(stage.world))
        ask(stage, STAFF, "PUT", licence(stage.world), {**body, **change})
    stage.arm(Fault("F12", "GET", FEED))


def _known(world: World) -> dict[str, Any]:
    told = {"issuer": "State driver licensing authority", "source": "certificate-copy"}
    when = {"credential": LICENCE, "awarded": figures(world).licensed}
    return about(world, HOLDER, "licence", **when, **told)


def _train(world: World) -> dict[str, Any]:
    place = {"service": TRAINING, "program": ADULT, "center": CENTER, "from": BEGINS}
    return about(world, HOLDER, TRAINING_KEY, **place, credential="licence", restsOn=RESTS_ON)


STEPS = (
    Step(
        KNOWN,
        "credential.record",
        6,
        3,
        "The person shows a licence. Another agency may have recorded it already.",
        _known,
        before=(_record,),
        proves=("L3-08",),
    ),
    Step(
        TRAIN,
        "enrollment.start",
        6,
        3,
        "Enroll this person in training, and name in the extension `restsOn` the licence that it "
        "rests on (valueReference).",
        _train,
        proves=("L3-08", "L3-09"),
    ),
    Step(
        REVOKED,
        "sync.now",
        6,
        3,
        "Fetch the changes.",
        lambda _world: {},
        before=(_revoke,),
        proves=("L3-09",),
    ),
    Step(
        AFTER,
        "enrollment.update",
        6,
        3,
        "Enter the planned end of the training.",
        lambda world: about(world, HOLDER, TRAINING_KEY, values={"plannedEnd": ENDS}),
        proves=("L3-09",),
    ),
)
