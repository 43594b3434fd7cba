"""Checks a body against a published schema and says every fault, each with its path.

The engine is jsonschema-rs (JSON Schema 2020-12, formats asserted, nothing fetched). What it says
of a fault may quote the value, so the sentences here are made from the keyword alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from app.model.element import Schema
from app.model.errors import Issue

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
        """Return every fault of `body`, in the order of the document."""
        if self._validator.is_valid(body):
            return []
        told: dict[str | None, Issue] = {}
        faults = [each for error in self._validator.iter_errors(body) for each in _issues(error)]
        for each in sorted(faults, key=_telling):
            told.setdefault(each.pointer, each)
        return sorted(told.values(), key=lambda issue: issue.pointer or "")


def _issues(error: jsonschema_rs.ValidationError) -> Iterator[Issue]:
    details = error.kind.as_dict()
    keyword = str(error.kind.name)
    keyword = {"falseSchema": "false schema", "constant": "const"}.get(keyword, keyword)
    pointer = "".join(f"/{_escaped(str(step))}" for step in error.instance_path)
    if keyword == "required":
        yield _issue(keyword, f"{pointer}/{_escaped(details['property'])}", None, ())
    elif keyword in ("additionalProperties", "unevaluatedProperties"):
        for name in details["unexpected"]:
            yield _issue("additionalProperties", f"{pointer}/{_escaped(name)}", None, ())
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


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
