"""Checks a body against a published schema and says every fault, each with its path.

The engine is jsonschema-rs (JSON Schema 2020-12, formats asserted, nothing fetched). What it says
of a fault may quote the value, so the sentences here are made from the keyword alone.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema_rs

from app.model.element import Schema
from app.model.errors import Issue
from app.model.pointer import escaped

CODES = {"required": "required", "additionalProperties": "structure", "type": "structure"}
"""JSON Schema keyword → FHIR issue code, where it is not `value`."""

SENTENCES = {
    "required": "This element is required.",
    "additionalProperties": "This element is not part of the type; use extension for local data.",
    "type": "The value must be of JSON type {limit}.",
    "enum": "The value is not one of the allowed codes.",
    "const": "The value must be {limit}.",
    "pattern": "The value does not have the required form {limit}.",
    "format": "The value is not a valid {limit}.",
    "minLength": "The value must have at least {limit} characters.",
    "maxLength": "The value must have at most {limit} characters.",
    "minimum": "The value must be at least {limit}.",
    "maximum": "The value must be at most {limit}.",
    "minItems": "There must be at least {limit} entries.",
    "maxItems": "There must be at most {limit} entries.",
    "uniqueItems": "No entry may occur twice.",
    "false schema": "This element is not allowed here.",
}


MOST_LOOKED_AT, MOST_TOLD = 1000, 200
"""Most faults that are looked at and told: a small body can hold millions."""
VAST = 10_000
"""Of a body with more values only the first fault is told: the engine finds either all or one."""
MORE = Issue("too-costly", "schema-more", "There are more faults; these are the first.")
TELLING = ("type", "enum", "const", "format", "minLength", "maxLength", "pattern", "not")
"""Keywords from the most telling on; of several faults at one place the first is told."""


class Validators:
    """Makes validators whose references lead only into the given documents."""

    def __init__(self, documents: Mapping[str, Schema]) -> None:
        self._registry = jsonschema_rs.Registry(
            [(url, dict(each)) for url, each in documents.items()]
        )

    def of(self, schema: Schema) -> jsonschema_rs.Draft202012Validator:
        """Return a validator; raise ValueError for a schema that is itself broken."""
        return jsonschema_rs.Draft202012Validator(
            dict(schema), registry=self._registry, validate_formats=True, offline=True
        )


class SchemaCheck:
    """The check of one type; a call returns all faults, the most telling one of each place."""

    def __init__(self, name: str, validator: jsonschema_rs.Draft202012Validator) -> None:
        self._name = name
        self._validator = validator

    def __call__(self, body: Any) -> list[Issue]:
        """Return the faults of `body` by their places; the last issue says when there are more."""
        if self._validator.is_valid(body):
            return []
        told: dict[str | None, Issue] = {}
        is_vast = _is_vast(body)
        errors = self._first(body) if is_vast else self._validator.iter_errors(body)
        found = (each for error in errors for each in _issues(error))
        faults = list(islice(found, MOST_LOOKED_AT))
        for each in sorted(faults, key=_telling):
            told.setdefault(each.pointer, each)
        issues = sorted(told.values(), key=lambda issue: issue.pointer or "")
        is_all = not is_vast and len(faults) < MOST_LOOKED_AT and len(issues) <= MOST_TOLD
        return issues if is_all else [*issues[:MOST_TOLD], MORE]

    def _first(self, body: Any) -> Iterator[jsonschema_rs.ValidationError]:
        try:
            self._validator.validate(body)
        except jsonschema_rs.ValidationError as first:
            yield first


def _is_vast(value: Any) -> bool:
    """Whether a value holds more than VAST others; looks at no more than it must."""
    seen, inside = 0, [value]
    while inside and seen <= VAST:
        each = inside.pop()
        if isinstance(each, dict | list):
            seen += len(each)
            inside.extend(islice(each.values() if isinstance(each, dict) else each, VAST))
    return seen > VAST


def _issues(error: jsonschema_rs.ValidationError) -> Iterator[Issue]:
    details = error.kind.as_dict()
    keyword = str(error.kind.name)
    keyword = {"falseSchema": "false schema", "constant": "const"}.get(keyword, keyword)
    pointer = "".join(f"/{escaped(str(step))}" for step in error.instance_path)
    if keyword == "required":
        yield _issue(keyword, f"{pointer}/{escaped(details['property'])}", None, ())
    elif keyword in ("additionalProperties", "unevaluatedProperties"):
        for name in details["unexpected"]:
            yield _issue("additionalProperties", f"{pointer}/{escaped(name)}", None, ())
    else:
        yield _issue(keyword, pointer, _limit(keyword, details), _allowed(keyword, details))


def _issue(keyword: str, pointer: str, limit: Any, allowed: tuple[str, ...]) -> Issue:
    text = SENTENCES.get(keyword, "The value breaks the rule {limit}.").format(
        limit=limit or keyword
    )
    return Issue(CODES.get(keyword, "value"), f"schema-{keyword}", text, pointer, keyword, allowed)


def _limit(keyword: str, details: Mapping[str, Any]) -> Any:
    if keyword == "const":
        return details.get("expected_value")
    names = ("limit", "pattern", "format", "types", "type")
    found = next((details[name] for name in names if name in details), None)
    return ", ".join(found) if isinstance(found, list) else found


def _allowed(keyword: str, details: Mapping[str, Any]) -> tuple[str, ...]:
    if keyword == "enum":
        return tuple(str(each) for each in details["options"])
    if keyword == "const":
        return (str(details["expected_value"]),)
    return ()


def _telling(issue: Issue) -> int:
    return TELLING.index(issue.keyword) if issue.keyword in TELLING else len(TELLING)
