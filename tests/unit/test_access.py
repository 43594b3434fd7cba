import pytest

from app.model.access.client import Client, granted, parse_scopes
from app.model.errors import Malformed


def a_client(scopes):
    return Client("mdes", parse_scopes(scopes), "Partner/mdes")


@pytest.mark.parametrize(
    ("scopes", "interaction", "kind"),
    [
        pytest.param("system/Referral.c", "create", "Referral", id="create takes c"),
        pytest.param("system/Referral.r", "vread", "Referral", id="a version is read with r"),
        pytest.param("system/Referral.r", "history-instance", "Referral", id="so is its history"),
        pytest.param("system/Referral.u", "patch", "Referral", id="a patch is an update"),
        pytest.param("system/Referral.d", "delete", "Referral", id="delete takes d"),
        pytest.param("system/Referral.s", "search-type", "Referral", id="search takes s"),
        pytest.param("system/*.rs", "read", "Agency", id="a wildcard covers every type"),
        pytest.param("system/*.s", "history-system", "*", id="the system needs the wildcard"),
        pytest.param("system/Agency.r system/*.s", "search-type", "Agency", id="scopes add up"),
        pytest.param("system/Agency.r system/Agency.u", "update", "Agency", id="for one type too"),
    ],
)
def test_a_scope_allows_what_its_letters_say(scopes, interaction, kind):
    client = a_client(scopes)

    assert client.may(interaction, kind)


@pytest.mark.parametrize(
    ("scopes", "interaction", "kind"),
    [
        pytest.param("system/Referral.r", "search-type", "Referral", id="r does not search"),
        pytest.param("system/Referral.s", "read", "Referral", id="s does not read"),
        pytest.param("system/Referral.cruds", "read", "Agency", id="another type"),
        pytest.param("system/Referral.cruds", "search-type", "ReferralNote", id="a longer name"),
        pytest.param("system/Agency.cruds", "history-system", "*", id="one type is not the system"),
        pytest.param("hub/staff", "read", "Agency", id="a staff scope opens no type"),
        pytest.param("", "read", "Agency", id="no scope at all"),
    ],
)
def test_what_no_scope_allows_is_forbidden(scopes, interaction, kind):
    client = a_client(scopes)

    assert not client.may(interaction, kind)


@pytest.mark.parametrize(
    "text",
    [
        "system/Referral",
        "system/Referral.",
        "system/Referral.sr",
        "system/Referral.rr",
        "system/Referral.x",
        "system/referral.r",
        "system/Réferral.r",
        "patient/Referral.r",
        "user/*.cruds",
        "hub/9",
        "hub/Staff",
        "system/*.rs launch",
        "openid",
    ],
)
def test_an_ill_formed_scope_is_refused_without_being_quoted(text):
    with pytest.raises(Malformed) as refusal:
        parse_scopes(text)

    assert text not in str(refusal.value)


def test_scopes_are_separated_by_any_blanks():
    assert parse_scopes(" hub/staff  system/*.rs ") == {"hub/staff", "system/*.rs"}


@pytest.mark.parametrize(
    ("asked", "allowed", "expected"),
    [
        pytest.param("system/A.rs", "system/A.cruds", {"system/A.rs"}, id="part of what is held"),
        pytest.param("system/A.cruds", "system/A.rs", {"system/A.rs"}, id="letters are cut"),
        pytest.param("system/A.cruds", "system/*.rs", {"system/A.rs"}, id="a held wildcard counts"),
        pytest.param(
            "system/A.cruds", "system/*.s system/A.c", {"system/A.cs"}, id="and adds to the type's"
        ),
        pytest.param("system/A.r", "system/B.r", set(), id="another type gives nothing"),
        pytest.param("system/A.u", "system/A.rs", set(), id="no letter in common"),
        pytest.param(
            "system/*.rs",
            "system/A.cruds system/B.r",
            {"system/A.rs", "system/B.r"},
            id="an asked wildcard means all that is held",
        ),
        pytest.param(
            "system/*.cruds",
            "system/*.rs system/A.cu",
            {"system/*.rs", "system/A.crus"},
            id="a wildcard against both",
        ),
        pytest.param("hub/staff", "hub/staff system/*.rs", {"hub/staff"}, id="a staff scope held"),
        pytest.param("hub/staff", "system/*.cruds", set(), id="a wildcard is no staff scope"),
    ],
)
def test_asked_scopes_are_narrowed_to_what_is_allowed(asked, allowed, expected):
    assert granted(parse_scopes(asked), parse_scopes(allowed)) == expected


def test_narrowing_never_allows_more_than_was_held():
    held = parse_scopes("system/*.s system/A.cu system/B.rd")
    wide = parse_scopes("system/*.cruds")

    client = Client("narrow", granted(wide, held))

    for kind in ("A", "B", "C"):
        for interaction in ("create", "read", "update", "delete", "search-type"):
            assert client.may(interaction, kind) == Client("held", held).may(interaction, kind)


def test_a_write_is_said_to_come_from_the_partner_or_else_from_the_client():
    assert Client("mdes", frozenset(), "Partner/mdes").source == "Partner/mdes"
    assert Client("state-staff", frozenset()).source == "urn:wioa-hub:client:state-staff"
