"""Client bytes into JSON values, refusing everything that two readers could understand differently.

RFC 8259 leaves duplicate names, huge numbers and lone surrogates to the reader; here they are
refused, because what the hub stores must mean the same to every agency.
"""

import json
import math
import re
from typing import Any

from app.model.errors import Malformed, TooCostly

MAX_DEPTH = 60
MAX_INTEGER = 2**63
_BAD_NAMES = re.compile(r"^(?:\$|__|_id$)|[.\x00]", re.MULTILINE)
"""Matches among the names of an object, one on each line."""
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def parse(data: bytes, *, is_schema: bool = False) -> Any:
    """Return the value of UTF-8 JSON text; only a schema may have names such as `$ref` and `a.b`.

    Raises Malformed for what is not strict JSON, TooCostly for nesting deeper than 60.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once if is_schema else _object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except RecursionError:
        raise TooCostly(f"The body is nested deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as error:
        raise Malformed(
            f"The body is not JSON (line {error.lineno}, column {error.colno})."
        ) from None
    if data.count(b"{") + data.count(b"[") > MAX_DEPTH:
        _refuse_depth(value)
    if _SUSPECT.search(data):
        _refuse_unwritable(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("An object has the same name twice.")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = _once(pairs)
    if _BAD_NAMES.search("\n".join(found)):
        raise Malformed("A name may not begin with $ or __, be _id, or hold a dot, NUL or newline.")
    return found


def _integer(text: str) -> int:
    if len(text) > len(str(MAX_INTEGER)) or not -MAX_INTEGER <= int(text) < MAX_INTEGER:
        raise Malformed("An integer does not fit in 64 bits.")
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Malformed("A number is too large.")
    return number


def _constant(_: str) -> Any:
    raise Malformed("NaN and Infinity are not JSON.")


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise TooCostly(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [each for each in value.values() if isinstance(each, dict | list)]
    if isinstance(value, list):
        return [each for each in value if isinstance(each, dict | list)]
    return []


def _refuse_unwritable(value: Any) -> None:
    """Refuse texts that no database or UTF-8 stream can hold."""
    if isinstance(value, dict):
        for name, each in value.items():
            _refuse_unwritable(name)
            _refuse_unwritable(each)
    elif isinstance(value, list):
        for each in value:
            _refuse_unwritable(each)
    elif isinstance(value, str) and _UNWRITABLE.search(value):
        raise Malformed("A text holds NUL or half of a surrogate pair.")
