"""FHIR dates of any precision as half-open intervals of milliseconds since 1970 in UTC.

Date search: https://hl7.org/fhir/R4/search.html#date.
"""

import re
from datetime import UTC, date, datetime, timedelta

from app.model.errors import BadParameter

DAY = 86_400_000
"""Milliseconds in a day."""
MINUTE = 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MILLISECOND = timedelta(milliseconds=1)
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(microsecond=999_000, tzinfo=UTC)
_LAST_MONTH = 12
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:\.(\d{1,9}))?)?"
    r"(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))?)?)?)?\Z",
    re.ASCII,
)


def interval(text: str) -> tuple[int, int]:
    """Return the first millisecond of a date and the first after it; raise ValueError for no date.

    A time without a zone is taken as UTC; fractions end at the millisecond.
    """
    match = _DATE.match(text)
    if match is None:
        raise ValueError("not a date")
    year, month, day, hour, minute, second, fraction, sign, ahead_h, ahead_m = match.groups()
    start = _start_of_day(int(year), int(month or 1), int(day or 1))
    if hour is None:
        return start, _end_of_date(int(year), int(month or 0), start if day else None)
    offset = (int(ahead_h or 0) * 60 + int(ahead_m or 0)) * (-MINUTE if sign == "-" else MINUTE)
    start += (int(hour) * 60 + int(minute)) * MINUTE - offset
    if second is None:
        return start, start + MINUTE
    digits = (fraction or "")[:3]
    start += int(second) * 1000 + int(digits.ljust(3, "0"))
    return start, start + 10 ** (3 - len(digits))


def parse_instant(text: str, pointer: str | None = None) -> datetime:
    """Return the moment at which a date or instant begins; raise BadParameter for no date.

    `pointer` names the parameter that holds the text.
    """
    try:
        return moment(interval(text)[0])
    except ValueError:
        allowed = "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss[.fff]][zone]"
        raise BadParameter(f"A date is {allowed}.", pointer) from None


def moment(milliseconds: int) -> datetime:
    """Return the moment so many milliseconds after 1970, or the nearest that can be named."""
    try:
        return _EPOCH + milliseconds * _MILLISECOND
    except OverflowError:
        return LATEST if milliseconds > 0 else EARLIEST


def milliseconds(at: datetime) -> int:
    """Return the whole milliseconds from 1970 to a moment in UTC."""
    return (at.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND


def _start_of_day(year: int, month: int, day: int) -> int:
    return (date(year, month, day).toordinal() - _EPOCH_DAY) * DAY


def _end_of_date(year: int, month: int, start_of_day: int | None) -> int:
    if start_of_day is not None:
        return start_of_day + DAY
    if month and month < _LAST_MONTH:
        return _start_of_day(year, month + 1, 1)
    return _start_of_day(year, _LAST_MONTH, 31) + DAY
