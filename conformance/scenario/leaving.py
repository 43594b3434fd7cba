"""Act A7: somebody leaves, comes back months later, and a score of the first time arrives late."""

from typing import Any

from conformance.scenario.caseload import about
from conformance.scenario.figures import ADULT, BELONGS_TO, CENTER, PLANNING, READING, figures
from conformance.stage import Step, World

EXIT, RETURN, LATE = "A7-exit", "A7-return", "A7-late-score"
RETURNER = "returner"
LATE_SCORE = "233"


def _return(world: World) -> dict[str, Any]:
    place = {"service": PLANNING, "program": ADULT, "center": CENTER}
    return about(world, RETURNER, "second-period", **place, **{"from": figures(world).returned})


def _late(world: World) -> dict[str, Any]:
    told = {"instrument": READING, "area": "reading", "form": "C", "type": "locator"}
    link = {"on": figures(world).late_on, "score": LATE_SCORE, "belongsTo": BELONGS_TO}
    return about(world, RETURNER, "late", **told, **link)


STEPS = (
    Step(
        EXIT,
        "enrollment.end",
        7,
        2,
        "This person leaves the program. Enter the last day.",
        lambda world: about(
            world, RETURNER, "first-period", on=figures(world).spring, completed=True
        ),
        proves=("L2-06", "L2-09"),
    ),
    Step(
        RETURN,
        "enrollment.start",
        7,
        2,
        "Months later the same person is back. Enroll this person.",
        _return,
        proves=("L2-06", "L2-09"),
    ),
    Step(
        LATE,
        "score.record",
        7,
        3,
        "The result of a test of the first time arrives. Record it, and name in the extension "
        "`belongsTo` the enrollment of that time (valueReference).",
        _late,
        proves=("L3-12",),
    ),
)
