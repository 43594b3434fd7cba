"""What a plan learns of referrals, enrollments and credentials, and what it never learns."""

import pytest

from app.rules.plans import links
from app.rules.workflow import Actor, Move
from plans import (
    PLAN,
    a_credential,
    a_plan,
    a_profile,
    a_referral,
    an_enrollment,
    an_item,
    at,
    plan_item,
    reference,
)
from rule_facts import RuleFacts

MCCB = Actor("Partner/mccb-adult-education", "Agency/mccb")
FOLLOW = {
    "Referral": links.after_referral,
    "ParticipantServiceEnrollment": links.after_enrollment,
    "ParticipantCredential": links.after_credential,
}
ENROLLMENT, REFERRAL = at("ParticipantServiceEnrollment/enrollment"), at("Referral/referral")
BARRIER = {"itemId": "c", "barrier": "transportation", "source": "participant", "status": "open"}
RIDE = {**BARRIER, "remedyService": at("Service/support-transportation")}


def followed(plan, body, *rows, former=None):
    """Return the plan after a write about its participant."""
    facts = RuleFacts(a_profile(), *rows, body, plan)
    effects = FOLLOW[body["resourceType"]](Move(reference(body), former, body, MCCB), facts)
    assert {each.reference for each in effects} <= {PLAN}
    return effects[0].body if effects else plan


def ride(status="enrolled", **changes):
    return an_enrollment("support-transportation", "title1-adult", status=status, **changes)


def item_after(item, body, *rows, former=None):
    """Return the only item of a plan after a write about its participant."""
    return followed(a_plan(schedule=[item]), body, *rows, former=former)["schedule"][0]


def test_a_referral_made_for_an_item_is_its_referral():
    assert item_after(an_item(), a_referral()) == an_item(status="referred", referral=REFERRAL)


def test_a_referral_that_names_no_item_of_the_plan_changes_nothing():
    other = {"successPlan": at("ParticipantSuccessPlan/other"), "itemId": "item-1"}
    ad_hoc = {k: v for k, v in a_referral().items() if k != "planItem"}

    for body in (a_referral(planItem=other), a_referral(planItem=plan_item("none")), ad_hoc):
        assert item_after(an_item(), body) == an_item()


@pytest.mark.parametrize("ended", [
    {"status": "rejected"}, {"status": "cancelled"}, {"status": "entered-in-error"},
    {"status": "closed", "outcome": "no-show"}, {"status": "closed", "outcome": "declined"},
    {"status": "closed", "outcome": "ineligible"},
])  # fmt: skip
def test_an_item_whose_referral_came_to_nothing_is_planned_again(ended):
    item = an_item(status="referred", referral=REFERRAL)

    assert item_after(item, a_referral(**ended), former=a_referral()) == an_item()


def test_an_item_is_carried_out_by_the_enrollment_that_a_served_referral_led_to():
    item = an_item(status="referred", referral=REFERRAL)
    served = a_referral(status="closed", outcome="served", resultEnrollment=ENROLLMENT)

    found = item_after(item, served, an_enrollment(), former=a_referral())

    assert found == {**item, "status": "enrolled", "enrollment": ENROLLMENT}


@pytest.mark.parametrize(("status", "becomes"), [
    ("enrolled", "enrolled"), ("completed", "completed"), ("withdrawn", "dropped"),
])  # fmt: skip
def test_an_enrollment_that_names_an_item_is_its_enrollment(status, becomes):
    body = an_enrollment("ase-instruction", status=status, planItem=plan_item())

    assert item_after(an_item(), body) == an_item(status=becomes, enrollment=ENROLLMENT)


def test_an_enrollment_carries_out_the_first_open_item_of_its_service_and_program():
    items = [
        an_item(at_place=1, status="dropped"),
        an_item(at_place=3),
        an_item(at_place=2, program=at("Program/title2-aefla")),
        an_item(at_place=4, program=at("Program/perkins-cte")),
    ]

    found = followed(a_plan(schedule=items), an_enrollment())

    linked = {each["itemId"] for each in found["schedule"] if "enrollment" in each}
    assert linked == {"item-2"}


def test_an_enrollment_of_another_service_carries_out_the_item_of_its_referral():
    item = an_item(status="referred", referral=REFERRAL)

    found = item_after(item, an_enrollment("abe-instruction", referral=REFERRAL))

    assert (found["status"], found["enrollment"]) == ("enrolled", ENROLLMENT)


@pytest.mark.parametrize("body", [
    pytest.param(an_enrollment(status="planned"), id="only planned"),
    pytest.param(an_enrollment("abe-instruction"), id="another service"),
    pytest.param(an_enrollment(planItem=plan_item("none")), id="another item"),
])  # fmt: skip
def test_other_enrollments_carry_out_nothing(body):
    assert item_after(an_item(), body) == an_item()


def test_an_enrollment_goes_on_with_its_item_to_the_end():
    started = an_enrollment()
    item = an_item(status="enrolled", enrollment=ENROLLMENT)

    done, gone = (
        item_after(item, an_enrollment(status=each), former=started)
        for each in ("completed", "withdrawn")
    )

    assert (done["status"], gone["status"]) == ("completed", "dropped")


def test_an_enrollment_recorded_by_mistake_leaves_its_item_as_it_was():
    item = an_item(status="enrolled", referral=REFERRAL, enrollment=ENROLLMENT)
    mistake = an_enrollment(status="entered-in-error")

    found = item_after(item, mistake, former=an_enrollment())

    assert found == an_item(status="referred", referral=REFERRAL)


