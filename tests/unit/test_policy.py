"""Partners, agencies, programs and agreements made into the facts that decisions rest on."""

from datetime import date, timedelta

import pytest

from app.model.access.policy import SOURCES, Agreement, Party, Policy, policy_of
from builders import an_example
from decisions import COLLEGE, DAY, REHAB, REHAB_PROGRAM, WORK, a_partner, a_policy

DSA = "DataSharingAgreement"


def at(reference):
    return {"reference": reference}


def agreement(**changes):
    return {
        "resourceType": DSA,
        "id": "dsa-1",
        "disclosingAgency": at("Agency/food"),
        "recipientAgency": at("Agency/work"),
        "purposes": ["referral"],
        "labels": ["OPS"],
        "effectiveFrom": "2026-01-01",
        "status": "active",
        **changes,
    }


def agency(**changes):
    return {"resourceType": "Agency", "id": "food", **changes}


def own_agreement(**changes):
    """Return an agreement as an agency's own row tells it, the older way."""
    return {
        "agreementId": "DSA-1",
        "counterparty": at("Agency/work"),
        "purposes": ["referral"],
        "labels": ["OPS"],
        "effectiveFrom": "2026-01-01",
        **changes,
    }


def partner(**changes):
    return {
        "resourceType": "Partner",
        "id": "food",
        "agency": at("Agency/food"),
        "onboardingLevel": 2,
        "status": "active",
        **changes,
    }


def made_of(*resources, today=DAY):
    return policy_of(resources, today)


def test_an_agreement_names_its_parties_purposes_and_labels():
    assert made_of(agreement()).agreements == (
        Agreement(
            f"{DSA}/dsa-1",
            "Agency/food",
            "Agency/work",
            frozenset({"referral"}),
            frozenset({"OPS"}),
        ),
    )


def test_an_agency_tells_agreements_the_older_way():
    found = made_of(agency(dataSharingAgreements=[own_agreement()])).agreements

    assert [(each.name, each.discloser, each.recipient) for each in found] == [
        ("DSA-1", "Agency/food", "Agency/work")
    ]


@pytest.mark.parametrize(
    ("days", "counts"),
    [
        pytest.param((0, None), True, id="from its first day"),
        pytest.param((1, None), False, id="not the day before"),
        pytest.param((-9, 0), True, id="to its last day"),
        pytest.param((-9, -1), False, id="not the day after"),
        pytest.param((-9, 9), True, id="in between"),
    ],
)
@pytest.mark.parametrize("way", ["resource", "agency"])
def test_an_agreement_counts_from_its_first_day_to_its_last(way, days, counts):
    first, last = days
    period = {"effectiveFrom": (DAY + timedelta(first)).isoformat()}
    if last is not None:
        period["effectiveTo"] = (DAY + timedelta(last)).isoformat()
    told = {
        "resource": agreement(**period),
        "agency": agency(dataSharingAgreements=[own_agreement(**period)]),
    }

    assert bool(made_of(told[way]).agreements) == counts


@pytest.mark.parametrize("status", ["draft", "terminated", "expired", "suspended"])
def test_only_an_active_agreement_counts(status):
    assert not made_of(agreement(status=status)).agreements


def test_a_partner_brings_its_agency_level_and_status():
    policy = made_of(partner(status="suspended"))

    assert policy.parties == {"Partner/food": Party("Agency/food", 2, "suspended", 2)}
    assert not policy.parties["Partner/food"].is_admitted


def test_the_published_examples_of_all_sources_make_a_policy():
    rows = [{"id": "1", **an_example(name)} for name in SOURCES]

    policy = policy_of(rows, date(2026, 3, 1))

    assert policy.parties
    assert policy.regimes
    assert policy.programs


def test_a_program_under_the_law_of_rehabilitation_guards_by_its_agency():
    policy = made_of(
        {"resourceType": "Program", "id": "ilc", "agency": at("Agency/x")},
        {
            "resourceType": "Program",
            "id": "blind",
            "agency": at("Agency/y"),
            "confidentialityRegime": "vr-34cfr361",
        },
    )

    assert policy.guards == {"Program/blind": "Agency/y"}


def test_an_agency_of_rehabilitation_guards_itself_its_partners_and_its_programs():
    assert a_policy().guards == dict.fromkeys((REHAB, a_partner(REHAB), REHAB_PROGRAM), REHAB)


def test_whoever_has_a_part_in_a_resource_is_told_by_its_agency():
    policy = a_policy()
    ends = (a_partner(WORK), COLLEGE, REHAB_PROGRAM, "Partner/unknown", "LocalCenter/1")

    assert policy.agencies(ends) == {WORK, COLLEGE}
    assert policy.guarding(ends) == {REHAB}


def test_an_agency_is_named_by_itself_and_by_all_its_partners():
    policy = a_policy(second=Party(WORK, 0, "inactive"))

    assert policy.names_of(WORK) == {WORK, a_partner(WORK), "Partner/second"}


def test_without_rows_there_is_nobody():
    assert policy_of([], DAY) == Policy(DAY)
