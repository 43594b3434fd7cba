"""The references of a transaction resolved: to other entries, or by criteria.

https://hl7.org/fhir/R4/http.html#trules
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.interactions.bundle_names import Names
from app.interactions.gaining import reference_missing
from app.model.conflicts import ReferenceMissing
from app.model.errors import HubError, NoMatch, Unavailable
from app.model.links import led
from app.model.query_string import decoded
from app.model.version import Key

PLACEHOLDERS = ("urn:uuid:", "urn:oid:")


@dataclass
class Links:
    """Leads the references of one body after the other; `seen` are the keys they end at."""

    full_urls: Mapping[str, Key]
    names: Names
    seen: set[Key] = field(default_factory=set)
    errors: list[HubError] = field(default_factory=list)

    def led(self, value: Any) -> tuple[Any, list[HubError]]:
        """Return the value with its references resolved, and a refusal for each that cannot be."""
        self.errors = []
        return led(value, self._lead), self.errors

    def _lead(self, reference: str, pointer: str) -> str:
        key = self.full_urls.get(reference)
        if key is None and reference.startswith(PLACEHOLDERS):
            text = "No entry has this fullUrl."
            issue = reference_missing(pointer)
            self.errors.append(ReferenceMissing(text, issues=[issue]))
            return reference
        try:
            key = key or (self._matched(reference) if "?" in reference else None)
        except Unavailable:
            raise
        except HubError as error:
            self.errors.append(type(error)(str(error), pointer))
            return reference
        self.seen.add(key or Key.parse(reference))
        return str(key) if key else reference

    def _matched(self, reference: str) -> Key:
        kind, _, criteria = reference.partition("?")
        self.names.hub.registry.type(kind)
        _, found = self.names.match(kind, decoded(criteria))
        if found is None:
            raise NoMatch(f"No {kind} matches the criteria of this reference.")
        return found.key
