"""If-Match and If-None-Match, read strictly but in every spelling real clients send.

RFC 9110 section 13.1; FHIR clients send `W/"3"`, `"3"` and the bare `3`.
"""

import re
from dataclasses import dataclass
from typing import Self

from app.model.errors import Malformed

DIGITS = 9
"""Longest version number that is looked at."""
_VIEW = re.compile(rf"([0-9]{{1,{DIGITS}}})(?:-([0-9]+(?:\.[0-9]+){{2}}))?\Z", re.ASCII)
_TAG = re.compile(r'\s*(?:(?:W/)?"([^"\x00-\x20]*)"|([0-9]+))\s*(?:,|\Z)')


@dataclass(frozen=True)
class Precondition:
    """The versions that a client named; `any` stands for `*`, whatever there is."""

    numbers: frozenset[int]
    any: bool = False
    views: frozenset[tuple[int, str]] = frozenset()
    """The numbers, each with the version of the schema it was seen in where the tag says so."""

    @classmethod
    def parse(cls, text: str, header: str) -> Self:
        """Return what a header's value names; raise Malformed for what is no entity tag."""
        if text.strip() == "*":
            return cls(frozenset(), any=True)
        position, tags = 0, []
        while position < len(text):
            match = _TAG.match(text, position)
            if match is None:
                break
            tags.append(match[1] if match[1] is not None else match[2])
            position = match.end()
        if not tags or position < len(text) or text.rstrip().endswith(","):
            raise Malformed(
                f'{header} takes an entity tag such as W/"3", a list of them, or *.', header
            )
        views = frozenset(
            (int(found[1]), found[2] or "") for found in map(_VIEW.match, tags) if found
        )
        return cls(frozenset(number for number, _ in views), views=views)

    def matches(self, number: int) -> bool:
        """Whether the version with this number is one of those named."""
        return self.any or number in self.numbers

    def shows(self, number: int, view: str) -> bool:
        """Whether the version with this number, seen in this version of its schema, is named."""
        return self.any or (number, view) in self.views
