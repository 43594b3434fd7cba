"""Who may write which row."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.model.access.client import Client
from app.model.access.decision import Decision
from app.model.access.ownership import refuse_foreign
from app.model.codec import encode
from app.model.errors import Forbidden
from app.model.version import Key, Version
from decisions import (
    FOOD,
    SCHOOL,
    WORK,
    YOUTH,
    a_decision,
    a_partner,
    a_policy,
    an_agreement,
    types,
)

NEW = None


def at(reference):
    return {"reference": reference}


def referral(source=WORK, target=FOOD, **changes):
    body = {"sourcePartner": at(a_partner(source)), "targetPartner": at(a_partner(target))}
    return {"resourceType": "Referral", **body, **changes}


def plan(by=WORK):
    return {"resourceType": "ParticipantSuccessPlan", "lastEditedBy": at(a_partner(by))}


def stored(body):
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Version(Key(body["resourceType"], "1"), 1, at, "client", encode(body))


def write(agency, former, body):
    kind = (body or former)["resourceType"]
    decision = a_decision(kind, agency, an_agreement(YOUTH, agency), interaction="update")
    refuse_foreign(decision, stored(former) if former else None, body)


def refused(is_refused):
    return pytest.raises(Forbidden) if is_refused else nullcontext()


@pytest.mark.parametrize(
    ("agency", "body", "is_refused"),
    [
        pytest.param(WORK, referral(WORK), False, id="its own"),
        pytest.param(FOOD, referral(WORK, FOOD), True, id="of which it is but the target"),
        pytest.param(SCHOOL, referral(WORK), True, id="of others"),
        pytest.param(WORK, {"resourceType": "Referral"}, True, id="of nobody"),
        pytest.param(
            WORK, referral(sourcePartner="Partner/work"), True, id="with an owner in text"
        ),
        pytest.param(WORK, referral(sourcePartner=at(["x"])), True, id="with an odd owner"),
        pytest.param(WORK, referral(sourcePartner=at(WORK)), True, id="of the agency itself"),
    ],
)
def test_a_new_row_is_its_writers(agency, body, is_refused):
    with refused(is_refused):
        write(agency, NEW, body)


@pytest.mark.parametrize(
    ("agency", "body", "is_refused"),
    [
        pytest.param(WORK, referral(note="x"), False, id="the owner"),
        pytest.param(FOOD, referral(note="x"), False, id="whoever has a part in it"),
        pytest.param(SCHOOL, referral(note="x"), True, id="nobody else"),
        pytest.param(SCHOOL, referral(target=SCHOOL), True, id="not by taking a part in it"),
        pytest.param(FOOD, referral(source=FOOD), True, id="not to take it over"),
        pytest.param(WORK, referral(source=FOOD), True, id="not to give it away"),
        pytest.param(WORK, {"resourceType": "Referral"}, True, id="not to leave it without owner"),
    ],
)
def test_a_change_is_for_those_with_a_part_in_it_and_leaves_the_owner(agency, body, is_refused):
    with refused(is_refused):
        write(agency, referral(), body)


def test_an_agency_that_is_named_itself_has_a_part_in_it():
    former = referral(targetAgency=at(SCHOOL))

    write(SCHOOL, former, {**former, "note": "x"})


@pytest.mark.parametrize(("agency", "is_refused"), [(WORK, False), (FOOD, True), (SCHOOL, True)])
def test_a_deletion_is_for_the_owner(agency, is_refused):
    with refused(is_refused):
        write(agency, referral(), None)


@pytest.mark.parametrize("former", [NEW, plan(FOOD), plan(WORK)])
@pytest.mark.parametrize(("by", "is_refused"), [(WORK, False), (FOOD, True)])
def test_what_all_keep_together_names_its_writer(former, by, is_refused):
    with refused(is_refused):
        write(WORK, former, plan(by))


def test_what_has_no_owner_is_for_every_partner():
    body = {"resourceType": "ParticipantProfile"}

    write(SCHOOL, NEW, body)
    write(SCHOOL, body, body)


@pytest.mark.parametrize("body", [referral(SCHOOL), None])
def test_staff_write_what_they_want(body):
    staff = Client("staff", frozenset({"hub/staff"}))
    decision = Decision(staff, "update", types()["Referral"], a_policy(), None, None)

    refuse_foreign(decision, stored(referral()), body)


def test_another_partner_of_the_same_agency_is_no_owner():
    decision = a_decision("Referral", WORK)
    other = replace(decision, client=Client("client", frozenset(), "Partner/second"))

    with pytest.raises(Forbidden):
        refuse_foreign(other, stored(referral()), None)


@pytest.mark.parametrize(("rights", "is_refused"), [((), True), (("hub/wages",), False)])
def test_a_new_row_tells_of_wages_only_by_the_wage_match(rights, is_refused):
    decision = a_decision("ParticipantServiceEnrollment", WORK, rights=rights, interaction="create")
    body = {"partner": at(a_partner(WORK)), "outcomes": {"wagesQ2": 6000}}

    with refused(is_refused):
        refuse_foreign(decision, NEW, body)
    refuse_foreign(decision, NEW, {"partner": at(a_partner(WORK))})
