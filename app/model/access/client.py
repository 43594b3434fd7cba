"""Who asks, and which scopes they bring.

Scopes: https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html (`system/Type.cruds`).
"""

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from app.model.audit.trail import Trail
from app.model.contracts import Contracts
from app.model.errors import Malformed

LETTER = {
    "create": "c", "read": "r", "vread": "r", "history-instance": "r", "validate": "r",
    "include": "r",
    "update": "u", "patch": "u", "delete": "d",
    "search-type": "s", "search-system": "s", "history-type": "s", "history-system": "s",
    "changes": "s",
}  # fmt: skip
"""FHIR interaction → the scope letter that allows it."""
LETTERS = "cruds"
ANY = "*"
STAFF = "hub/staff"

_SCOPE = re.compile(r"system/(\*|[A-Z][A-Za-z]*)\.(?=[cruds])(c?r?u?d?s?)\Z", re.ASCII)
_STAFF = re.compile(r"hub/[a-z][a-z.-]*\Z", re.ASCII)


@dataclass(frozen=True)
class Client:
    """A registered system; never a person. `scopes` are what its token grants.

    `purpose` is why it asks, `trail` what its request did so far, `contracts` the versions of
    schemas that it speaks of.
    """

    id: str
    scopes: frozenset[str]
    partner: str | None = None
    purpose: str | None = None
    trail: Trail = field(default_factory=Trail, compare=False, repr=False)
    contracts: Contracts = field(default_factory=Contracts, compare=False, repr=False)

    @property
    def source(self) -> str:
        """What `meta.source` says of a write by this client: its partner, or the client itself."""
        return self.partner or f"urn:wioa-hub:client:{self.id}"

    @property
    def is_staff(self) -> bool:
        """Whether it acts for the state: it keeps the lookups and sees every row."""
        return STAFF in self.scopes

    def asking(self, trail: Trail, contracts: Contracts | None = None) -> Self:
        """Return the client of one request, which leaves this trail and asks for its purpose."""
        made = copy(self)
        asked = contracts or Contracts()
        for name, value in (("trail", trail), ("purpose", trail.purpose), ("contracts", asked)):
            object.__setattr__(made, name, value)
        return made

    def may(self, interaction: str, kind: str) -> bool:
        """Whether a scope allows an interaction on a type; `*` stands for all types."""
        letter = LETTER[interaction]
        return letter in self.letters.get(kind, "") or letter in self.letters.get(ANY, "")

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """The scope letters for each type named by a scope, `*` included; parsed only once."""
        return _letters(self.scopes)


def parse_scopes(text: str) -> frozenset[str]:
    """Return the scopes of a space-separated list; raise Malformed for one that is not ours."""
    scopes = frozenset(text.split())
    if not all(_SCOPE.match(scope) or _STAFF.match(scope) for scope in scopes):
        raise Malformed(
            "A scope is system/Type.cruds (letters in that order) or hub/name.", "scope"
        )
    return scopes


def granted(asked: Iterable[str], allowed: Iterable[str]) -> frozenset[str]:
    """Return the asked scopes narrowed to what `allowed` covers (a scope is an upper bound).

    A wildcard asked by a client that is allowed only some types becomes a scope for each of them.
    """
    wanted, rights = frozenset(asked), frozenset(allowed)
    held = _letters(rights)
    found = {scope for scope in wanted & rights if _STAFF.match(scope)}
    for kind, letters in _letters(wanted).items():
        for name in held if kind == ANY else (kind,):
            kept = _common(letters, held.get(name, "") + held.get(ANY, ""))
            found |= {f"system/{name}.{kept}"} if kept else set()
    return frozenset(found)


def _letters(scopes: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in filter(None, map(_SCOPE.match, scopes)):
        found[match[1]] = _common(LETTERS, found.get(match[1], "") + match[2])
    return found


def _common(asked: str, allowed: str) -> str:
    return "".join(letter for letter in asked if letter in allowed)
