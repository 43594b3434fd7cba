"""Acts A7 and A8, the success plan: joined, shared, signed, closed, begun anew, handed over."""

from collections.abc import Callable
from typing import Any

from conformance.reading.plan_writes import LEAD, PLAN, REASON, REPLACES, RESTS_ON, SIGNED
from conformance.scenario import plan_cast as cast
from conformance.stage import Deed, Fault, Stage, Step, World

JOIN, ADD, OUTAGE, FOLLOW = "A7-plan-join", "A7-goal-add", "A7-plan-outage", "A7-goal-follow"
SIGN, EDIT, SIGN_AGAIN = "A7-plan-sign", "A7-goal-add-signed", "A7-plan-sign-again"
TOLD, LATE = "A7-plan-told-thrice", "A7-plan-told-late"
CLOSE, RETURN = "A7-plan-close", "A7-plan-return"
CHANGE, HANDED, LAST = "A8-goal-change", "A8-goal-handed-over", "A8-goal-last"
SEARCH, PLACEMENT = "Service/job-search-placement", "Service/training-occupational-skills"


def _asked(world: World, **more: Any) -> dict[str, Any]:
    return {"person": {"key": cast.KEY, **cast.person(world)}, **more}


def _entry(key: str, day: str = "", **more: Any) -> Callable[[World], dict[str, Any]]:
    """Return the data of an entry that begins on a day of the seed, or after another agency's."""

    def data(world: World) -> dict[str, Any]:
        begin = {"plannedStart": cast.figures(world)[day]} if day else {}
        row = {"key": key, "service": PLACEMENT if key == "skills" else SEARCH, **begin}
        return _asked(world, entry=row, **more)

    return data


def _armed(*faults: Fault) -> Deed:
    def arm(stage: Stage) -> None:
        for each in faults:
            stage.arm(each)

    return arm


def _feed(fault: str) -> Deed:
    return _armed(Fault(fault, "GET", r"^\$changes"))


def _background(which: str) -> Deed:
    """Return the deed that lets a fault of the seed wait for the next write of a plan."""

    def arm(stage: Stage) -> None:
        name = cast.figures(stage.world)[which]
        for method in ("PUT", "PATCH"):
            stage.arm(Fault(name, method, f"^{PLAN}/"))

    return arm


def _at_once(stage: Stage) -> None:
    for method in ("PUT", "PATCH"):
        stage.arm(Fault("F1", method, f"^{PLAN}/", play="the college adds"))


def _expected(stage: Stage) -> None:
    """Keep what the evaluators must know: steps, the new goal, what must stand in the end."""
    days = cast.figures(stage.world)
    own = {"service": {"reference": SEARCH}}
    stage.world["plan"] |= {
        "outage": OUTAGE, "echo": FOLLOW, "thrice": TOLD, "late": LATE, "audit": LAST,
        "goal": cast.DIESEL["onetSoc"],
        "facts": {
            "the entry of the return": own | {"plannedStart": days["back"]},
            "the last entry": own | {"plannedStart": days["last"]},
        },
    }  # fmt: skip


def _sync(world: World) -> dict[str, Any]:
    return _asked(world)


def _goal(goal: dict[str, str]) -> Callable[[World], dict[str, Any]]:
    return lambda world: _asked(world, goal=goal, reason="goal-changed", restsOn=list(cast.LINKED))


def _step(
    key: str, name: str, text: str, data: Callable[[World], dict[str, Any]], **more: Any
) -> Step:
    return Step(key=key, name=name, act=int(key[1]), level=4, text=text, data=data, **more)


STEPS = (
    _step(
        JOIN, "plan.join", "Adult education began a plan with this person. Join it with your step.",
        _entry("search", "own"), before=(cast.seed, _expected), proves=("L4-01", "L4-02"),
    ),
    _step(
        ADD, "goal.add",
        f"Add a step to the plan, which rests on records of the person ({RESTS_ON}).",
        _entry("skills", "added", restsOn=list(cast.LINKED)),
        before=(_at_once,), deeds={"the college adds": cast.add_lab}, proves=("L4-03", "L4-05"),
    ),
    _step(
        OUTAGE, "sync.now", "The feed was away while adult education changed the plan. Catch up.",
        _sync, before=(cast.move_class, _feed("F13")), proves=("L4-06",),
    ),
    _step(
        FOLLOW, "goal.add", "Add a step that begins when the class of adult education ends.",
        _entry("after-class", follows=cast.CLASSES), proves=("L4-06", "L4-02"),
    ),
    _step(
        SIGN, "signoff",
        f"The person agrees to the plan: record which version was seen ({SIGNED}).",
        _asked, proves=("L4-08",),
    ),
    _step(
        EDIT, "goal.add", "Add a step that begins when the college's course is over.",
        _entry("after-course", "later", follows=cast.COLLEGE),
        before=(_background("lost"),), proves=("L4-08", "L4-11"),
    ),
    _step(
        SIGN_AGAIN, "signoff", "The person agrees to the plan again. Record the sign-off.",
        _asked, before=(_background("busy"),), proves=("L4-08", "L4-11"),
    ),
    _step(
        TOLD, "sync.now", "The class is over, and the feed tells it three times. Catch up.",
        _sync, before=(cast.end_class, _feed("F11")), proves=("L4-09",),
    ),
    _step(
        LATE, "sync.now", "The course is over; the feed tells it before what came earlier.",
        _sync, before=(cast.end_lab, _feed("F12")), proves=("L4-09",),
    ),
    _step(
        CLOSE, "plan.close",
        f"The person leaves all programs. Close the plan, with the reason ({REASON}).",
        lambda world: _asked(world, reason="exited"), proves=("L4-10",),
    ),
    _step(
        RETURN, "plan.join",
        f"The person is back. Go on with a new plan that names the last one ({REPLACES}).",
        _entry("search-again", "back"), proves=("L4-10",),
    ),
    _step(
        CHANGE, "goal.change", "The goal is diesel mechanic now; two records became one.",
        _goal(cast.DIESEL), before=(cast.new_class, cast.merge), proves=("L4-04", "L4-05"),
    ),
    _step(
        HANDED, "goal.change",
        f"Adult education leads now ({LEAD}). Somebody asks you for another goal.",
        _goal(cast.TRUCKS), before=(cast.hand_over,), proves=("L4-07",),
    ),
    _step(
        LAST, "goal.add", "Add your last step to the plan that adult education leads.",
        _entry("last", "last", restsOn=list(cast.LINKED)),
        before=(_background("lost"),), after=(cast.audit,), proves=("L4-05", "L4-07", "L4-11"),
    ),
)  # fmt: skip
