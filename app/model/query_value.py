"""The values of search parameters: FHIR's grammar turned into clauses, nothing ever guessed.

Escapes, modifiers and prefixes: https://hl7.org/fhir/R4/search.html#escaping and #prefix.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from app.model.clause import (
    ID,
    Clause,
    Contains,
    Exact,
    Identified,
    Match,
    Missing,
    NoneOf,
    OneOf,
    Range,
    Within,
    union,
)
from app.model.dates import DAY, interval, parse_instant
from app.model.errors import BadParameter, TooCostly
from app.model.number import MOST, following, normal
from app.model.parameter import MODIFIERS, Parameter
from app.model.search_keys import has_system
from app.model.search_token import bare, escaped, pair
from app.model.text import after_prefix, fold

MAX_ALTERNATIVES = 100
"""Most values in one comma list."""
MAX_LENGTH = 1000
"""Most characters of one value, before and after folding."""
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
_SPLIT = {
    mark: re.compile(rf"((?:[^\\{mark}]|\\.)*)(?:[{mark}]|\Z)", re.DOTALL) for mark in (",", "|")
}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,25}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?\Z")
_PREFIXED = re.compile(rf"({'|'.join(PREFIXES)})?(.*)\Z", re.DOTALL)


def clause(parameter: Parameter, modifier: str | None, text: str) -> Clause:
    """Return what `text` asks of a parameter; raise BadParameter or TooCostly."""
    if modifier == "missing":
        return Clause(parameter, Missing(_flag(text)))
    if parameter.is_blind:
        return Clause(parameter, _whole(parameter, _alternatives(text)))
    return Clause(parameter, _READ[parameter.type](parameter, modifier, _alternatives(text)))


def modifiers(parameter: Parameter) -> tuple[str, ...]:
    """Return the modifiers a parameter takes; those of a reference include its target types."""
    if parameter.is_blind:
        return ("missing",)
    return (*MODIFIERS[parameter.type], *parameter.targets)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise BadParameter("The modifier missing takes true or false.", allowed=("true", "false"))
    return text == "true"


def _alternatives(text: str) -> list[str]:
    """Return the parts of a comma list, still escaped."""
    parts = _split(text, ",")
    if len(parts) > MAX_ALTERNATIVES:
        raise TooCostly(f"A list takes {MAX_ALTERNATIVES} values at most.")
    for part in parts:
        if not part:
            raise BadParameter("A value is empty.")
        if len(part) > MAX_LENGTH:
            raise BadParameter(f"A value has {MAX_LENGTH} characters at most.")
        if "\0" in part or any("\ud800" <= each <= "\udfff" for each in part):
            raise BadParameter("A value contains characters that no resource can hold.")
        if any(each not in ",|$\\" for each in _ESCAPE.findall(part)):
            raise BadParameter("A backslash only goes before one of the characters , | $ and \\.")
    return parts


def _split(text: str, mark: str) -> list[str]:
    """Return the parts between unescaped marks; a backslash at the very end is refused."""
    parts, at, pattern = [], 0, _SPLIT[mark]
    while True:
        match = pattern.match(text, at)
        if match is None:
            raise BadParameter("A backslash at the end escapes nothing.")
        parts.append(match[1])
        if match.end() == match.end(1):
            return parts
        at = match.end()


def _plain(part: str) -> str:
    return _ESCAPE.sub(r"\1", part)


def _whole(parameter: Parameter, parts: list[str]) -> Match:
    """Return the values that a blind parameter is compared with: whole days or codes."""
    form = _day if parameter.type == "date" else _bare_code
    return OneOf(tuple(dict.fromkeys(form(parameter, part) for part in parts)))


def _day(_parameter: Parameter, part: str) -> int:
    text = part.removeprefix("eq")
    if not _DAY.match(text):
        raise BadParameter("Only a whole day is found here, such as 1990-01-08, without a prefix.")
    parse_instant(text)
    return interval(text)[0]


def _bare_code(parameter: Parameter, part: str) -> str:
    return bare(_code(parameter, part))


def _string(_parameter: Parameter, modifier: str | None, parts: list[str]) -> Match:
    texts = [_plain(part) for part in parts]
    if modifier == "exact":
        return Exact(tuple(dict.fromkeys(texts)))
    folded = [fold(text) for text in texts]
    if not all(folded):
        raise BadParameter("A value holds nothing that can be looked for.")
    if any(len(text) > MAX_LENGTH for text in folded):
        raise BadParameter(f"A value has {MAX_LENGTH} characters at most.")
    if modifier == "contains":
        return Contains(tuple(dict.fromkeys(folded)))
    return Within(union(Range(text, after_prefix(text)) for text in folded))


def _token(parameter: Parameter, modifier: str | None, parts: list[str]) -> Match:
    form = _token_form if has_system(parameter) else _code
    found = tuple(dict.fromkeys(form(parameter, part) for part in parts))
    return NoneOf(found) if modifier == "not" else OneOf(found)


def _token_form(_parameter: Parameter, part: str) -> str:
    system, code = _system_and_code(part)
    return escaped(code) if system is None else pair(system, code)


def _system_and_code(part: str) -> tuple[str | None, str]:
    pieces = [_plain(piece) for piece in _split(part, "|")]
    if len(pieces) > 2 or not any(pieces):  # noqa: PLR2004 - a system and a code
        raise BadParameter("A token is code, system|code, system| or |code.")
    return (pieces[0] if len(pieces) > 1 else None), pieces[-1]


def _code(parameter: Parameter, part: str) -> str:
    system, code = _system_and_code(part)
    if system:
        raise BadParameter("The codes of this parameter have no system; give the code alone.")
    if parameter is ID and not _ID.match(code):
        raise BadParameter("An id has 1 to 64 letters, digits, hyphens and dots.")
    return code


def _reference(parameter: Parameter, modifier: str | None, parts: list[str]) -> Match:
    if modifier == "identifier":
        forms = dict.fromkeys(_token_form(parameter, part) for part in parts)
        return Identified(tuple(forms))
    targets = (modifier,) if modifier else parameter.targets
    found = [name for part in parts for name in _names(_plain(part), targets)]
    return OneOf(tuple(dict.fromkeys(found)))


def _names(text: str, targets: tuple[str, ...]) -> Iterator[str]:
    kind, slash, rest = text.rpartition("/")
    if not _ID.match(rest) or (slash and not kind.isalpha()):
        raise BadParameter("A reference is Type/id or an id alone.")
    if slash and kind not in targets:
        raise BadParameter("This parameter does not refer to that type.", allowed=targets)
    for each in (kind,) if slash else targets:
        yield f"{each}/{rest}"


def _date(parameter: Parameter, _modifier: str | None, parts: list[str]) -> Match:
    width = DAY if parameter.is_day else 1
    return Within(union(_ordered(parts, lambda text: _dates(text, width))))


def _dates(text: str, width: int) -> dict[str, tuple[Range, ...]]:
    """Return the ranges of starts by prefix; each value lasts `width`, the search its precision."""
    parse_instant(text)
    low, high = interval(text)
    end, around = high - width + 1, high - low
    return {
        "eq": (Range(low, end),),
        "ne": (Range(None, low), Range(max(low, end), None)),
        "gt": (Range(end, None),),
        "lt": (Range(None, low),),
        "ge": (Range(min(low, end), None),),
        "le": (Range(None, max(low, end)),),
        "sa": (Range(high, None),),
        "eb": (Range(None, low - width + 1),),
        "ap": (Range(low - around - width + 1, high + around),),
    }


def _number(_parameter: Parameter, _modifier: str | None, parts: list[str]) -> Match:
    return Within(union(_ordered(parts, _numbers)))


def _numbers(text: str) -> dict[str, tuple[Range, ...]]:
    """Return the ranges by prefix; only eq, ne and ap heed the significant digits."""
    if not _NUMBER.match(text) or abs(float(text)) > MOST:
        raise BadParameter(f"A number is decimal, such as 100, 5.40 or 1e2, and within {MOST:g}.")
    number, value = Decimal(text), normal(float(text))
    half = Decimal((0, (5,), int(number.as_tuple().exponent) - 1))
    above = following(value)
    low = min(value, normal(float(number - half)))
    high = max(above, normal(float(number + half)))
    tenth = abs(value) / 10
    return {
        "eq": (Range(low, high),),
        "ne": (Range(None, low), Range(high, None)),
        **dict.fromkeys(("gt", "sa"), (Range(above, None),)),
        **dict.fromkeys(("lt", "eb"), (Range(None, value),)),
        "ge": (Range(value, None),),
        "le": (Range(None, above),),
        "ap": (Range(normal(low - tenth), high + tenth),),
    }


def _ordered(
    parts: Iterable[str], read: Callable[[str], dict[str, tuple[Range, ...]]]
) -> Iterator[Range]:
    for part in parts:
        match = _PREFIXED.match(_plain(part))
        if match:  # always
            yield from read(match[2])[match[1] or "eq"]


_READ = {
    "string": _string,
    "token": _token,
    "reference": _reference,
    "date": _date,
    "number": _number,
}
