"""What a reader of an older version sees of a resource, and what is stored of what he writes.

Contract: a client that reads, edits and writes back under an older version never erases what that
version does not know.
"""

from collections.abc import Mapping

from app.model.codec import Resource
from app.model.element import Schema
from app.model.lens.gap import Gaps
from app.model.lens.rejoining import rejoined
from app.model.lens.showing import shown


class Lens:
    """The way between an older version of a type and the one under which resources are kept."""

    def __init__(self, older: Schema, newest: Schema, documents: Mapping[str, Schema]) -> None:
        self._gap = Gaps(older, newest, documents).whole()

    @property
    def is_identity(self) -> bool:
        """Whether the older version knows every name and code of the newest one."""
        return self._gap is None

    def projected(self, resource: Resource) -> Resource:
        """Return what a reader of the older version sees; the resource itself when that is all.

        Element names that the older version does not declare are left out, codes that it does not
        know are replaced by their fallbacks, and what is too small after that is left out too.
        """
        seen: Resource = shown(self._gap, resource) if self._gap else resource
        return seen

    def rejoined(self, body: Resource, former: Resource) -> Resource:
        """Return what is stored when someone who saw `projected(former)` sends `body`.

        What he could not see of an object stays with the object, also with an entry of a list
        that he clearly kept (see `pairing.py`); what he saw and left out is gone.
        """
        whole: Resource = rejoined(self._gap, body, former) if self._gap else body
        return whole
