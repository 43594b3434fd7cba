"""Whether a client may do something with a type at all, before any row is looked at."""

import pytest

from app.model.access.authorize import authorize, authorize_system, standing
from app.model.access.client import LETTER, Client
from app.model.access.policy import Party
from app.model.access.purpose import PURPOSES, refuse_unknown
from app.model.errors import Forbidden, LevelMissing, Malformed
from decisions import FOOD, PURPOSE, WORK, a_client, a_partner, a_policy, an_agreement, types

AGREED = an_agreement(FOOD, WORK)
STAFF = Client("staff", frozenset({"system/*.cruds", "hub/staff"}))
WRITES = ("create", "update", "patch", "delete")
READS = sorted({*LETTER} - {*WRITES})


def ask(client, interaction, kind, purpose=PURPOSE, policy=None):
    known = policy or a_policy(AGREED)
    return authorize(client, interaction, types()[kind], purpose, known)


@pytest.mark.parametrize("interaction", [*READS, *WRITES])
def test_a_partner_may_do_anything_with_data_that_scope_level_and_agreement_allow(interaction):
    decision = ask(a_client(WORK), interaction, "Referral")

    assert decision.agency == WORK
    assert not decision.is_open


@pytest.mark.parametrize("interaction", [*READS, *WRITES])
def test_nothing_is_allowed_without_a_scope_even_to_staff(interaction):
    for rights in ((), ("hub/staff",)):
        client = Client("none", frozenset({"system/Consent.cruds", *rights}), a_partner(WORK))

        with pytest.raises(Forbidden) as refusal:
            ask(client, interaction, "Referral")

        assert f"system/Referral.{LETTER[interaction]}" in str(refusal.value)


@pytest.mark.parametrize("interaction", READS)
def test_lookups_are_read_by_whoever_has_a_scope(interaction):
    for partner in (None, "Partner/unknown", a_partner(WORK)):
        client = Client("any", frozenset({"system/*.rs"}), partner)

        assert ask(client, interaction, "Agency", purpose=None).is_open


@pytest.mark.parametrize("interaction", ["create", "update", "patch"])
def test_only_staff_write_lookups(interaction):
    assert ask(STAFF, interaction, "Agency").is_open
    with pytest.raises(Forbidden):
        ask(a_client(WORK), interaction, "Agency")


@pytest.mark.parametrize("interaction", [*READS, *WRITES])
@pytest.mark.parametrize(
    ("client", "parties"),
    [
        pytest.param(Client("x", frozenset({"system/*.cruds"})), {}, id="no partner"),
        pytest.param(
            Client("x", frozenset({"system/*.cruds"}), "Partner/unknown"), {}, id="unknown partner"
        ),
        pytest.param(a_client(WORK), {"work": Party(WORK, 4, "suspended")}, id="suspended"),
        pytest.param(a_client(WORK), {"work": Party(WORK, 4, "inactive")}, id="inactive"),
        pytest.param(a_client(WORK), {"work": Party(WORK, 4, "")}, id="a status nobody knows"),
    ],
)
def test_data_is_for_admitted_partners(client, parties, interaction):
    policy = a_policy(AGREED, **parties)

    with pytest.raises(Forbidden):
        ask(client, interaction, "Referral", policy=policy)


def test_a_partner_that_is_being_onboarded_is_admitted():
    policy = a_policy(AGREED, work=Party(WORK, 4, "onboarding"))

    assert ask(a_client(WORK), "read", "Referral", policy=policy).agency == WORK


@pytest.mark.parametrize("interaction", [*READS, *WRITES])
def test_a_partner_says_why_it_asks_for_data(interaction):
    with pytest.raises(Forbidden) as refusal:
        ask(a_client(WORK), interaction, "Referral", purpose=None)

    assert "Purpose-Of-Use" in str(refusal.value)


@pytest.mark.parametrize("interaction", [*READS, *WRITES])
@pytest.mark.parametrize("kind", ["ParticipantProfile", "ParticipantSuccessPlan"])
@pytest.mark.parametrize(
    "agreements",
    [
        pytest.param((), id="none"),
        pytest.param((an_agreement(WORK, FOOD),), id="the other way"),
        pytest.param((an_agreement(FOOD, WORK, purposes=["research"]),), id="another purpose"),
        pytest.param((an_agreement(FOOD, WORK, "PII-DIRECT"),), id="without OPS"),
    ],
)
def test_what_all_keep_together_takes_some_agreement_in_force(kind, interaction, agreements):
    with pytest.raises(Forbidden):
        ask(a_client(WORK), interaction, kind, policy=a_policy(*agreements))


def test_what_a_partner_owns_takes_no_agreement():
    assert ask(a_client(WORK), "create", "Referral", policy=a_policy()).agency == WORK


@pytest.mark.parametrize("interaction", WRITES)
@pytest.mark.parametrize("kind", sorted(name for name, kind in types().items() if kind.level))
def test_a_write_takes_the_level_of_its_type(kind, interaction):
    level = types()[kind].level
    below, enough = (a_policy(AGREED, work=Party(WORK, n, "active")) for n in (level - 1, level))

    assert ask(a_client(WORK), interaction, kind, policy=enough)
    assert ask(STAFF, interaction, kind, policy=below).is_open
    with pytest.raises(LevelMissing) as refusal:
        ask(a_client(WORK), interaction, kind, policy=below)

    assert f"conformance run L{level}" in str(refusal.value)


@pytest.mark.parametrize("interaction", READS)
def test_reading_takes_no_level(interaction):
    policy = a_policy(AGREED, work=Party(WORK, 0, "onboarding"))

    assert ask(a_client(WORK), interaction, "ParticipantSuccessPlan", policy=policy)


def test_a_reference_takes_no_scope_but_everything_else():
    client = Client("none", frozenset(), a_partner(WORK))
    kind = types()["ParticipantProfile"]

    assert standing(client, "read", kind, PURPOSE, a_policy(AGREED)).agency == WORK
    for purpose, policy in ((None, a_policy(AGREED)), (PURPOSE, a_policy())):
        with pytest.raises(Forbidden):
            standing(client, "read", kind, purpose, policy)


def test_the_whole_system_takes_the_wildcard():
    authorize_system(STAFF, "history-system")
    with pytest.raises(Forbidden):
        authorize_system(Client("one", frozenset({"system/Agency.cruds"})), "history-system")


@pytest.mark.parametrize("purpose", ["", "Eligibility", "eligibility,referral", " referral", "x"])
def test_a_purpose_that_is_not_on_the_list_is_refused(purpose):
    with pytest.raises(Malformed) as refusal:
        refuse_unknown(purpose)

    assert not purpose.strip() or purpose not in str(refusal.value)


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_every_purpose_of_the_list_is_taken_as_it_is_written(purpose):
    refuse_unknown(purpose)
