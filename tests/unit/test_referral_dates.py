"""By when each step of a referral is due, in business days of Mississippi."""

from datetime import UTC, date, datetime

import pytest

from app import seed
from app.reference import load
from app.rules.business_days import business_days_after, day_of, is_business_day
from app.rules.referrals.dates import STEPS, due_dates, overdue
from app.rules.referrals.table import life_cycle

CLOCKS = life_cycle(load()).clocks
DUE = {
    "acknowledgeBy": "2026-03-03",
    "acceptBy": "2026-03-04",
    "firstContactBy": "2026-03-05",
    "closeBy": "2026-04-01",
}


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        pytest.param("2026-03-02", 1, "2026-03-03", id="the next day"),
        pytest.param("2026-03-06", 1, "2026-03-09", id="a weekend does not count"),
        pytest.param("2026-03-07", 1, "2026-03-09", id="the first business day after a Saturday"),
        pytest.param("2025-06-16", 3, "2025-06-20", id="Juneteenth does not count"),
        pytest.param("2026-04-24", 1, "2026-04-28", id="a holiday of the state does not count"),
        pytest.param("2026-07-02", 1, "2026-07-06", id="a holiday observed on another day"),
        pytest.param("2026-12-24", 1, "2026-12-28", id="Christmas does not count"),
        pytest.param("2026-03-02", 10, "2026-03-16", id="two weeks"),
        pytest.param("9999-12-31", 3, "9999-12-31", id="the last day there is"),
    ],
)
def test_business_days_are_counted_without_weekends_and_holidays(start, count, end):
    assert business_days_after(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_a_day_begins_at_midnight_in_mississippi():
    assert day_of(datetime(2026, 3, 3, 5, 59, tzinfo=UTC)) == date(2026, 3, 2)
    assert day_of("2026-03-03T06:00:00Z") == date(2026, 3, 3)
    assert day_of("2026-07-03T00:30:00+00:00") == date(2026, 7, 2)


def test_offices_are_closed_on_saturdays_sundays_and_holidays():
    closed = [day for day in range(1, 8) if not is_business_day(date(2026, 7, day))]

    assert closed == [3, 4, 5]


def test_due_dates_run_from_the_day_of_authoring_in_mississippi():
    assert due_dates("2026-03-03T02:00:00Z", CLOCKS) == DUE


@pytest.mark.parametrize("key", [key for key in seed.rows("demo") if key.type == "Referral"])
def test_the_demo_referrals_have_the_due_dates_that_the_hub_computes(key):
    body = seed.rows("demo")[key]

    assert due_dates(body["authoredOn"], CLOCKS).items() >= body["dueDates"].items()


def test_every_step_is_due_at_a_status_that_is_open():
    assert {status for step in STEPS for status in step.statuses} == {*life_cycle(load()).open}


@pytest.mark.parametrize(
    ("referral", "day", "steps"),
    [
        pytest.param({"status": "requested"}, "2026-03-03", [], id="the last day is in time"),
        pytest.param(
            {"status": "requested"}, "2026-03-04", ["acknowledge"], id="not acknowledged in time"
        ),
        pytest.param({"status": "received"}, "2026-03-05", ["accept"], id="nobody owns it"),
        pytest.param({"status": "accepted"}, "2026-03-05", [], id="accepted in time"),
        pytest.param({"status": "accepted"}, "2026-03-06", ["first-contact"], id="nobody called"),
        pytest.param(
            {"status": "accepted", "contactAttempts": [{}]}, "2026-03-06", [], id="somebody called"
        ),
        pytest.param(
            {"status": "accepted", "appointments": [{"status": "kept"}]},
            "2026-03-06",
            [],
            id="the person came",
        ),
        pytest.param({"status": "in-progress"}, "2026-04-01", [], id="the last day to close"),
        pytest.param({"status": "in-progress"}, "2026-04-02", ["close"], id="not closed in time"),
        pytest.param(
            {"status": "on-hold", "reviewBy": "2026-04-10"}, "2026-04-11", ["close", "review"],
            id="on hold for too long",
        ),
        pytest.param({"status": "closed"}, "2027-01-01", [], id="closed"),
        pytest.param(
            {"status": "requested"},
            "2026-05-01",
            ["acknowledge", "accept", "first-contact", "close"],
            id="nobody did anything",
        ),
    ],
)  # fmt: skip
def test_a_step_is_overdue_from_the_day_after_its_due_date(referral, day, steps):
    found = overdue(referral | {"dueDates": DUE}, date.fromisoformat(day))

    assert found == steps