def test_an_enrollment_that_moves_to_another_item_leaves_the_first():
    items = [an_item(at_place=1, status="enrolled", enrollment=ENROLLMENT), an_item(at_place=2)]
    body = an_enrollment(planItem=plan_item("item-2"))

    found = followed(a_plan(schedule=items), body, former=an_enrollment())

    assert [each["status"] for each in found["schedule"]] == ["planned", "enrolled"]


def test_an_edit_of_the_contact_hours_is_not_followed():
    item = an_item(status="dropped", enrollment=ENROLLMENT)

    found = item_after(item, an_enrollment(contactHours=12.5), former=an_enrollment())

    assert found == item


@pytest.mark.parametrize("status", ["planned", "referred", "enrolled"])
def test_an_expected_credential_completes_its_item(status):
    item = an_item(status=status, expectedCredential=at("Credential/hse-diploma"))
    plan = a_plan(schedule=[item, an_item(at_place=2)])

    found = followed(plan, a_credential())

    assert [each["status"] for each in found["schedule"]] == ["completed", "planned"]
    assert found["pathway"] == "training"


def test_a_completed_item_stays_so_when_the_person_leaves_the_class():
    item = an_item(status="completed", enrollment=ENROLLMENT)

    found = item_after(item, an_enrollment(status="withdrawn"), former=an_enrollment())

    assert found == item


def test_a_credential_that_is_revoked_leads_the_person_back():
    plan = a_plan(pathway="training")

    found = followed(plan, a_credential(status="revoked"), former=a_credential())

    assert found["pathway"] == "smart-start"


def test_a_remedy_shows_when_staff_enroll_the_person():
    found = followed(a_plan(challenges=[RIDE, BARRIER]), ride())["challenges"]

    assert found == [
        {**RIDE, "status": "being-remedied", "remedyEnrollment": ENROLLMENT},
        BARRIER,
    ]


def test_a_remedy_may_name_its_challenge():
    found = followed(a_plan(challenges=[BARRIER]), ride(planItem=plan_item("c")))["challenges"][0]

    assert found == {**RIDE, "status": "being-remedied", "remedyEnrollment": ENROLLMENT}


@pytest.mark.parametrize(("status", "becomes"), [
    ("completed", "resolved"), ("withdrawn", "open"), ("entered-in-error", "open"),
])  # fmt: skip
def test_a_challenge_is_resolved_by_the_remedys_end_and_open_again_without_it(status, becomes):
    under_way = {**RIDE, "status": "being-remedied", "remedyEnrollment": ENROLLMENT}

    found = followed(a_plan(challenges=[under_way]), ride(status), former=ride())["challenges"][0]

    assert found["status"] == becomes
    assert ("remedyEnrollment" in found) == (becomes == "resolved")


@pytest.mark.parametrize(("service", "strategy"), [
    ("training-ojt", "ojt"), ("transitional-job", "subsidized"), ("internship", "internship"),
    ("work-experience", "work-experience"),
])  # fmt: skip
def test_a_transitional_strategy_gets_its_enrollment(service, strategy):
    ways = [{"strategy": each, "participantInterested": True} for each in ("other", strategy)]
    plan = a_plan(transitionalEmployment=ways)

    body = an_enrollment(service, "title1-adult")
    found = followed(plan, body)
    back = followed(found, body | {"status": "entered-in-error"}, former=body)

    assert found["transitionalEmployment"] == [ways[0], {**ways[1], "enrollment": ENROLLMENT}]
    assert back["transitionalEmployment"] == ways


@pytest.mark.parametrize(("body", "status"), [
    pytest.param(ride(), "active", id="enrolled by staff"),
    pytest.param(ride("completed"), "active", id="served at once"),
    pytest.param(ride("planned"), "tentative", id="only planned"),
    pytest.param(
        an_enrollment("self-service-job-search", "title3-wagner-peyser"), "tentative", id="self"
    ),
    pytest.param(an_enrollment("vr-assessment", "title4-vr"), "tentative", id="guarded"),
])  # fmt: skip
def test_a_plan_is_active_from_the_first_staff_enrollment_on(body, status):
    assert followed(a_plan(), body)["status"] == status


@pytest.mark.parametrize("status", ["completed", "discontinued"])
def test_a_closed_plan_is_not_linked(status):
    plan = a_plan(status=status, schedule=[an_item()])

    for body in (a_referral(), an_enrollment(), a_credential()):
        assert followed(plan, body) == plan


@pytest.mark.parametrize("body", [
    a_referral("title4-vr"),
    a_referral(sourcePartner=at("Partner/mdrs-vr")),
    an_enrollment("vr-assessment", "title4-vr", planItem=plan_item()),
    an_enrollment(provider=at("Partner/mdrs-vr"), planItem=plan_item()),
    an_enrollment("vr-assessment", "title4-vr", planItem=plan_item("c")),
    an_enrollment("vr-assessment", "title4-vr", status="completed", planItem=plan_item()),
    a_credential(partner=at("Partner/mdrs-vr")),
], ids=lambda body: body["resourceType"])  # fmt: skip
def test_vocational_rehabilitation_leaves_no_trace_in_a_plan(body):
    item = an_item(expectedCredential=at("Credential/hse-diploma"))
    challenge = {**BARRIER, "barrier": "disability", "remedyService": at("Service/vr-assessment")}
    plan = a_plan(schedule=[item], challenges=[challenge])

    facts = RuleFacts(a_profile(), body, plan)
    effects = FOLLOW[body["resourceType"]](Move(reference(body), None, body, MCCB), facts)

    assert not effects


def test_an_item_of_vocational_rehabilitation_follows_nothing():
    item = an_item(program=at("Program/title4-vr"), expectedCredential=at("Credential/hse-diploma"))

    for body in (a_referral(), an_enrollment(planItem=plan_item()), a_credential()):
        assert item_after(item, body) == item
