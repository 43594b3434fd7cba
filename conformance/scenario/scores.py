"""Act A5: test scores in the order in which they arrive, and the high school equivalency."""

from collections.abc import Callable
from typing import Any

from conformance.scenario.caseload import LEARNER, about, ask
from conformance.scenario.figures import BASIC, EQUIVALENCY, INTERESTS, READING, figures
from conformance.scenario.profiles import STAFF
from conformance.stage import Deed, Fault, Stage, Step, World

POST_TEST, PRE_TEST, RETEST = "A5-post-test", "A5-pre-test-late", "A5-retest"
CORRECT, ZERO = "A5-correct", "A5-zero"
UNKNOWN, UNKNOWN_CORRECT = "A5-unknown-test", "A5-unknown-test-correct"
OUT_OF_RANGE, IN_RANGE = "A5-out-of-range", "A5-in-range"
CLOSED, CLOSED_AGAIN = "A5-closed", "A5-closed-again"
CREDENTIAL = "A5-credential"
SCORE = "^ParticipantScore(/_search)?$"
NUMBERS = {
    POST_TEST: "239",
    PRE_TEST: "221",
    RETEST: "242",
    CORRECT: "240",
    ZERO: "0",
    UNKNOWN: "7.50",
    UNKNOWN_CORRECT: "7.25",
    OUT_OF_RANGE: "850",
    IN_RANGE: "580",
}
"""The number that each step tells, as it stands on paper."""
DIPLOMA = {"issuer": "Mississippi Community College Board", "source": "certificate-copy"}


def instrument(world: World) -> str:
    """Return the reference of the test that no product knows."""
    return f"Assessment/{figures(world).instrument}"


def _invent(stage: Stage) -> None:
    """Let the state add a test: whole and half points up to ten."""
    id = figures(stage.world).instrument
    body = {
        "resourceType": "Assessment",
        "id": id,
        "name": id.replace("-", " ").capitalize(),
        "publisher": "Mississippi Community College Board",
        "assessmentType": "work-readiness",
        "functionalAreas": ["digital-skills"],
        "scoreType": "raw",
        "scoreMin": 0,
        "scoreMax": 10,
        "forms": ["1"],
        "nrsApproved": False,
        "status": "active",
    }
    ask(stage, STAFF, "PUT", f"Assessment/{id}", body)


def _close(stage: Stage) -> None:
    stage.arm(Fault("F17", "POST", SCORE))


def _reading(
    step: str, key: str, form: str, kind: str, day: str
) -> Callable[[World], dict[str, Any]]:
    """Return what a step tells of a reading test, on a day of the figures."""

    def told(world: World) -> dict[str, Any]:
        test = {"instrument": READING, "area": "reading", "form": form, "type": kind}
        on = getattr(figures(world), day)
        return about(world, LEARNER, key, **test, on=on, score=NUMBERS[step])

    return told


def _other(step: str, key: str, **test: str) -> Callable[[World], dict[str, Any]]:
    """Return what a step tells of another test, taken on the day of the retest."""

    def told(world: World) -> dict[str, Any]:
        more = {"instrument": instrument(world), "type": "locator"} | test
        return about(world, LEARNER, key, on=figures(world).retest_on, score=NUMBERS[step], **more)

    return told


def _corrected(step: str, key: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: about(world, LEARNER, key, score=NUMBERS[step])


def _sealed(key: str, area: str) -> Callable[[World], dict[str, Any]]:
    def told(world: World) -> dict[str, Any]:
        test = {"instrument": READING, "area": area, "form": "A", "type": "pre", "score": "215"}
        return about(world, "sealed", key, on=figures(world).pre_on, **test)

    return told


def _diploma(world: World) -> dict[str, Any]:
    told = {"credential": EQUIVALENCY, "awarded": figures(world).awarded, **DIPLOMA}
    return about(world, LEARNER, "diploma", **told)


def _step(
    key: str,
    text: str,
    data: Callable[[World], dict[str, Any]],
    *proves: str,
    name: str = "score.record",
    before: tuple[Deed, ...] = (),
) -> Step:
    return Step(key, name, 5, 3, text, data, before=before, proves=proves)


STEPS = (
    _step(
        POST_TEST,
        "Record the result of this post-test.",
        _reading(POST_TEST, "post-test", "B", "post", "post_on"),
        "L3-01",
        "L3-02",
        "L3-03",
    ),
    _step(
        PRE_TEST,
        "The pre-test of the same person was mislaid and arrives only now. Record it.",
        _reading(PRE_TEST, "pre-test", "A", "pre", "pre_on"),
        "L3-03",
    ),
    _step(
        RETEST,
        "The person took the test again. Record this result.",
        _reading(RETEST, "retest", "C", "post", "retest_on"),
        "L3-04",
    ),
    _step(
        CORRECT,
        "The last result was mistyped. Correct the number.",
        _corrected(CORRECT, "retest"),
        "L3-04",
        name="score.correct",
    ),
    _step(
        ZERO,
        "Record this result; zero is what was measured.",
        _other(ZERO, "interests", instrument=INTERESTS, area="realistic"),
        "L3-02",
    ),
    _step(
        UNKNOWN,
        "Record the result of a test that the state has just added.",
        _other(UNKNOWN, "digital", area="digital-skills", form="1"),
        "L3-02",
        "L3-05",
        before=(_invent,),
    ),
    _step(
        UNKNOWN_CORRECT,
        "That result was mistyped. Correct the number.",
        _corrected(UNKNOWN_CORRECT, "digital"),
        "L3-05",
        name="score.correct",
    ),
    _step(
        OUT_OF_RANGE,
        "Record this result, as it was typed.",
        _other(OUT_OF_RANGE, "range", instrument=BASIC, area="mathematics", form="11"),
        "L3-06",
    ),
    _step(
        IN_RANGE,
        "Staff looked at the paper again; this is the number on it.",
        _corrected(IN_RANGE, "range"),
        "L3-06",
        name="score.correct",
    ),
    _step(
        CLOSED,
        "Record this result; the hub says that this person's scores are closed to you.",
        _sealed("sealed-reading", "reading"),
        "L3-11",
        before=(_close,),
    ),
    _step(
        CLOSED_AGAIN,
        "Another result of the same person was typed. Record it, as far as that goes.",
        _sealed("sealed-mathematics", "mathematics"),
        "L3-11",
    ),
    _step(
        CREDENTIAL,
        "The person passed: record the diploma.",
        _diploma,
        "L3-07",
        name="credential.record",
    ),
)
