"""The text of a schema as it was written, read strictly."""

from typing import Any

from app.model.errors import Malformed, TooCostly
from app.model.strict_json import parse

MAX_TEXT = 400_000
"""Characters of a schema; the largest that is shipped has a tenth of them."""
MAX_DEPTH = 40
MAX_INTEGER = 2**53 - 1
"""What every reader of JSON holds exactly (RFC 8785 section 3.2.2.3)."""


class BadText(ValueError):
    """The text is no JSON that all readers understand alike; the message is a sentence."""


def parsed(text: str) -> Any:
    """Return the value of a schema's text; raise BadText for what is too long, deep or loose."""
    if len(text) > MAX_TEXT:
        raise BadText(f"A schema has at most {MAX_TEXT} characters.")
    try:
        value = parse(text.encode(), is_schema=True)
    except UnicodeError:
        raise BadText("The text holds half of a surrogate pair.") from None
    except Malformed as fault:
        raise BadText(str(fault)) from None
    except TooCostly:
        raise _too_deep() from None
    _refuse_extremes(value)
    return value


def _refuse_extremes(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        if any(type(each) is int and abs(each) > MAX_INTEGER for each in level):
            raise BadText("A whole number has more than 53 bits.")
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise _too_deep()


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep() -> BadText:
    return BadText(f"The schema is nested deeper than {MAX_DEPTH} levels.")
