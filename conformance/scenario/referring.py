"""What the ghosts do with referrals: they send them, take them on, hold them, call them off."""

from datetime import UTC, datetime, timedelta

from conformance.scenario.profiles import OTHER, STAFF, Body, seeding
from conformance.scenario.sharing import US, ask, day, instant_of, to
from conformance.stage import Deed, Stage

BENEFITS = "human-services"
SYSTEM = "https://human-services.example/referrals"
PROGRAM = "Program/title1-adult"
MERGE = {"content-type": "application/merge-patch+json", "if-match": "*"}
AGO = timedelta(hours=20)
"""How long ago a referral that comes in was made: its first deadline is still ahead."""


def came_in(role: str) -> Deed:
    """Return the deed: human services refer somebody to the partner."""

    def refer(stage: Stage) -> None:
        who = seeding(stage, role)
        now = instant_of(stage, who)
        number = f"HS-{stage.world['canary']['reason'][-8:]}-{role[-1]}"
        body = _referral(who, number, stamp(now - AGO))
        made = ask(stage, BENEFITS, "POST", "Referral", body)
        told = {
            "reference": f"Referral/{made['id']}",
            "system": SYSTEM,
            "number": number,
            "since": stamp(now - AGO / 2),
            "day": day(now - AGO / 2),
        }
        stage.world["incoming"] = {**stage.world.get("incoming", {}), role: told}

    return refer


def _referral(who: str, number: str, authored: str) -> Body:
    return {
        "resourceType": "Referral",
        "identifier": [{"system": SYSTEM, "value": number}],
        "participant": to(who),
        "origin": "ad-hoc",
        "sourceAgency": to("Agency/mdhs"),
        "sourcePartner": to("Partner/mdhs-eligibility"),
        "targetAgency": to(US["agency"]),
        "targetPrograms": [to(PROGRAM)],
        "targetPartner": to(US["partner"]),
        "priority": "routine",
        "authoredOn": authored,
        "status": "requested",
        "note": "Looks for work and for training.",
    }


def at_deadline(role: str) -> Deed:
    """Return the deed: when the time is over, human services look at what the partner answered."""
    return lambda stage: _look(stage, role)


def _look(stage: Stage, role: str) -> None:
    ask(stage, BENEFITS, "GET", stage.world["incoming"][role]["reference"])


def called_off(role: str) -> Deed:
    """Return the deed: human services cancel a referral at the moment at which it is accepted."""
    cancelled = {"status": "cancelled", "statusReason": "source-error"}
    return lambda stage: _patch(stage, BENEFITS, _reference(stage, role), cancelled)


def held(role: str) -> Deed:
    """Return the deed: state staff put a referral on hold, as the person asked them to."""
    waits = {"status": "on-hold", "statusReason": "participant-asked-to-wait"}
    return lambda stage: _patch(stage, STAFF, _reference(stage, role), waits)


def taken_on(role: str) -> Deed:
    """Return the deed: state staff accept a referral for the partner."""
    return lambda stage: _patch(stage, STAFF, _reference(stage, role), {"status": "accepted"})


def accepted_meanwhile(stage: Stage) -> None:
    """Let adult education accept the referral that the partner is about to call off."""
    moved(stage, stage.world["profiles"]["assessed"], {"status": "accepted"})


def moved(stage: Stage, who: str | None, change: Body) -> str | None:
    """Let adult education move what waits for it of a person; return the reference, if any."""
    if who is None:
        return None
    asked = f"participant={who.rpartition('/')[2]}&target-agency=Agency/mccb&status=requested"
    found = ask(stage, OTHER, "GET", f"Referral?{asked}").get("entry", [])
    if not found:
        return None
    reference = f"Referral/{found[0]['resource']['id']}"
    _patch(stage, OTHER, reference, change)
    return reference


def stamp(moment: datetime) -> str:
    """Return a moment as the hub writes it."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _reference(stage: Stage, role: str) -> str:
    return str(stage.world["incoming"][role]["reference"])


def _patch(stage: Stage, ghost: str, reference: str, change: Body) -> None:
    ask(stage, ghost, "PATCH", reference, change, MERGE)
