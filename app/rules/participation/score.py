"""What a score shows: the functioning level its test's bands give, and whether it is passed.

34 CFR part 462; PIRL 1806.
"""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.business_days import day_of
from app.rules.issues import fault, warning
from app.rules.participation import skill_gain
from app.rules.persons import same_person
from app.rules.workflow import Effect, Facts, Move, Workflow

BASIC = "ABE"
"""The track of bands whose test does not say another."""
DERIVED = ("efl", "eflTrack", "outOfRange")
COMPARED = {"participant", "administeredOn", "functionalArea", "testType"}
"""What of another score must be seen, to be told how a new one contradicts it."""


def complete(move: Move, facts: Facts) -> Resource:
    """Return the score with what its test's bands and its passing score say of it."""
    body = move.body
    test = _test(move, facts)
    bands = [each for each in test.get("eflBands", ()) if each["area"] == body["functionalArea"]]
    if bands:
        given = {name: value for name, value in body.items() if name not in DERIVED}
        body = given | _level(body, bands, test)
    mark = _passing_mark(test, body["functionalArea"])
    return body if mark is None else body | {"passed": body["score"] >= mark}


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return how a score contradicts its test, its day, or the score it is compared with."""
    test = _test(move, facts)
    found = [*_of_day(move, test, facts), *_of_comparison(move, facts)]
    return [*_of_test(move.body, test), *found] if test else found


def warnings(move: Move, facts: Facts) -> list[Issue]:
    """Return what a publisher would say of a post-test: too few hours, the same form again."""
    body = move.body
    least = _test(move, facts).get("postTestMinimumHours")
    found = []
    if body["testType"] == "post" and least and body.get("instructionHours", least) < least:
        text = f"The publisher asks for {least} hours of instruction before this post-test."
        found.append(warning("too-few-hours", text, "/instructionHours"))
    before = _compared(move, facts) or {}
    if "form" in body and body["form"] == before.get("form"):
        text = "A post-test should use another form than the pre-test."
        found.append(warning("same-form", text, "/form"))
    return found


def effects(move: Move, facts: Facts) -> tuple[Effect, ...]:
    """Return the enrollments on which the score changes the date of a skill gain."""
    return tuple(skill_gain.effects(move, facts))


def _level(body: Resource, bands: list[Resource], test: Resource) -> Resource:
    """Return the functioning level of a score, never above what the test's level can report.

    A score below what it can report shows no level at all.
    """
    reached = [each["efl"] for each in bands if each.get("min", body["score"]) <= body["score"]]
    level = max(reached, default=0)
    reports = test.get("levelEfls", {}).get(body.get("level"), range(1, level + 1))
    shown = max((each for each in reports if each <= level), default=None)
    found = {"eflTrack": test.get("eflTrack", BASIC), "outOfRange": shown != level}
    return found if shown is None else found | {"efl": shown}


def _passing_mark(test: Resource, area: str) -> float | None:
    marks: dict[str, float] = test.get("passingScore", {})
    if area == "essay":
        return marks.get("essay")
    is_single = len(test.get("functionalAreas", ())) == 1
    return marks.get("total", marks.get("perSubtest")) if is_single else marks.get("perSubtest")


def _of_test(body: Resource, test: Resource) -> Iterator[Issue]:
    for name, listed in (("functionalArea", "functionalAreas"), ("form", "forms"),
                         ("level", "levels")):  # fmt: skip
        allowed = test.get(listed)
        if allowed and body.get(name, allowed[0]) not in allowed:
            yield fault("not-of-test", "The test has no such one.", f"/{name}", allowed)
    least, most = test.get("scoreMin"), test.get("scoreMax")
    is_low = least is not None and body["score"] < least
    if is_low or (most is not None and body["score"] > most):
        yield fault("score-range", "The test yields no such score.", "/score")


def _of_day(move: Move, test: Resource, facts: Facts) -> Iterator[Issue]:
    day, pointer = move.body["administeredOn"], "/administeredOn"
    if day > day_of(facts.now).isoformat():
        yield fault("in-future", "A test was taken on a day that has come.", pointer)
    is_asked = move.changed("administeredOn") or move.changed("assessment")
    last = test.get("retiredDate", "" if test.get("status") == "retired" else day)
    if is_asked and day > last:
        yield fault("retired", "The test was retired before this day.", pointer)


def _of_comparison(move: Move, facts: Facts) -> Iterator[Issue]:
    yield from same_person.faults(move, facts, "comparedWith")
    before = _compared(move, facts)
    if before is None or not before.keys() >= COMPARED:
        return
    if same_person.is_of_another(before, move.body):
        return
    body = move.body
    is_earlier = before["administeredOn"] < body["administeredOn"]
    is_like = before["functionalArea"] == body["functionalArea"]
    if not (is_earlier and is_like and before["testType"] == "pre"):
        text = "A score is compared with an earlier pre-test in the same area."
        yield fault("not-comparable", text, "/comparedWith/reference")


def _compared(move: Move, facts: Facts) -> Resource | None:
    named = move.body.get("comparedWith", {}).get("reference")
    return same_person.known(move.actor, facts, named)


def _test(move: Move, facts: Facts) -> Resource:
    return facts.row(move.body["assessment"]["reference"]) or {}


WORKFLOW = Workflow(complete=complete, faults=faults, warnings=warnings, effects=effects)
