"""One version of a contract as it is published: its bytes, its examples, where it stands."""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import rfc8785

from app.model.codec import Resource, decode

SCHEMA_VERSION = "SchemaVersion"
"""The type of the resources that publications are kept as."""
PUBLISHED, DEPRECATED, RETIRED = "published", "deprecated", "retired"
LIVE = frozenset({PUBLISHED, DEPRECATED})
"""Where versions stand under which data are written and read."""

VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")
"""A version as its three numbers."""


def number(version: str) -> tuple[int, ...]:
    """Return a version such as `1.10.0` as numbers, which sort as versions do."""
    return tuple(int(part) for part in version.split("."))


def digest(text: str | bytes) -> str:
    """Return the SHA-256, in hexadecimal, of the RFC 8785 bytes of a JSON text."""
    return sha256(rfc8785.dumps(decode(text))).hexdigest()


@dataclass(frozen=True)
class Publication:
    """A version that is or was in force. Instants are as FHIR writes them, days as YYYY-MM-DD.

    `examples` are documents that it takes, `counterexamples` those that it refuses, byte for byte.
    """

    type: str
    version: str
    text: bytes
    status: str = PUBLISHED
    base: str = ""
    summary: str = ""
    examples: tuple[bytes, ...] = ()
    counterexamples: tuple[bytes, ...] = ()
    names: tuple[str, ...] = ()
    """The names of the examples and then of the counterexamples, in their order."""
    published_at: str = ""
    report: str = ""
    deprecated_at: str = ""
    sunset: str = ""
    alternative: str = ""
    reason: str = ""
    authors: tuple[str, ...] = ()
    approved_by: str = ""
    waivers: tuple[Resource, ...] = ()
    is_current: bool = False
    """Whether clients that name no version are given this one."""

    @property
    def id(self) -> str:
        """The id of the resource that keeps it."""
        return f"{self.type}-{self.version}"

    @property
    def is_live(self) -> bool:
        """Whether data are written and read under it."""
        return self.status in LIVE

    @property
    def documents(self) -> list[Resource]:
        """Its examples as a SchemaVersion resource has them."""
        texts, good = (*self.examples, *self.counterexamples), len(self.examples)
        return [
            {"name": name, "isValid": at < good, "text": text.decode()}
            for at, (name, text) in enumerate(zip(self.names, texts, strict=True))
        ]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the schema's RFC 8785 bytes."""
        return digest(self.text)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The schema."""
        found: dict[str, Any] = decode(self.text)
        return found


def publication(row: Resource) -> Publication:
    """Return what a SchemaVersion resource publishes; one that is no draft any more."""
    ended = row.get("deprecation", {})
    examples = row.get("examples", ())
    good = [each for each in examples if each["isValid"]]
    bad = [each for each in examples if not each["isValid"]]
    return Publication(
        type=row["type"],
        version=row["version"],
        text=row["text"].encode(),
        status=row["status"],
        base=row.get("base", ""),
        summary=row.get("summary", ""),
        examples=tuple(each["text"].encode() for each in good),
        counterexamples=tuple(each["text"].encode() for each in bad),
        names=tuple(each["name"] for each in (*good, *bad)),
        published_at=row.get("publishedAt", ""),
        report=row.get("report", ""),
        deprecated_at=ended.get("at", ""),
        sunset=ended.get("sunset", ""),
        alternative=ended.get("alternative", ""),
        reason=ended.get("reason", ""),
        authors=tuple(row.get("authors", ())),
        approved_by=row.get("approval", {}).get("by", ""),
        waivers=tuple(row.get("waivers", ())),
    )
