"""Query strings, decoded strictly, and the parameters that are not a type's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from flask import Request

from app.model.dates import interval
from app.model.errors import BadParameter

IGNORED = ("_format", "_pretty", "_totalMethod")
DEFAULT_COUNT = 50
MAX_PARAMETERS = 100
_COUNT = re.compile(r"[1-9][0-9]{0,8}\Z")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class HistoryParameters:
    """What a history request may say; `canonical` is the query string a page link repeats."""

    count: int
    since: datetime | None
    cursor: str | None
    canonical: str


def pairs(request: Request) -> list[tuple[str, str]]:
    """Return the decoded names and values in order; raise BadParameter for broken encoding."""
    try:
        return parse_qsl(
            request.query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeError:
        raise BadParameter("The query string is not UTF-8.") from None
    except ValueError:
        raise BadParameter(f"A query has at most {MAX_PARAMETERS} parameters.") from None


def history_parameters(given: Sequence[tuple[str, str]], max_count: int) -> HistoryParameters:
    """Return what the pairs say; raise BadParameter for what is unknown, repeated or wrong."""
    known = {"_count", "_since", "_cursor"}
    for name, _ in given:
        if name not in known | set(IGNORED):
            raise BadParameter("There is no such parameter here.", name, allowed=sorted(known))
    said = dict(given)
    if len(said) != len(given):
        raise BadParameter("A parameter is given twice.")
    count = said.get("_count", str(DEFAULT_COUNT))
    if not _COUNT.match(count):
        raise BadParameter("_count is a whole number from 1.", "_count")
    since = _instant(said["_since"]) if "_since" in said else None
    size = min(int(count), max_count)
    kept = {"_count": str(size), **({"_since": said["_since"]} if since else {})}
    return HistoryParameters(size, since, said.get("_cursor"), urlencode(kept))


def _instant(text: str) -> datetime:
    """Return the first moment of a FHIR date or instant of any precision."""
    try:
        return EPOCH + timedelta(milliseconds=interval(text)[0])
    except (ValueError, OverflowError):
        raise BadParameter("_since is a FHIR instant or date.", "_since") from None


def refuse_conditional_create(request: Request) -> None:
    """Refuse a conditional create rather than create without looking."""
    if "If-None-Exist" in request.headers:
        raise BadParameter("Conditional create is not offered.", "If-None-Exist")
    for name, _ in pairs(request):
        if name not in IGNORED:
            raise BadParameter("Conditional create is not offered.", name)
