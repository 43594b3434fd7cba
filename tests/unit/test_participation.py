"""Periods of participation and exit, by rule and against a calendar that is filled in by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.participation.participation import Spell, periods
from app.rules.workflow import Actor
from rule_facts import RuleFacts
from rule_rows import STAFF, an_enrollment, at, write

FIRST = date(2025, 1, 1)
VR = Actor("Partner/mdrs-vr", "Agency/mdrs")


def day(number):
    return FIRST + timedelta(days=number)


def told(number):
    return day(number).isoformat()


def facts_on(number, *rows):
    now = datetime.combine(day(number), time(15), UTC)
    return RuleFacts(*rows, now=now)


def served(id, start, end, **changes):
    return an_enrollment(id, enrollmentDate=told(start), endDate=told(end), **changes)


def rehabilitated(id, start, end=None, **changes):
    ended = {} if end is None else {"endDate": told(end)}
    return an_enrollment(
        id, "vr-job-placement", "title4-vr", partner=at("Partner/mdrs-vr"),
        enrollmentDate=told(start), **ended, **changes,
    )  # fmt: skip


def period_of(facts, id):
    return facts.row(f"ParticipantServiceEnrollment/{id}").get("period", {})


def exit_of(facts, id):
    return period_of(facts, id).get("programExitDate")


@pytest.mark.parametrize(("gap", "size"), [(90, 1), (91, 2)])
def test_a_gap_of_91_days_begins_a_new_period(gap, size):
    spells = [Spell("a", day(0), day(10)), Spell("b", day(10 + gap), day(10 + gap))]

    assert len(periods(spells)) == size


@pytest.mark.parametrize(("now", "found"), [(100, None), (101, told(10))])
def test_exit_is_found_after_90_days_and_dated_back_to_the_last_service(now, found):
    facts = facts_on(now)

    write(served("a", 0, 10), facts)

    assert exit_of(facts, "a") == found


def test_exit_is_dated_from_the_last_day_of_service_where_days_are_told():
    facts = facts_on(200)

    write(served("a", 0, 60, serviceDates=[told(0), told(40)]), facts)

    assert exit_of(facts, "a") == told(40)


def test_the_common_exit_is_one_for_all_department_of_labor_programs():
    facts = facts_on(300)

    write(served("a", 0, 10), facts)
    write(served("b", 50, 120, service="training-ojt", program="title1-adult"), facts)
    write(served("c", 30, 40, service="training-skill-upgrading", program="taa"), facts)

    assert period_of(facts, "a") == period_of(facts, "b") == period_of(facts, "c") == {
        "periodId": "a", "programEntryDate": told(0), "programExitDate": told(120),
    }  # fmt: skip


def test_other_programs_have_a_period_of_their_own():
    facts = facts_on(300)
    school = at("Partner/mccb-adult-education")

    write(served("a", 0, 10), facts)
    write(
        served("b", 5, 50, service="abe-instruction", program="title2-aefla", partner=school), facts
    )

    assert (exit_of(facts, "a"), exit_of(facts, "b")) == (told(10), told(50))


@pytest.mark.parametrize(
    ("service", "program"),
    [
        ("self-service-job-search", "title3-wagner-peyser"),
        ("etp-information", "title1-adult"),
        ("follow-up-counseling", "title1-adult"),
        ("support-transportation", "title1-adult"),
        ("youth-09-follow-up-services", "title1-youth"),
    ],
)
def test_self_service_information_follow_up_and_support_neither_begin_nor_extend(service, program):
    facts = facts_on(300)
    write(served("x", 60, 80, service=service, program=program), facts)
    alone = period_of(facts, "x")

    write(served("a", 0, 10), facts)

    assert alone == {}
    assert exit_of(facts, "a") == told(10)
    assert period_of(facts, "x") == period_of(facts, "a")


@pytest.mark.parametrize(
    ("status", "begins", "gone"),
    [("planned", 300, "cancelled"), ("enrolled", 90, "entered-in-error")],
)
def test_there_is_no_exit_while_a_service_is_planned_or_goes_on(status, begins, gone):
    facts = facts_on(300)
    write(served("a", 0, 10), facts)
    write(an_enrollment("b", enrollmentDate=told(begins), status=status), facts)
    before = exit_of(facts, "a")

    write(an_enrollment("b", enrollmentDate=told(begins), status=gone), facts)

    assert (before, exit_of(facts, "a")) == (None, told(10))


def test_a_service_that_was_planned_and_never_began_holds_no_exit_back():
    facts = facts_on(300)
    write(served("a", 0, 10), facts)

    write(an_enrollment("b", enrollmentDate=told(299), status="planned"), facts)

    assert exit_of(facts, "a") == told(10)


def test_there_is_no_exit_before_the_next_planned_service():
    planned = served("a", 0, 10, period={"nextPlannedServiceDate": told(120)})
    waiting, over = facts_on(120), facts_on(121)

    write(planned, waiting)
    write(planned, over)

    assert exit_of(waiting, "a") is None
    assert period_of(over, "a") == {
        "periodId": "a",
        "programEntryDate": told(0),
        "programExitDate": told(10),
        "nextPlannedServiceDate": told(120),
    }


def test_a_service_recorded_later_within_90_days_takes_the_exit_back():
    facts = facts_on(110)
    write(served("a", 0, 10), facts)
    before = exit_of(facts, "a")

    write(served("b", 100, 105), facts)

    assert (before, exit_of(facts, "a")) == (told(10), None)
    assert period_of(facts, "a") == period_of(facts, "b")


def test_a_service_after_91_days_leaves_the_exit_and_begins_anew():
    facts = facts_on(110)
    write(served("a", 0, 10), facts)

    write(served("b", 101, 105), facts)

    assert exit_of(facts, "a") == told(10)
    assert period_of(facts, "b") == {"periodId": "b", "programEntryDate": told(101)}


def test_a_service_recorded_later_joins_the_two_periods_it_lies_between():
    facts = facts_on(400)
    write(served("a", 0, 10), facts)
    write(served("c", 150, 160), facts)

    write(served("b", 80, 90), facts)

    assert {period_of(facts, each)["periodId"] for each in "abc"} == {"a"}
    assert exit_of(facts, "c") == told(160)


def test_a_period_falls_apart_when_what_joined_it_was_a_mistake():
    facts = facts_on(400)
    for each in (served("a", 0, 10), served("b", 80, 90), served("c", 150, 160)):
        write(each, facts)

    write(served("b", 80, 90) | {"status": "entered-in-error"}, facts)

    assert [period_of(facts, each).get("periodId") for each in "abc"] == ["a", None, "c"]
    assert (exit_of(facts, "a"), exit_of(facts, "c")) == (told(10), told(160))


def test_an_earlier_service_recorded_later_moves_the_entry():
    facts = facts_on(60)
    write(served("b", 40, 50), facts)

    write(served("a", 0, 10), facts)

    assert period_of(facts, "b") == {"periodId": "b", "programEntryDate": told(0)}


def test_an_enrollment_that_changes_its_program_leaves_its_period():
    facts = facts_on(400)
    write(served("a", 0, 10), facts)
    write(served("b", 50, 60), facts)

    write(served("b", 50, 60, service="subsidized-employment", program="tanf-work-program"), facts)

    assert exit_of(facts, "a") == told(10)
    assert period_of(facts, "b")["periodId"] == "b"


def test_what_a_client_says_of_the_period_does_not_count_but_the_reason_for_exit():
    facts = facts_on(20)
    said = {"periodId": "mine", "programEntryDate": told(3), "programExitDate": told(4)}

    body = write(served("a", 0, 10, period={**said, "otherReasonForExit": "03"}), facts)

    assert body["period"] == {
        "periodId": "a",
        "programEntryDate": told(0),
        "otherReasonForExit": "03",
    }


def test_vocational_rehabilitation_exits_by_closure_of_the_record():
    facts = facts_on(20)

    write(rehabilitated("a", 0, 10), facts, actor=VR)
    closed = exit_of(facts, "a")
    write(rehabilitated("b", 12), facts, actor=VR)
    opened = exit_of(facts, "a")
    write(rehabilitated("b", 12, 15), facts, actor=VR)

    assert (closed, opened, exit_of(facts, "a")) == (told(10), None, told(15))


def test_vocational_rehabilitation_shows_in_no_other_period():
    facts = facts_on(300)
    write(rehabilitated("v", 0, None), facts, actor=VR)
    write(served("a", 20, 30), facts)

    assert period_of(facts, "a") == {
        "periodId": "a", "programEntryDate": told(20), "programExitDate": told(30),
    }  # fmt: skip
    assert period_of(facts, "v") == {"periodId": "v", "programEntryDate": told(0)}


spells = st.builds(
    lambda name, start, length: (name, start, None if length is None else start + length),
    st.uuids().map(str),
    st.integers(0, 600),
    st.one_of(st.none(), *[st.integers(0, 120)] * 9),
)


def oracle(drawn, today):
    """Return entry, last day and exit of each period, day by day over a calendar."""
    on = {d for _, start, end in drawn for d in range(start, (2000 if end is None else end) + 1)}
    found, last = [], None
    for each in sorted(on):
        if last is None or each - last > 90:
            found.append([each, each])
        found[-1][1] = last = each
    return [
        (entry, None if end == 2000 else end, end if end != 2000 and today - end >= 91 else None)
        for entry, end in found
    ]


@given(st.lists(spells, max_size=8), st.integers(0, 900))
def test_periods_and_exits_are_those_of_the_calendar(drawn, today):
    made = periods(Spell(n, day(a), None if b is None else day(b)) for n, a, b in drawn)

    found = [
        (each.entry, each.last, each.exit(day(today), is_held=False, by_closure=False))
        for each in made
    ]

    assert found == [
        tuple(None if each is None else day(each) for each in one) for one in oracle(drawn, today)
    ]


@given(st.lists(spells, max_size=5, unique_by=lambda each: each[0]), st.randoms())
def test_periods_do_not_depend_on_the_order_in_which_services_are_recorded(drawn, random):
    rows = [
        an_enrollment(n, enrollmentDate=told(a), **({} if b is None else {"endDate": told(b)}))
        for n, a, b in drawn
    ]
    ordered, shuffled = facts_on(800), facts_on(800)
    for each in sorted(rows, key=lambda row: (row["enrollmentDate"], row["id"])):
        write(each, ordered, actor=STAFF)
    random.shuffle(rows)
    for each in rows:
        write(each, shuffled, actor=STAFF)

    one, other = ([period_of(facts, n) for n, _, _ in drawn] for facts in (ordered, shuffled))

    assert [_dates(each) for each in one] == [_dates(each) for each in other]
    assert len({each["periodId"] for each in one}) == len({_dates(each) for each in one})


def _dates(period):
    return period["programEntryDate"], period.get("programExitDate")
