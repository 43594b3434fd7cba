"""Which consents count for whom, for what and on which day."""

import pytest

from app.model.access.consent import grants, is_carried, profile_grants
from decisions import DAY, FOOD, PURPOSE, REHAB, WORK

VR = "vr-34cfr361"
DAYS = [
    pytest.param({}, True, id="since before"),
    pytest.param({"grantedOn": "2026-03-01"}, True, id="from its first day"),
    pytest.param({"grantedOn": "2026-03-02"}, False, id="not the day before"),
    pytest.param({"expiresOn": "2026-03-01"}, True, id="to its last day"),
    pytest.param({"expiresOn": "2026-02-28"}, False, id="not the day after"),
]


def at(reference):
    return {"reference": reference}


def words(**changes):
    """Return what a consent says, wherever it stands."""
    return {
        "regime": VR,
        "disclosingAgency": at(REHAB),
        "recipients": [at(WORK)],
        "grantedOn": "2026-01-01",
        **changes,
    }


def consent(**changes):
    return {"resourceType": "Consent", "id": "c1", "status": "active", **words(**changes)}


def given(*consents, recipient=WORK, purpose=PURPOSE):
    return [*grants(consents, recipient, purpose, DAY)]


def on_profile(*rows, consents=(), recipient=WORK):
    return [*profile_grants({"id": "p1", "consents": [*rows]}, consents, recipient, DAY)]


def test_a_consent_says_under_which_law_who_may_disclose():
    assert given(consent()) == [(VR, REHAB, "Consent/c1")]
    assert on_profile(words()) == [(VR, REHAB, "ParticipantProfile/p1")]


@pytest.mark.parametrize(("period", "counts"), DAYS)
def test_a_consent_counts_from_its_first_day_to_its_last(period, counts):
    assert bool(given(consent(**period))) == counts
    assert bool(on_profile(words(**period))) == counts


@pytest.mark.parametrize("status", ["draft", "withdrawn", "expired", "refused", ""])
def test_only_an_active_consent_counts(status):
    assert not given(consent(status=status))


def test_a_consent_counts_for_its_recipients_only():
    several = words(recipients=[at(FOOD), at(WORK)])

    assert given(consent(**several))
    assert not given(consent(), recipient=FOOD)
    assert on_profile(several)
    assert not on_profile(words(), recipient=FOOD)


@pytest.mark.parametrize(
    ("purposes", "purpose", "counts"),
    [
        pytest.param([PURPOSE], PURPOSE, True, id="the one it names"),
        pytest.param(["referral", PURPOSE], PURPOSE, True, id="one of several"),
        pytest.param(["referral"], PURPOSE, False, id="another"),
        pytest.param(["referral"], None, False, id="none told"),
        pytest.param(None, "research", True, id="any, as it names none"),
        pytest.param([], PURPOSE, False, id="an empty list allows nothing"),
    ],
)
def test_a_consent_counts_for_its_purposes(purposes, purpose, counts):
    named = {} if purposes is None else {"purposes": purposes}

    assert bool(given(consent(**named), purpose=purpose)) == counts


def test_each_consent_stands_for_itself():
    found = given(consent(status="withdrawn"), consent(id="c2"))

    assert [each.basis for each in found] == ["Consent/c2"]


class TestOnTheProfile:
    """The older way: consents among a participant's own elements."""

    def test_one_that_was_revoked_counts_no_more(self):
        assert not on_profile(words(revokedOn="2026-02-01"))

    @pytest.mark.parametrize("on", ["2026-01-01", "2026-02-01"])
    def test_one_that_a_consent_resource_withdrew_counts_no_more(self, on):
        assert not on_profile(words(), consents=[consent(status="withdrawn", withdrawnOn=on)])

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param({"regime": "ferpa-34cfr99"}, id="under another law"),
            pytest.param({"disclosingAgency": at(FOOD)}, id="of another agency"),
            pytest.param({"withdrawnOn": "2025-12-31"}, id="before it was given"),
            pytest.param({"status": "expired"}, id="not withdrawn at all"),
        ],
    )
    def test_what_was_withdrawn_elsewhere_does_not_touch_it(self, other):
        gone = {"status": "withdrawn", "withdrawnOn": "2026-02-01", **other}

        assert on_profile(words(), consents=[consent(**gone)])

    def test_a_profile_may_hold_none(self):
        assert not [*profile_grants({"id": "p1"}, [], WORK, DAY)]


@pytest.mark.parametrize(
    ("consented", "carried"),
    [
        ({"obtainedOn": "2026-01-01"}, True),
        ({"obtainedOn": "2026-01-01", "expiresOn": "2026-03-01"}, True),
        ({"obtainedOn": "2026-01-01", "expiresOn": "2026-02-28"}, False),
        ({"expiresOn": "2027-01-01"}, False),
        ({}, False),
    ],
)
def test_a_referral_carries_a_consent_that_was_obtained_and_is_in_force(consented, carried):
    assert is_carried({"consent": consented}, DAY) == carried


def test_a_referral_without_one_carries_none():
    assert not is_carried({}, DAY)
