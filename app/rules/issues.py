"""How a rule says what it refuses and what it only warns of."""

from collections.abc import Iterable

from app.model.errors import Issue, RuleBroken


def fault(detail: str, text: str, pointer: str, allowed: Iterable[str] = ()) -> Issue:
    """Return the fault of a broken rule; `detail` is its stable code."""
    return Issue(RuleBroken.code, detail, text, pointer, allowed=tuple(allowed))


def warning(detail: str, text: str, pointer: str) -> Issue:
    """Return a warning, which refuses nothing."""
    return Issue(RuleBroken.code, detail, text, pointer, severity="warning")
