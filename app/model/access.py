"""Who asks, and whether they may: the one place where the access decision is taken.

Scopes: https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html (`system/Type.cruds`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.model.errors import Forbidden, Malformed

LETTER = {
    "create": "c", "read": "r", "vread": "r", "history-instance": "r", "validate": "r",
    "update": "u", "patch": "u", "delete": "d",
    "search-type": "s", "search-system": "s", "history-type": "s", "history-system": "s",
    "changes": "s",
}  # fmt: skip
"""FHIR interaction → the scope letter that allows it."""
LETTERS = "cruds"
ANY = "*"

_SCOPE = re.compile(r"system/(\*|[A-Z][A-Za-z]*)\.(?=[cruds])(c?r?u?d?s?)\Z", re.ASCII)
_STAFF = re.compile(r"hub/[a-z][a-z.-]*\Z", re.ASCII)


@dataclass(frozen=True)
class Client:
    """A registered system; never a person. `scopes` are what its token grants."""

    id: str
    scopes: frozenset[str]
    partner: str | None = None

    @property
    def source(self) -> str:
        """What `meta.source` says of a write by this client: its partner, or the client itself."""
        return self.partner or f"urn:wioa-hub:client:{self.id}"

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """The scope letters for each type named by a scope, `*` included; parsed only once."""
        return _letters(self.scopes)


@dataclass(frozen=True)
class Decision:
    """What one client may do with one type in one interaction; every road to a row needs one."""

    client: Client
    interaction: str
    type: str


def authorize(client: Client, interaction: str, kind: str) -> Decision:
    """Return the decision that allows `interaction` on type `kind`; raise Forbidden otherwise.

    `kind` is `*` for interactions on the whole system, which only a wildcard scope allows.
    """
    letter, letters = LETTER[interaction], client.letters
    if letter in letters.get(kind, "") or letter in letters.get(ANY, ""):
        return Decision(client, interaction, kind)
    raise Forbidden(
        f"No scope of this token allows {interaction} on {kind}; it takes system/{kind}.{letter}."
    )


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
