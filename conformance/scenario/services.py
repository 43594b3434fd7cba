"""Act A4: enrollments in the partner's own programs, an attendance list, codes that change."""

from collections.abc import Callable
from typing import Any

from conformance.scenario import service_deeds as deeds
from conformance.scenario.caseload import LEARNER, about
from conformance.scenario.figures import ADULT, CENTER, LITERACY, PLANNING, figures, mistaken
from conformance.scenario.leaving import EXIT, RETURN, RETURNER
from conformance.scenario.profiles import asked
from conformance.stage import Deed, Fault, Step, World

ENROLL, UPDATE, REPEAT, END = "A4-enroll", "A4-update", "A4-repeat", "A4-end"
WRONG, CORRECT, NEW_YEAR = "A4-wrong", "A4-correct", "A4-new-year"
TOO_EARLY, ACCEPTED = "A4-too-early", "A4-accepted"
WAITING, TOLD = "A4-waiting", "A4-told-three-times"
BATCH, REST = "A4-attendance", "A4-attendance-rest"
LATER = "2025-03-09"
"""To which day the end is put off, on which clocks change."""
CLASS_ENDS, MISTAKE_ON = "2024-06-28", "2024-03-10"
HARD_DAYS = 4
"""How many dates that a time zone would move must be seen at least."""
ENROLLMENT = "^ParticipantServiceEnrollment$"


def days(world: World) -> dict[str, dict[str, str]]:
    """Return the dates that each step tells, by the element that they belong in."""
    facts = figures(world)
    return {
        ENROLL: {"enrollmentDate": facts.leap, "plannedEndDate": facts.planned_end},
        UPDATE: {"plannedEndDate": LATER},
        NEW_YEAR: {"enrollmentDate": facts.new_year},
        EXIT: {"endDate": facts.spring},
        RETURN: {"enrollmentDate": facts.returned},
    }


def start(world: World, role: str, key: str, on: str, **more: Any) -> dict[str, Any]:
    """Return what is told when somebody is enrolled: who, in what, where, from which day."""
    place = {"service": PLANNING, "program": ADULT, "center": CENTER, "from": on}
    return about(world, role, key, **place | more)


def _enroll(world: World) -> dict[str, Any]:
    facts = figures(world)
    zone = {"timeZone": "Pacific/Auckland", "plannedEnd": facts.planned_end}
    return start(world, LEARNER, "planning", facts.leap, **zone)


def _update(world: World) -> dict[str, Any]:
    return about(world, LEARNER, "planning", values={"plannedEnd": LATER})


def _referred(name: str, **more: str) -> Callable[[World], dict[str, Any]]:
    def told(world: World) -> dict[str, Any]:
        known = world["services"]
        return start(world, "referred", name, CLASS_ENDS, referral=known[name], **more)

    return told


def _attendance(world: World) -> dict[str, Any]:
    place = {"program": ADULT, "center": CENTER}
    return {"key": "class", "rows": [_row(world, each) | place for each in figures(world).rows]}


def _row(world: World, row: dict[str, Any]) -> dict[str, Any]:
    rest = {name: row[name] for name in ("key", "service", "from", "to")}
    return {**rest, **asked(world, row["who"])}


def _rest(world: World) -> dict[str, Any]:
    wrong = mistaken(world)
    rows = [each for each in figures(world).rows if each["key"] in wrong]
    return {"key": "class", "rows": [{"key": e["key"], "to": e["from"]} for e in rows]}


def _step(
    key: str,
    name: str,
    text: str,
    data: Callable[[World], dict[str, Any]],
    *proves: str,
    before: tuple[Deed, ...] = (),
) -> Step:
    return Step(key, name, 4, 2, text, data, before=before, proves=proves)


STEPS = (
    _step(
        ENROLL,
        "enrollment.start",
        "Enroll this person. The office's clock stands on another time zone.",
        _enroll,
        "L2-01",
        "L2-06",
        before=(deeds.ready,),
    ),
    _step(
        UPDATE,
        "enrollment.update",
        "The planned end of this enrollment is put off. Enter the new day.",
        _update,
        "L2-04",
        "L2-06",
        "L2-07",
    ),
    _step(
        REPEAT,
        "enrollment.update",
        "Somebody saves the form again without changing anything.",
        _update,
        "L2-12",
    ),
    _step(
        WRONG,
        "enrollment.start",
        "Enroll this person in this service too.",
        lambda world: start(world, LEARNER, "slip", MISTAKE_ON, service=LITERACY),
        "L2-05",
    ),
    _step(
        CORRECT,
        "enrollment.correct",
        "That was a mistake: take it back, and say why.",
        lambda world: about(world, LEARNER, "slip", reason=figures(world).reason),
        "L2-05",
    ),
    _step(
        NEW_YEAR,
        "enrollment.start",
        "Enroll this person.",
        lambda world: start(world, RETURNER, "first-period", figures(world).new_year),
        "L2-06",
        "L2-09",
    ),
    _step(
        TOO_EARLY,
        "enrollment.start",
        "Enroll this person on this referral as soon as it is accepted; nobody has done so yet.",
        _referred(deeds.FIRST),
        "L2-03",
        before=(deeds.refer,),
    ),
    _step(
        ACCEPTED,
        "enrollment.start",
        "A colleague has accepted the referral. Enroll this person on it.",
        _referred(deeds.FIRST),
        "L2-02",
        "L2-03",
        before=(deeds.accept, lambda stage: stage.arm(Fault("F3", "POST", ENROLLMENT))),
    ),
    _step(
        WAITING,
        "enrollment.start",
        "Enroll this person on this other referral as soon as it is accepted.",
        _referred(deeds.SECOND, program=deeds.JOBS),
        "L2-02",
        before=(deeds.refer_again,),
    ),
    _step(
        TOLD,
        "sync.now",
        "Fetch the changes. The referral was accepted, and the feed says so three times.",
        lambda _world: {},
        "L2-02",
        before=(
            deeds.accept_again,
            lambda stage: stage.arm(Fault("F11", "GET", r"^\$changes", times=3)),
        ),
    ),
    _step(
        BATCH,
        "attendance.batch",
        "Send this attendance list in one go; keep the entries that only staff can correct.",
        _attendance,
        "L2-08",
        "L2-10",
        before=(deeds.retire,),
    ),
    _step(
        REST,
        "attendance.batch",
        "Staff corrected the last day of these entries. Send what is still missing.",
        _rest,
        "L2-08",
    ),
    _step(
        END,
        "enrollment.end",
        "This person has completed the service. Enter it.",
        lambda world: about(world, LEARNER, "planning", on=CLASS_ENDS, completed=True),
        "L2-11",
        before=(deeds.note_time,),
    ),
)
