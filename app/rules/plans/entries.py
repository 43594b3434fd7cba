"""What is wrong with the entries of a plan that a client wrote.

Entries that the client does not know of are neither counted nor told of.
"""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.guarded import is_guarded, is_hidden
from app.rules.issues import fault
from app.rules.persons.same_person import TEXT, is_of_another, known
from app.rules.workflow import Facts, Move

NAMED = "schedule", "challenges"
"""The lists whose entries referrals and enrollments name."""
LINKS = {
    "schedule": ("referral", "enrollment"),
    "challenges": ("remedyEnrollment",),
    "transitionalEmployment": ("enrollment",),
}
"""What in each list leads to another record of the person."""


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return the faults of names that are there twice and of links that lead astray."""
    return [*_twins(move, facts), *_strays(move, facts)]


def _twins(move: Move, facts: Facts) -> Iterator[Issue]:
    if not any(map(move.changed, NAMED)):
        return
    known_ids: set[str] = set()
    for name in NAMED:
        for at, each in _visible(name, move, facts):
            if each["itemId"] in known_ids:
                text = "An itemId names one entry of the plan only."
                yield fault("item-twice", text, f"/{name}/{at}/itemId")
            known_ids.add(each["itemId"])


def _strays(move: Move, facts: Facts) -> Iterator[Issue]:
    """Yield a fault for each new link to another person's record, or to one that few may know.

    Everyone reads an entry that does not itself name the program that a law protects.
    """
    for name, links in LINKS.items():
        before = (move.former or {}).get(name, ())
        for at, each in _visible(name, move, facts):
            for link in links if each not in before else ():
                found = known(move.actor, facts, each.get(link, {}).get("reference"))
                pointer = f"/{name}/{at}/{link}/reference"
                if found is None:
                    continue
                if is_of_another(found, move.body):
                    yield fault("other-participant", TEXT, pointer)
                elif is_guarded(found, facts) and not is_guarded(each, facts):
                    text = "Everyone would read of it; the entry must name the program, or go."
                    yield fault("not-for-all", text, pointer)


def _visible(name: str, move: Move, facts: Facts) -> list[tuple[int, Resource]]:
    """Return the entries that the actor knows of, with their places among all."""
    entries = enumerate(move.body.get(name, ()))
    return [(at, each) for at, each in entries if not is_hidden(each, move.actor, facts)]
