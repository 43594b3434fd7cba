"""Days of work in Mississippi: Monday to Friday, public holidays of the state aside.

A day ends at midnight in Mississippi, wherever the hub and its clients are.
"""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from app.model.dates import parse_instant

MISSISSIPPI = ZoneInfo("America/Chicago")
SATURDAY = 5


def day_of(moment: datetime | str) -> date:
    """Return the day in Mississippi on which a moment falls; a text is a dateTime."""
    at = parse_instant(moment) if isinstance(moment, str) else moment
    return at.astimezone(MISSISSIPPI).date()


def days_after(day: date, count: int) -> date:
    """Return the day so many calendar days after another, the last one there is at the most."""
    return date.fromordinal(min(day.toordinal() + count, date.max.toordinal()))


def business_days_after(day: date, count: int) -> date:
    """Return the business day that is so many business days after a day of any kind."""
    for _ in range(count):
        day = days_after(day, 1)
        while not is_business_day(day) and day < date.max:
            day += timedelta(days=1)
    return day


def is_business_day(day: date) -> bool:
    """Whether the state's offices work on a day."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("US", subdiv="MS", years=year))
