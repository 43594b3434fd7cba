"""Measurable skill gain of the first kind: a higher educational functioning level (34 CFR 462).

The date of the gain is that of the post-test, PIRL 1806. A secondary credential is the second kind;
no element of the PIRL dates it, the record of the credential shows it (1807 to 1810 are dates of
transcripts, milestones and exams; 1811 and 1813 are no gains).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from app.model.codec import Resource
from app.rules.guarded import is_guarded
from app.rules.participation.participation import GAP, is_live
from app.rules.workflow import Effect, Facts, Move

ADULT_EDUCATION = "II"
"""The title of WIOA whose enrollments keep the gain, `Program.wioaTitle`."""
ERROR, STANDING = "entered-in-error", "final"
ENROLLMENT, SCORE = "ParticipantServiceEnrollment", "ParticipantScore"


def gain_day(score: Resource, scores: Sequence[Resource], facts: Facts) -> str | None:
    """Return the day on which a score shows a gain over its pre-test, None when it shows none.

    Both tests are the same approved one in the same area, and neither is out of range.
    """
    before = comparable(score, scores, facts)
    if before is None or not all(_shows_level(each, facts) for each in (before, score)):
        return None
    is_same = all(
        before.get(name) == score.get(name) for name in ("assessment", "functionalArea", "eflTrack")
    )
    return score["administeredOn"] if is_same and score["efl"] > before["efl"] else None


def comparable(score: Resource, scores: Sequence[Resource], facts: Facts) -> Resource | None:
    """Return the pre-test of a post-test: the one it names, or the last of the same agency."""
    if score["testType"] != "post":
        return None
    found = [each for each in scores if _precedes(each, score)]
    if "comparedWith" in score:
        _, _, id = score["comparedWith"]["reference"].partition("/")
        return next((each for each in found if each["id"] == id), None)
    agency = facts.agency(score["partner"]["reference"])
    own = [each for each in found if facts.agency(each["partner"]["reference"]) == agency]
    return max(own, key=_when, default=None)


def effects(move: Move, facts: Facts) -> Iterator[Effect]:
    """Yield the enrollments in adult education on which a score changes the date of the gain.

    A day that only scores show which were taken back, one or both of them, is no gain any more.
    """
    person = move.body["participant"]["reference"]
    rows = facts.about("ParticipantScore", person)
    others = [each for each in rows if f"{SCORE}/{each['id']}" != move.reference]
    now = _days([*others, move.body], facts)
    ever = [*([move.former] if move.former else ()), *others]
    lost = _days([{**each, "status": STANDING} for each in ever], facts) - now
    if not now and not lost:
        return
    enrollments = [e for e in facts.about(ENROLLMENT, person) if _is_adult_education(e, facts)]
    for each in enrollments:
        days = {day for day in now if current(enrollments, day) is each}
        yield Effect(f"{ENROLLMENT}/{each['id']}", _dated(each, days, lost))


def current(enrollments: Sequence[Resource], day: str) -> Resource | None:
    """Return the enrollment last begun that day whose participation still lasted."""
    on = date.fromisoformat(day)
    lasting = [
        each
        for each in enrollments
        if each["enrollmentDate"] <= day
        and on - timedelta(days=GAP) <= date.fromisoformat(each.get("endDate", day))
    ]
    return max(lasting, key=lambda each: (each["enrollmentDate"], each["id"]), default=None)


def _dated(enrollment: Resource, days: Collection[str], lost: Collection[str]) -> Resource:
    progress = dict(enrollment.get("educationProgress", {}))
    stated = progress.pop("msgEfl", None)
    best = max({*days, *({stated} if stated and stated not in lost else ())}, default=None)
    progress |= {"msgEfl": best} if best else {}
    rest = {name: value for name, value in enrollment.items() if name != "educationProgress"}
    return {**rest, "educationProgress": progress} if progress else rest


def _days(scores: Sequence[Resource], facts: Facts) -> set[str]:
    told = [each for each in scores if each["status"] != ERROR and not is_guarded(each, facts)]
    return {day for each in told if (day := gain_day(each, told, facts))}


def _precedes(pre: Resource, post: Resource) -> bool:
    is_pre = pre["testType"] == "pre" and pre["status"] != ERROR
    is_like = all(pre[name] == post[name] for name in ("assessment", "functionalArea"))
    return is_pre and is_like and pre["administeredOn"] < post["administeredOn"]


def _shows_level(score: Resource, facts: Facts) -> bool:
    assessment = facts.row(score["assessment"]["reference"]) or {}
    is_approved = assessment.get("nrsApproved", False)
    return bool(is_approved and "efl" in score and not score.get("outOfRange"))


def _is_adult_education(enrollment: Resource, facts: Facts) -> bool:
    program = facts.row(enrollment["program"]["reference"]) or {}
    return is_live(enrollment) and program.get("wioaTitle") == ADULT_EDUCATION


def _when(score: Resource) -> tuple[str, str]:
    return score["administeredOn"], score["id"]
