"""Protected elements at the store's door: taken out and encrypted going in, put back coming out.

A row holds the resource's text with null in their places, and one ciphertext for each class under
`x`. Each ciphertext says of which version and class it is, so that one that was moved is refused.
Disability lies in a collection of its own, under the name of the version (29 CFR 38.41(b)); `d`
says so. Searches of blind parameters read keyed hashes. `v` says under which version of its schema
a row was written: a worker that does not know it yet would show, or lose, what it has no word for.
"""

import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bson.binary import Binary
from pymongo.client_session import ClientSession
from pymongo.database import Database

from app.model.clause import Clause, OneOf
from app.model.codec import Resource, decode, encode
from app.model.errors import Unavailable, Unreadable
from app.model.protected import DISABILITY, SENSITIVE, put_back, take_out
from app.model.publication import SCHEMA_VERSION, number
from app.model.query import Query
from app.model.receipt import Receipt
from app.model.registry import Published
from app.model.resource_type import ResourceType
from app.model.search_keys import hidden_references, search_keys
from app.model.version import Key, Version
from app.store.cipher import Cipher
from app.store.rows import some

Row = dict[str, Any]
Session = ClientSession | None
GAP = ":null"
RECEIPT = "encrypted:"
ENCRYPTED = 6
"""The BSON subtype of a ciphertext."""

logger = logging.getLogger("hub.protection")


@dataclass(frozen=True)
class Hidden:
    """A version as rows hold it: its text with gaps, and the ciphertexts by class.

    `contract` is the newest version of its schema, under which it was judged.
    """

    version: Version
    text: str | None
    contract: str
    parts: Mapping[str, Binary] = field(default_factory=dict)

    @property
    def fields(self) -> Row:
        """The fields of a row that hold the resource."""
        near = {name: each for name, each in self.parts.items() if name != DISABILITY}
        flag = {"d": True} if DISABILITY in self.parts else {}
        return {"r": self.text, "v": self.contract, **({"x": near} if near else {}), **flag}

    @property
    def apart(self) -> list[Row]:
        """The rows that lie in the collection of their own, one at most."""
        found = self.parts.get(DISABILITY)
        return [{"_id": self.version.name, "x": found}] if found is not None else []


