"""Questions by a secret that the rules ask for a write: who has this Social Security number?

A refusal tells the answer and leaves nothing behind that would show who tried.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from app.interactions.records import Records
from app.model.errors import HubError


@contextmanager
def counted(records: Records, *, always: bool = False) -> Iterator[None]:
    """Count what is refused inside as a search by a secret, if the rules asked by one.

    Whatever refuses it, the commit included: whoever gets another refusal learns that nobody has
    the number. With `always` it is counted whatever comes of it.
    """
    try:
        yield
    except HubError:
        _count(records)
        raise
    if always:
        _count(records)


def _count(records: Records) -> None:
    limit = records.hub.secret_searches
    if limit and records.has_asked_secret:
        limit.refuse(f"secret {records.client.id}")
