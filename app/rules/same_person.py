"""What a record about a person refers to is about the same person."""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.guarded import is_hidden
from app.rules.issues import fault
from app.rules.workflow import Actor, Facts, Move

TEXT = "This must be about the same participant."


def faults(move: Move, facts: Facts, *names: str) -> Iterator[Issue]:
    """Yield a fault for each of these elements that leads to a record about somebody else."""
    for name in names:
        found = known(move.actor, facts, move.body.get(name, {}).get("reference"))
        if found is not None and found["participant"] != move.body["participant"]:
            yield fault("other-participant", TEXT, f"/{name}/reference")


def known(actor: Actor, facts: Facts, reference: str | None) -> Resource | None:
    """Return the current resource of `Type/id`, None when the actor may not know that it exists."""
    found = facts.row(reference)
    return None if found is None or is_hidden(found, actor, facts) else found
