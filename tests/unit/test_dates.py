"""Dates as intervals of milliseconds. https://hl7.org/fhir/R4/search.html#date"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.dates import DAY, interval, milliseconds, moment, parse_instant
from app.model.errors import BadParameter

YEAR_2000 = 946_684_800_000


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        pytest.param("2000", YEAR_2000, 366 * DAY, id="a year"),
        pytest.param("2000-02", YEAR_2000 + 31 * DAY, 29 * DAY, id="a leap February"),
        pytest.param("1999-12", YEAR_2000 - 31 * DAY, 31 * DAY, id="a December"),
        pytest.param("2000-01-01", YEAR_2000, DAY, id="a day"),
        pytest.param("2000-01-01T00:00", YEAR_2000, 60_000, id="a minute without a zone is UTC"),
        pytest.param("2000-01-01T00:00:01Z", YEAR_2000 + 1000, 1000, id="a second"),
        pytest.param("2000-01-01T00:00:00.5Z", YEAR_2000 + 500, 100, id="a tenth of a second"),
        pytest.param("2000-01-01T00:00:00.123Z", YEAR_2000 + 123, 1, id="a millisecond"),
        pytest.param("2000-01-01T00:00:00.1239Z", YEAR_2000 + 123, 1, id="no finer than that"),
        pytest.param("2000-01-01T05:30+05:30", YEAR_2000, 60_000, id="east of Greenwich"),
        pytest.param("1999-12-31T18:00-06:00", YEAR_2000, 60_000, id="west of Greenwich"),
        pytest.param("1999-12-31T23:59:60Z", YEAR_2000, 1000, id="a leap second"),
        pytest.param("1969-12-31", -DAY, DAY, id="before 1970"),
        pytest.param("0001", -62_135_596_800_000, 365 * DAY, id="the first year"),
        pytest.param("9999-12-31", 253_402_214_400_000, DAY, id="the last day"),
    ],
)
def test_a_date_lasts_as_long_as_its_precision(text, start, length):
    assert interval(text) == (start, start + length)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "0000",
            "2001-02-29",
            "2000-13",
            "2000-00-10",
            "200",
            "20000",
            "2000-1-1",
            "2000-01-01T",
        ),
        *("2000-01-01T24:00", "2000-01-01T10", "2000-01-01T10:60", "2000-01-01T10:00:61Z"),
        *("2000-01-01T10:00+15:00", "2000-01-01 10:00", "2000-01-01\n", "٢٠٠٠", "2000Z", "now"),
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"not a date|out of range|must be in"):
        interval(text)


def test_a_refused_instant_names_its_parameter():
    with pytest.raises(BadParameter) as refusal:
        parse_instant("yesterday", "_since")

    assert refusal.value.issues[0].pointer == "_since"


def test_an_instant_is_where_its_interval_begins():
    assert parse_instant("2000-01") == datetime(2000, 1, 1, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_and_milliseconds_are_the_same_thing(at):
    whole = at.replace(microsecond=at.microsecond // 1000 * 1000)

    assert moment(milliseconds(at)) == whole
    assert interval(whole.isoformat(timespec="milliseconds"))[0] == milliseconds(at)


def test_moments_beyond_the_calendar_are_its_ends():
    assert moment(10**18) == datetime.max.replace(microsecond=999_000, tzinfo=UTC)
    assert moment(-(10**18)) == datetime.min.replace(tzinfo=UTC)
    assert moment(1) - moment(0) == timedelta(milliseconds=1)
