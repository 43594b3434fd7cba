"""What an agency may see of an event: what was done with the facts it holds, and no more.

34 CFR 99.32(a) and 20 CFR 603.9(b)(1)(vi): an agency can account for what became of its facts.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.model.audit.event import AuditEvent


def of_agency(event: AuditEvent, agency: str) -> AuditEvent:
    """Return the part of an event that concerns the facts of an agency (`Agency/x`).

    Resources and participants of other agencies are left out, and all of them where the event does
    not tell whose they are. Who asked stays, but for another agency's staff and query.
    """
    mine = [index for index, held in enumerate(event.held_by) if agency in held.split()]
    about = _picked(event.about, mine)
    own = replace(
        event,
        resources=_picked(event.resources, mine),
        participants=tuple(sorted({each for each in about if each})),
        about=about,
        held_by=(agency,) * len(mine),
        owners=(agency,),
    )
    if not event.held_by and set(event.owners) == {agency}:
        own = replace(own, resources=event.resources, participants=event.participants)
    if event.agency == agency:
        return own
    return replace(own, staff=None, query=None)


def of_participant(event: AuditEvent, participant: str) -> tuple[str, ...]:
    """Return the resources of an event that are about a participant, as far as it tells."""
    if event.about:
        mine = [index for index, each in enumerate(event.about) if each == participant]
        return _picked(event.resources, mine)
    return event.resources if event.participants == (participant,) else ()


def _picked(values: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(values[place] for place in places if place < len(values))
