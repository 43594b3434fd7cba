"""Only the agency that discloses says that a participant consented."""

import pytest

from app.rules.consent import TEXT, faults
from decisions import FOOD, REHAB, SCHOOL, WORK, types

VR = "vr-34cfr361"
CONSENT, PROFILE = "Consent", "ParticipantProfile"


def entry(discloser=REHAB, **changes):
    """Return what a consent on a profile says."""
    said = {"regime": VR, "grantedOn": "2026-01-01", "recipients": [{"reference": WORK}]}
    return {**said, "disclosingAgency": {"reference": discloser}, **changes}


def consent(status="active", discloser=REHAB, **changes):
    return entry(discloser, resourceType=CONSENT, status=status, **changes)


def profile(*consents):
    return {"resourceType": PROFILE, "consents": [*consents]}


def pointers(former, body, agency=WORK):
    """Return what of a write is refused."""
    kind = types()[body["resourceType"]]
    found = faults(kind, former, body, agency)
    assert {(each.code, each.detail, each.text) for each in found} <= {
        ("forbidden", "not-discloser", TEXT)
    }
    return [each.pointer for each in found]


@pytest.mark.parametrize(("agency", "refused"), [
    pytest.param(REHAB, [], id="the discloser"),
    pytest.param(None, [], id="state staff"),
    pytest.param(WORK, ["/status"], id="the recipient"),
    pytest.param(FOOD, ["/status"], id="a third agency"),
])  # fmt: skip
@pytest.mark.parametrize("former", [None, consent("proposed"), consent()])
def test_only_the_discloser_makes_a_consent_active(former, agency, refused):
    assert pointers(former, consent(), agency) == refused


@pytest.mark.parametrize("status", ["proposed", "withdrawn", "expired", "entered-in-error"])
def test_anyone_proposes_and_anyone_ends(status):
    assert pointers(None, consent(status)) == []
    assert pointers(consent(), consent(status)) == []


@pytest.mark.parametrize("named", [{}, None, REHAB, {"reference": None}, {"display": REHAB}])
def test_a_consent_that_names_no_discloser_is_nobodys_to_make_active(named):
    body = consent() | {"disclosingAgency": named}

    assert pointers(None, body, REHAB) == ["/status"]
    assert pointers(None, {k: v for k, v in body.items() if k != "disclosingAgency"}) == ["/status"]


def test_each_new_entry_of_a_profile_is_for_its_discloser():
    new = profile(entry(), entry(WORK), entry(SCHOOL))

    assert pointers(None, new) == ["/consents/0", "/consents/2"]
    assert pointers(profile(), new, REHAB) == ["/consents/1", "/consents/2"]
    assert pointers(None, new, None) == []


def test_what_stood_on_the_profile_may_stay_and_move_and_go():
    one, other = entry(), entry(SCHOOL)

    assert pointers(profile(one, other), profile(other, one)) == []
    assert pointers(profile(one, other), profile(other)) == []
    assert pointers(profile(one, other), {"resourceType": PROFILE}) == []


@pytest.mark.parametrize("change", [
    {"recipients": [{"reference": WORK}, {"reference": FOOD}]},
    {"expiresOn": "2030-01-01"},
    {"disclosingAgency": {"reference": SCHOOL}},
])  # fmt: skip
def test_an_entry_that_was_changed_is_a_new_one(change):
    assert pointers(profile(entry()), profile(entry(**change))) == ["/consents/0"]


def test_anyone_revokes_an_entry_and_nobody_but_the_discloser_takes_that_back():
    revoked = entry(revokedOn="2026-02-01")

    assert pointers(profile(entry()), profile(revoked)) == []
    assert pointers(profile(), profile(revoked)) == []
    assert pointers(profile(revoked), profile(entry())) == ["/consents/0"]
    assert pointers(profile(revoked), profile(entry()), REHAB) == []


def test_other_types_are_no_matter_of_consent():
    body = {"resourceType": "Referral", "status": "active", "consents": [entry()]}

    assert pointers(None, body) == []
