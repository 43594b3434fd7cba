"""Searches of the audit trail, what an agency sees of an event, and the account of disclosures."""

from datetime import UTC, datetime

import pytest

from app.model.audit.event import AuditEvent
from app.model.audit.fhir import resource
from app.model.audit.query import outcome, parse
from app.model.audit.view import of_agency
from app.model.errors import BadParameter
from app.reports.disclosures import Account, accounting, parameters
from trails import an_event

HOUR = 3_600_000
DAY = 24 * HOUR
JANUARY_5 = 1_767_571_200_000


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(["2026-01-05"], (JANUARY_5, JANUARY_5 + DAY), id="a day is all of it"),
        pytest.param(["ge2026-01-05"], (JANUARY_5, None), id="from"),
        pytest.param(["gt2026-01-05"], (JANUARY_5 + DAY, None), id="after the whole day"),
        pytest.param(["lt2026-01-05"], (None, JANUARY_5), id="before"),
        pytest.param(["le2026-01-05"], (None, JANUARY_5 + DAY), id="up to the end of the day"),
        pytest.param(
            ["ge2026-01-05", "lt2026-01-05T01:00Z"], (JANUARY_5, JANUARY_5 + HOUR), id="both"
        ),
    ],
)
def test_dates_bound_the_search(dates, expected):
    query = parse([("date", each) for each in dates], 200)

    assert (query.start, query.end) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("staff", "worker-7"),
        ("_sort", "date"),
        ("date", "yesterday"),
        ("date", "ne2026-01-05"),
        ("agent", "Agency/mdes/1"),
        ("entity", "Referral"),
        ("patient", "Referral/1"),
        ("action", "X"),
        ("outcome", "12"),
        ("purpose", "curiosity"),
        ("_count", "0"),
    ],
)
def test_what_is_not_understood_is_refused(name, text):
    with pytest.raises(BadParameter) as refusal:
        parse([(name, text)], 200)

    assert refusal.value.issues[0].pointer == name
    assert text not in str(refusal.value)


def test_a_parameter_is_given_once():
    with pytest.raises(BadParameter):
        parse([("agent", "mdes"), ("agent", "mdrs")], 200)


def test_a_participant_is_named_by_id_or_by_reference():
    by_id = parse([("patient", "p1")], 200)
    by_reference = parse([("patient", "ParticipantProfile/p1")], 200)

    assert by_id.participant == by_reference.participant == "p1"


def test_an_agency_sees_its_own_part_of_an_event_and_who_asked():
    event = an_event(
        resources=("Referral/a/1", "Referral/b/1", "Referral/c/2"),
        about=("p1", "p2", "p1"),
        held_by=("Agency/mdrs", "Agency/mccb", "Agency/mdhs Agency/mdrs"),
        participants=("p1", "p2"),
        owners=("Agency/mccb", "Agency/mdhs", "Agency/mdrs"),
        query="f00d",
    )

    seen = of_agency(event, "Agency/mdrs")

    assert seen.resources == ("Referral/a/1", "Referral/c/2")
    assert (seen.participants, seen.owners) == (("p1",), ("Agency/mdrs",))
    assert (seen.client, seen.partner) == (event.client, event.partner)
    assert (seen.staff, seen.query) == (None, None)


def test_an_agency_sees_the_staff_id_of_its_own_staff():
    assert of_agency(an_event(owners=("Agency/mdes",)), "Agency/mdes").staff == "worker-7"


def test_an_event_that_does_not_tell_whose_is_what_shows_no_resource_of_several_owners():
    event = an_event(owners=("Agency/mccb", "Agency/mdrs"))

    seen = of_agency(event, "Agency/mdrs")

    assert (seen.resources, seen.participants) == ((), ())


def test_the_account_has_what_was_given_and_nothing_that_was_refused_or_brought():
    given = an_event(participants=("p1",), resources=("Referral/a/1",))
    refused = an_event(participants=("p1",), outcome="forbidden", status=403, labels=())
    brought = an_event(participants=("p1",), interaction="create", labels=())
    of_another = an_event(participants=("p2",))

    (found,) = accounting("p1", [of_another, brought, refused, given])

    assert (found.event, found.resources) == (given.id, ("Referral/a/1",))
    assert (found.purpose, found.basis) == ("service-coordination", ("agreement:DSA-1",))


def test_the_account_names_only_what_is_about_the_participant():
    event = an_event(
        resources=("Referral/a/1", "Referral/b/1"), about=("p1", "p2"), participants=("p1", "p2")
    )

    (found,) = accounting("p1", [event])

    assert found.resources == ("Referral/a/1",)


def test_the_account_is_told_oldest_first_as_parameters():
    days = (datetime(2026, 1, day, tzinfo=UTC) for day in (5, 6))
    early, late = (an_event(participants=("p1",), at=day) for day in days)

    told = parameters(Account("p1", "Agency/mdrs", accounting("p1", [late, early])))

    names = [each["name"] for each in told["parameter"]]
    events = [
        part["valueReference"]["reference"]
        for each in told["parameter"][2:]
        for part in each["part"]
        if part["name"] == "event"
    ]
    assert names == ["participant", "holder", "disclosure", "disclosure"]
    assert events == [f"AuditEvent/{early.id}", f"AuditEvent/{late.id}"]


def test_an_event_becomes_a_fhir_audit_event():
    told = resource(an_event(resources=("Referral/a/3",), participants=("p1",)))

    assert told["subtype"][0]["code"] == "read"
    assert (told["action"], told["outcome"]) == ("R", "0")
    assert [each["type"]["coding"][0]["code"] for each in told["agent"]] == [
        "client",
        "partner",
        "agency",
        "staff",
    ]
    assert [each["requestor"] for each in told["agent"]] == [True, False, False, False]
    assert [each["what"]["reference"] for each in told["entity"]] == [
        "Referral/a/_history/3",
        "ParticipantProfile/p1",
    ]
    assert {each["code"] for each in told["entity"][0]["securityLabel"]} == {"OPS", "PII-QUASI"}
    assert told["purposeOfEvent"][0]["coding"][0]["code"] == "service-coordination"


def test_an_attempt_to_authenticate_has_an_agent_too():
    at = datetime(2026, 1, 5, tzinfo=UTC)
    event = AuditEvent(
        id="e", at=at, request="r", interaction="authenticate", outcome="invalid_client", status=401
    )

    told = resource(event)

    assert told["type"]["code"] == "110114"
    assert (told["outcome"], told["outcomeDesc"]) == ("4", "invalid_client")
    assert len(told["agent"]) == 1
    assert "entity" not in told


@pytest.mark.parametrize(
    ("said", "code"),
    [({}, "0"), ({"outcome": "forbidden", "status": 403}, "4"), ({"status": 503}, "8")],
)
def test_a_refusal_and_a_fault_are_told_apart(said, code):
    assert outcome(an_event(**said)) == code
