"""Says whether a value is valid, and believes it only when two validators agree.

Both assert formats and fetch nothing. The fast one (jsonschema-rs) sifts thousands of candidates;
the slow one (jsonschema, the reference of Python) is asked about what remains.
"""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker

from app.model.element import Schema

Check = Callable[[Any], bool]


class Validity:
    """The validity of values under one bundled, self-contained schema."""

    def __init__(self, schema: Schema) -> None:
        """Raise ValueError for a schema that is itself broken or leads outside."""
        self._schema = _plain(schema)
        self.size = len(json.dumps(self._schema))
        """Of the schema, in characters of JSON."""
        self.likely: Check = jsonschema_rs.Draft202012Validator(
            self._schema, validate_formats=True, offline=True
        ).is_valid
        """Whether the fast validator takes a value."""

    def __call__(self, value: Any) -> bool | None:
        """Return what both validators say of a value; None when they disagree or one gives up."""
        try:
            second = self._second.is_valid(value)
        except Exception:  # noqa: BLE001  (a regex or a depth that only one of them can take)
            return None
        return second if second == self.likely(value) else None

    @cached_property
    def _second(self) -> Draft202012Validator:
        return Draft202012Validator(self._schema, format_checker=FormatChecker())


def _plain(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {name: _plain(each) for name, each in schema.items()}
    return [_plain(each) for each in schema] if isinstance(schema, list | tuple) else schema
