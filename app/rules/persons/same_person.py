"""A record about a person stays about that person, and so does what it refers to."""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.guarded import is_hidden
from app.rules.issues import fault
from app.rules.workflow import Actor, Facts, Move

TEXT = "This must be about the same participant."


def faults(move: Move, facts: Facts, *names: str) -> Iterator[Issue]:
    """Yield a fault for each of these elements that leads to a record about somebody else.

    Nor does the record itself move to somebody else: what others say of it would stay behind.
    """
    if move.former is not None and move.changed("participant"):
        text = "A record stays with its person; take this one back and make another."
        yield fault("immutable", text, "/participant/reference")
    for name in names:
        found = known(move.actor, facts, move.body.get(name, {}).get("reference"))
        if found is not None and is_of_another(found, move.body):
            yield fault("other-participant", TEXT, f"/{name}/reference")


def known(actor: Actor, facts: Facts, reference: str | None) -> Resource | None:
    """Return what the actor sees of `Type/id`, None when it may not know that it exists."""
    found = facts.row(reference)
    return None if found is None or is_hidden(found, actor, facts) else facts.seen(reference)


def is_of_another(seen: Resource, body: Resource) -> bool:
    """Whether a record is about somebody else, as far as the actor sees whom it is about.

    To refuse for the sake of a name that is hidden would tell it by elimination.
    """
    return bool(seen.get("participant", body["participant"]) != body["participant"])
