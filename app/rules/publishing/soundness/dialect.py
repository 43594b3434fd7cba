"""G1: whether a candidate keeps to the hub's dialect: JSON Schema 2020-12 and its x- words."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

from app.model.element import Schema
from app.model.pointer import escaped
from app.model.publication import number
from app.model.registry import ANNOTATIONS
from app.model.schema_check import Validators
from app.rules.publishing.finding import Finding, Gate

TITLE = "The candidate is written in the hub's dialect"
STANDARD = "https://json-schema.org/draft/2020-12/meta/"
VOCABULARIES = (
    *("core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation"),
    "content",
)
MISSING = {
    "description": ("no-description", "The element has no description."),
    "x-sensitivity": ("no-sensitivity", "The element has no x-sensitivity label."),
    "maxItems": ("no-max-items", "The list does not say with maxItems how long it may grow."),
    "additionalProperties": ("open-object", "The object is not closed: additionalProperties."),
}
"""Words that the dialect asks for → code and sentence; the other gates can do without them."""
HARMLESS = frozenset(code for code, _ in MISSING.values()) | {"short-description"}
"""Codes of faults that leave the other gates able to judge."""
PATTERNS = {
    "description": ("short-description", "A description is a whole sentence with a full stop."),
    "pattern": ("not-anchored", "A pattern begins with ^ and ends with $."),
}


def dialect(schema: Schema, documents: Mapping[str, Schema]) -> Gate:
    """Return gate G1 with every fault and its path."""
    metas = [url for url in documents if url.split("/")[-2] == ANNOTATIONS]
    meta = documents[max(metas, key=lambda url: number(url.rsplit("/", 1)[1]))]
    known = set(_words(meta))
    found = dict.fromkeys(
        each
        for error in Validators(documents).of(meta).iter_errors(schema)
        for each in _findings(error, known)
    )
    return Gate("G1", TITLE, tuple(sorted(found, key=lambda each: each.path)))


def _words(meta: Schema) -> Iterator[str]:
    """Yield every word of the dialect; where one is misused its neighbours are no fault."""
    yield from meta["$defs"]["words"]["properties"]
    for name in VOCABULARIES:
        yield from REGISTRY.contents(f"{STANDARD}{name}")["properties"]


def _findings(error: jsonschema_rs.ValidationError, known: set[str]) -> Iterator[Finding]:
    details: Mapping[str, Any] = error.kind.as_dict()
    keyword = str(error.kind.name)
    path = "".join(("#", *(f"/{escaped(str(step))}" for step in error.instance_path)))
    last = str(error.instance_path[-1]) if error.instance_path else ""
    if keyword == "unevaluatedProperties":
        for name in details["unexpected"]:
            if name not in known:
                text = f"The word {name} is not part of the dialect."
                yield Finding("unknown-word", text, f"{path}/{escaped(name)}")
    elif keyword == "required":
        name = details["property"]
        code, text = MISSING.get(name, ("missing-word", f"The word {name} is required here."))
        yield Finding(code, text, path)
    elif keyword == "pattern" and last in PATTERNS:
        yield Finding(*PATTERNS[last], path)
    elif keyword == "propertyNames":
        text = "A name is lowerCamelCase, a pattern is anchored, and some names are reserved."
        yield Finding("bad-name", text, path)
    else:
        yield Finding("bad-word", f"The value breaks the dialect ({keyword}).", path)