class Protection:
    """Hides and shows what is protected in the rows of one tenant."""

    def __init__(self, database: Database[Row], published: Published, cipher: Cipher) -> None:
        self._apart = database[DISABILITY]
        self._published = published
        self._cipher = cipher

    def prepare(self) -> None:
        """Make the keys that are missing."""
        self._cipher.prepare()

    def hide(self, version: Version) -> Hidden:
        """Return a version as it is to be stored."""
        kind = self._published.now.type(version.key.type)
        if version.text is None or not kind.protected:
            return Hidden(version, version.text, kind.version)
        resource: Resource = decode(version.text)
        found = take_out(resource, kind.protected)
        rid = version.name
        parts = {
            secrecy: self._cipher.encrypt(
                secrecy, {"rid": rid, "class": secrecy, "values": encode(values)}
            )
            for secrecy, values in found.items()
        }
        text = encode(resource) if parts else version.text
        return Hidden(version, text, kind.version, parts)

    def show(self, found: Sequence[tuple[Version, Row]], session: Session = None) -> list[Version]:
        """Return the versions that rows hold, each with its text as it was written.

        Raises Unreadable for a row whose ciphertexts are not its own, or do not fit, Unavailable
        for one of a version that was published and is not known here.
        """
        if self._ahead(found):
            self._published.catch_up()
            if self._ahead(found) & self._published.now.types.keys():
                raise Unavailable("A resource is of a version that this hub does not know yet.")
        far = self._far([version.name for version, row in found if row.get("d")], session)
        return [self._shown(version, row, far) for version, row in found]

    def search_keys(self, kind: ResourceType, resource: Resource) -> Row:
        """Return what a row is found by, without a word of a protected element."""
        found = search_keys(kind, resource)
        for parameter in kind.parameters.values():
            if parameter.is_blind and parameter.name in found["k"]:
                kept = found["k"][parameter.name]
                blind = [
                    self._blind(kind, parameter.name, each)
                    for each in (kept if isinstance(kept, list) else [kept])
                ]
                found["k"][parameter.name] = blind if parameter.many else blind[0]
        hidden = hidden_references(kind, resource)
        # A lookup is never deleted, so nobody need know who refers to it.
        data = (key for key in hidden if not self._published.now.type(key.type).is_lookup)
        found["refs"] += sorted(self._cipher.blind(f"refs|{key}") for key in data)
        return found

    def names(self, key: Key, kind: str) -> list[str]:
        """Return the names under which rows of type `kind` say that they refer to `key`."""
        is_hidden = bool(self._published.now.type(kind).hidden_references)
        return [str(key), *([self._cipher.blind(f"refs|{key}")] if is_hidden else [])]

    def query(self, query: Query) -> Query:
        """Return a query that asks rows for the hashes of what it looks for."""
        if not any(each.parameter.is_blind for each in query.clauses):
            return query
        clauses = tuple(self._clause(query.kind, each) for each in query.clauses)
        return replace(query, clauses=clauses)

    def hidden_receipt(self, receipt: Receipt) -> Receipt:
        """Return a receipt as it is to be stored: a fingerprint is a hash that could be guessed."""
        secret = {"rid": receipt.once.id, "fingerprint": receipt.once.fingerprint}
        text = RECEIPT + b64encode(self._cipher.encrypt(SENSITIVE, secret)).decode()
        return replace(receipt, once=replace(receipt.once, fingerprint=text))

    def shown_receipt(self, kept: Receipt) -> Receipt:
        """Return a receipt as it was given."""
        if not kept.once.fingerprint.startswith(RECEIPT):
            return kept
        text = kept.once.fingerprint.removeprefix(RECEIPT)
        found = self._cipher.decrypt(Binary(b64decode(text), ENCRYPTED))
        if found.get("rid") != kept.once.id:
            raise refused("A receipt")
        return replace(kept, once=replace(kept.once, fingerprint=found["fingerprint"]))

    def _ahead(self, found: Sequence[tuple[Version, Row]]) -> set[str]:
        """Return the types of rows that were written under newer schemas than are known here.

        What is published is itself read from rows, which therefore do not count.
        """
        types = self._published.now.types
        written = {(each.key.type, row["v"]) for each, row in found if "v" in row}
        return {
            name
            for name, version in written
            if name != SCHEMA_VERSION
            and (name not in types or _is_newer(version, types[name].version))
        }

    def _far(self, names: Sequence[str], session: Session) -> dict[str, Any]:
        return {
            row["_id"]: row["x"]
            for part in some(names)
            for row in self._apart.find({"_id": {"$in": part}}, session=session)
        }

    def _shown(self, version: Version, row: Row, far: Mapping[str, Any]) -> Version:
        text, parts = version.text, dict(row.get("x", {}))
        if row.get("d"):
            if version.name not in far:
                logger.error("A part is missing.", extra={"fields": {"version": version.name}})
                raise Unavailable("A part of a resource is not readable at the moment.")
            parts[DISABILITY] = far[version.name]
        if text is None or not (parts or GAP in text):
            return version
        values: dict[str, Any] = {}
        for secrecy, encrypted in parts.items():
            values |= self._values(version.name, secrecy, encrypted)
        resource: Resource = decode(text)
        kind = self._published.now.types.get(version.key.type)
        try:
            put_back(resource, kind.protected if kind else (), values)
        except ValueError:
            raise refused(version.name) from None
        return replace(version, text=encode(resource))

    def _values(self, rid: str, secrecy: str, encrypted: Any) -> dict[str, Any]:
        if not isinstance(encrypted, Binary) or encrypted.subtype != ENCRYPTED:
            raise refused(rid)
        try:
            found = self._cipher.decrypt(encrypted)
        except Unreadable:
            raise refused(rid) from None
        if (found.get("rid"), found.get("class")) != (rid, secrecy):
            raise refused(rid)
        values: dict[str, Any] = decode(found["values"])
        return values

    def _clause(self, kind: ResourceType, clause: Clause) -> Clause:
        parameter, match = clause.parameter, clause.match
        if not parameter.is_blind or not isinstance(match, OneOf):
            return clause
        hashed = (self._blind(kind, parameter.name, each) for each in match.values)
        return Clause(parameter, OneOf(tuple(hashed)))

    def _blind(self, kind: ResourceType, parameter: str, value: Any) -> str:
        return self._cipher.blind(f"{kind.name}.{parameter}|{value}")


def _is_newer(one: str, other: str) -> bool:
    return one != other and number(one) > number(other)


def refused(about: str) -> Unreadable:
    """Return the refusal of what cannot be trusted, after raising the alarm in the log."""
    logger.critical("A ciphertext is not what it should be.", extra={"fields": {"version": about}})
    return Unreadable("A protected part of this resource cannot be read; the operator was told.")
