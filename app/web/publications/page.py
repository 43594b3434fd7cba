"""The page of one version, made from its schema: what is on it, whatever it is written in."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from app.model.codec import decode
from app.model.publication import DEPRECATED, RETIRED, Publication
from app.web.publications.addresses import Addresses
from app.web.publications.catalog import Catalog
from app.web.publications.conditions import conditions
from app.web.publications.rows import Row, Rows


@dataclass(frozen=True)
class Example:
    """A document beside a schema, indented for people."""

    name: str
    text: str


@dataclass(frozen=True)
class Page:
    """All that the page of a version tells; `alternative` is the address of what follows it."""

    one: Publication
    address: str
    standing: str
    alternative: str
    versions: Sequence[Publication]
    former: Publication | None
    rows: Sequence[Row]
    conditions: Sequence[str]
    examples: Sequence[Example]
    counterexamples: Sequence[Example]
    needed: Sequence[Publication]
    needing: Sequence[Publication]

    @property
    def title(self) -> str:
        """The name of the schema, as it calls itself."""
        return str(self.one.schema.get("title", self.one.type))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What holds for the type as a whole, as names with sentences."""
        schema = self.one.schema
        unique = "; ".join(" + ".join(each) for each in schema.get("x-unique", ()))
        owner = schema.get("x-owner", ())
        found = (
            ("Kind", schema.get("x-kind", "")),
            ("Onboarding level to write it", str(schema.get("x-level", ""))),
            ("If-Match", schema.get("x-versioning", "")),
            ("Participant", schema.get("x-compartment", "")),
            ("Owner", owner if isinstance(owner, str) else ", ".join(owner)),
            ("Unique", unique),
            ("Source", schema.get("x-standard", "")),
        )
        return [(name, text) for name, text in found if text]


def page(catalog: Catalog, addresses: Addresses, one: Publication) -> Page:
    """Return the page of a version."""
    good = len(one.examples)
    return Page(
        one=one,
        address=addresses.exact(one),
        standing=standing(catalog, one),
        alternative=addresses.alternative(one),
        versions=list(reversed(catalog.versions(one.type))),
        former=catalog.neighbours(one)[0],
        rows=list(Rows(catalog.registry.by_url).of(one.schema)),
        conditions=list(conditions(one.schema)),
        examples=_examples(one.examples, one.names[:good]),
        counterexamples=_examples(one.counterexamples, one.names[good:]),
        needed=catalog.needed(one),
        needing=catalog.needing(one),
    )


def standing(catalog: Catalog, one: Publication) -> str:
    """Return in a sentence what the status of a version means for clients."""
    if one.status == RETIRED:
        return "Data are no longer written or read under this version; it stays readable."
    if one.status == DEPRECATED:
        since = f"Since {one.deprecated_at[:10]}, served at least until {one.sunset}."
        return f"{since} {one.reason}".strip()
    if one == catalog.current(one.type):
        text = "The current version: clients that name none are given this one"
        return f"{text}, unless they are pinned to another."
    return "Served to clients that ask for this version."


def _examples(texts: Sequence[bytes], names: Sequence[str]) -> list[Example]:
    called = [*names, *(f"example {n}" for n in range(len(names) + 1, len(texts) + 1))]
    return [Example(name, _pretty(text)) for name, text in zip(called, texts, strict=False)]


def _pretty(text: bytes) -> str:
    return orjson.dumps(decode(text), option=orjson.OPT_INDENT_2).decode()
