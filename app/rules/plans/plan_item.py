"""The item of a success plan that a referral or an enrollment says it is for."""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.guarded import is_hidden
from app.rules.issues import fault
from app.rules.persons.same_person import is_of_another
from app.rules.workflow import Facts, Move


def faults(move: Move, facts: Facts) -> Iterator[Issue]:
    """Yield the fault of a plan item that is new and not in a plan of the participant.

    Items that the actor may not know of are not there for it.
    """
    item = move.body.get("planItem")
    if item is None or not move.changed("planItem"):
        return
    name = item["successPlan"]["reference"]
    plan = facts.seen(name)
    if plan is None:
        return  # that it leads nowhere is said where all references are checked
    if is_of_another(plan, move.body):
        text = "This is not a plan of the same participant."
        yield fault("other-participant", text, "/planItem/successPlan")
    elif item["itemId"] not in _known(plan, move, facts):
        yield fault("no-such-item", "The plan has no such item.", "/planItem/itemId")


def _known(plan: Resource, move: Move, facts: Facts) -> list[str]:
    entries = (*plan.get("schedule", ()), *plan.get("challenges", ()))
    return [each["itemId"] for each in entries if not is_hidden(each, move.actor, facts)]
