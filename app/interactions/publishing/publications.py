"""Takes up what staff publish, in every worker within seconds, while requests go on."""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from app.model.codec import Resource
from app.model.errors import Unavailable
from app.model.publication import SCHEMA_VERSION, Publication, publication
from app.model.registry import InForce, Registry, registry
from app.model.version import Key

if TYPE_CHECKING:
    from app.interactions import Hub

FRESH_SECONDS = 2.0
"""How long a worker believes in its registry; everyone has a new one well within five seconds."""
UNPUBLISHED = frozenset({"draft", "in-review", "rejected"})

logger = logging.getLogger("hub.publications")


class Publications:
    """Keeps the registry in force like what is stored; a registry that is fixed stays as it is."""

    def __init__(self, hub: "Hub", clock: Callable[[], float] = monotonic) -> None:
        self._hub = hub
        self._clock = clock
        self._lock = Lock()
        self._shipped: Mapping[tuple[str, str], Publication] = hub.registry.publications
        self._seen: Mapping[str, int] = {}
        self._looked = -FRESH_SECONDS
        if isinstance(hub.published, InForce):
            hub.published.look = partial(self.refresh, at_once=True)

    def refresh(self, *, at_once: bool = False) -> None:
        """Look for what was published, if the last look was some seconds ago.

        One thread looks while the others go on with what is in force. Without a database, and
        with a publication that cannot be in force, what was in force stays.
        """
        held = self._hub.published
        if not isinstance(held, InForce):
            return
        if not at_once and self._clock() < self._looked + FRESH_SECONDS:
            return
        if not self._lock.acquire(blocking=at_once):
            return
        try:
            self._look(held)
        finally:
            self._lock.release()

    def _look(self, held: InForce) -> None:
        self._looked = self._clock()
        try:
            numbers = self._hub.store.numbers(SCHEMA_VERSION)
            if numbers == self._seen:
                return
            found = self._hub.store.read_many([Key(SCHEMA_VERSION, each) for each in numbers])
            rows = [each.resource for each in found]
            held.now = in_force(self._shipped, rows, held.now)
        except Unavailable:
            return
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            logger.error("A publication cannot be in force: %s", error)  # noqa: TRY400 - no defect
        self._seen = numbers


def in_force(
    shipped: Mapping[tuple[str, str], Publication], rows: Iterable[Resource], former: Registry
) -> Registry:
    """Return the registry of what ships and of SchemaVersion resources.

    Raises ValueError for what cannot be in force.
    """
    known = list(rows)
    kept = [publication(each) for each in known if each["status"] not in UNPUBLISHED]
    coming = [publication(each) for each in known if each.get("approval")]
    found = {(each.type, each.version): each for each in kept}
    waiting = [each for each in coming if each.status == "in-review"]
    return registry({**shipped, **found}.values(), former, waiting)
