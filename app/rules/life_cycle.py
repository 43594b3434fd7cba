"""The life cycle of a resource: which status may follow which, as its schema says.

`x-transitions` beside the status names the codes that may follow each code, `x-initial` those a
new resource may begin with.
"""

from collections.abc import Sequence

from app.model.codec import Resource
from app.model.element import Schema
from app.model.errors import Issue, RuleBroken
from app.model.resource_type import ResourceType

DETAIL = "illegal-transition"


def faults(kind: ResourceType, former: Resource | None, body: Resource) -> list[Issue]:
    """Return the fault of a status that may not follow the former one; to stay is no move.

    `former` is None for a new resource. A former status that the schema no longer knows may
    become any.
    """
    status = kind.schema["properties"].get("status", {})
    there = body.get("status")
    if there is None and "status" in kind.set_by_hub:
        return []
    if there not in status.get("enum", (there,)) and (there is not None or former is None):
        return []  # of what is no status the schema says so
    if former is None:
        return _refused_start(status, there)
    moves = status.get("x-transitions", {})
    here = former.get("status")
    if here == there or here not in moves or there in moves[here]:
        return []
    text = (
        "This status may not follow the former one."
        if moves[here]
        else "The former status is final."
    )
    return [_fault(text, moves[here], "x-transitions")]


def _refused_start(status: Schema, there: str | None) -> list[Issue]:
    initial = status.get("x-initial")
    if initial is None or there in initial:
        return []
    return [_fault("A new resource may not begin with this status.", initial, "x-initial")]


def _fault(text: str, allowed: Sequence[str], keyword: str) -> Issue:
    return Issue(RuleBroken.code, DETAIL, text, "/status", keyword, tuple(allowed))
