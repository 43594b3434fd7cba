"""What proves that somebody was served, did not show up, declined or is not eligible."""

import pytest

from app.reference import load
from app.rules.referrals.table import life_cycle
from referrals import OTHER, PROOF, TARGET, Course, an_enrollment, ref

CYCLE = life_cycle(load())
WAY = {"accepted": ("accepted",), "in-progress": ("accepted", "in-progress"),
       "on-hold": ("accepted", "on-hold")}  # fmt: skip


def close(outcome, *rows, here="in-progress", **changes):
    """Return the faults of closing a referral with an outcome."""
    course = Course(*rows).go(TARGET, *WAY[here])
    return course.change(TARGET, status="closed", **(PROOF[outcome] | changes))


@pytest.mark.parametrize("here", sorted(WAY))
@pytest.mark.parametrize("outcome", sorted(PROOF))
def test_an_outcome_is_reached_from_the_states_of_the_published_table(outcome, here):
    faults = close(outcome, an_enrollment(), here=here)

    is_legal = here in CYCLE.outcomes[outcome]
    assert faults == ([] if is_legal else [("/outcome", "outcome-unreachable")])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"participant": ref(OTHER)}, id="of another person"),
        pytest.param(
            {"program": ref("Program/snap"), "partner": ref("Partner/mdhs-eligibility")},
            id="with another agency",
        ),
        pytest.param({"enrollmentDate": "2026-02-01"}, id="from before the referral"),
        pytest.param({"status": "planned"}, id="only planned"),
        pytest.param({"status": "cancelled"}, id="cancelled"),
        pytest.param({"status": "entered-in-error"}, id="recorded by mistake"),
    ],
)
def test_served_is_not_proved_by_an_enrollment(changes):
    assert close("served", an_enrollment(**changes)) == [("/resultEnrollment", "not-served")]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="begun on the day of the referral"),
        pytest.param({"program": ref("Program/snap")}, id="by a partner of the target agency"),
        pytest.param({"partner": ref("Partner/youth-delta")}, id="in a program of the agency"),
        pytest.param({"status": "completed", "enrollmentDate": "2026-02-20"}, id="and completed"),
    ],
)
def test_served_is_proved_by_an_enrollment_with_the_target(changes):
    assert close("served", an_enrollment(**changes)) == []


def attempts(*days, methods=("phone", "letter", "sms"), result="no-answer"):
    return [
        {"at": f"2026-02-{day:02}T16:00:00Z", "method": methods[index % len(methods)],
         "result": result}
        for index, day in enumerate(days)
    ]  # fmt: skip


def an_appointment(status, day=10):
    return {"start": f"2026-02-{day:02}T15:00:00Z", "status": status}


REACHED = attempts(24, result="reached")


@pytest.mark.parametrize(
    ("evidence", "is_proof"),
    [
        pytest.param({"contactAttempts": attempts(3, 9, 18)}, True,
                     id="three attempts by two methods over ten business days"),
        pytest.param({"contactAttempts": attempts(3, 17)}, False, id="two attempts"),
        pytest.param({"contactAttempts": attempts(3, 9, 18, methods=["phone"])}, False,
                     id="one method"),
        pytest.param({"contactAttempts": attempts(3, 9, 17)}, False,
                     id="nine business days, as Washington's birthday is none"),
        pytest.param({"contactAttempts": attempts(3, 9, 18) + REACHED}, False,
                     id="reached in the end"),
        pytest.param({"contactAttempts": attempts(3, 9, 18, result="reached")}, False,
                     id="reached each time"),
        pytest.param({"appointments": [an_appointment("missed")]}, True, id="a missed appointment"),
        pytest.param({"appointments": [an_appointment("missed"), an_appointment("kept", 12)]},
                     False, id="made good later"),
        pytest.param({"appointments": [an_appointment("missed")], "contactAttempts": REACHED},
                     False, id="answered later"),
        pytest.param({"appointments": [an_appointment("missed", 1)]}, False,
                     id="missed before the referral"),
        pytest.param({"appointments": [an_appointment("booked")]}, False, id="only booked"),
        pytest.param({"appointments": [{"start": "2026-03-09T15:00:00Z", "status": "missed"}]},
                     False, id="still to come"),
        pytest.param({"contactAttempts": [
            {"at": "2025-12-01T16:00:00Z", "method": "email", "result": "no-answer"},
            *attempts(9, 18, methods=["phone"])]}, False, id="tried before the referral"),
    ],
)  # fmt: skip
def test_a_no_show_needs_a_missed_appointment_or_enough_attempts(evidence, is_proof):
    proof = {"appointments": None, **evidence}

    assert close("no-show", **proof) == (
        [] if is_proof else [("/contactAttempts", "no-show-unproven")]
    )


@pytest.mark.parametrize(
    ("day", "is_proof"),
    [("2026-02-01", False), ("2026-02-02", True), ("2026-03-02", True), ("2026-03-03", False)],
)
def test_declined_needs_an_offer_since_the_referral(day, is_proof):
    found = close("declined", offerDate=day)

    assert found == ([] if is_proof else [("/offerDate", "not-offered")])


def test_an_outcome_stays_as_it_was_closed():
    course = Course(an_enrollment()).go(TARGET, "accepted", "in-progress", "closed")

    faults = course.change(TARGET, **PROOF["served"])

    assert ("/outcome", "immutable") in faults


def test_the_proof_of_an_outcome_may_be_corrected_but_not_lost():
    rows = an_enrollment(), an_enrollment(id="e2"), an_enrollment(id="e3", status="cancelled")
    course = Course(*rows).go(TARGET, "accepted")
    course.change(TARGET, status="closed", **PROOF["served"])

    better = course.change(TARGET, resultEnrollment=ref("ParticipantServiceEnrollment/e2"))
    worse = course.change(TARGET, resultEnrollment=ref("ParticipantServiceEnrollment/e3"))

    assert (better, worse) == ([], [("/resultEnrollment", "not-served")])


def test_what_has_nothing_to_do_with_the_proof_does_not_ask_for_it_again():
    course = Course(an_enrollment()).go(TARGET, "accepted")
    course.change(TARGET, status="closed", **PROOF["served"])
    course.facts.add("ParticipantServiceEnrollment/e1", an_enrollment(status="cancelled"))

    assert course.change(TARGET, note="Thank you.") == []
