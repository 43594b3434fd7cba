"""Which versions a header names, and what an answer says of a deprecated one."""

from email.utils import parsedate_to_datetime

import pytest
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from app.model.errors import Malformed
from app.model.publication import Publication
from app.web.negotiation import declared, plain, wanted
from app.web.publications.lifecycle import lifecycle_headers

ROOT = "https://hub.wioa.example/schemas"
ORIGIN = "http://hub.test"


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        pytest.param("application/json", {}, id="most clients declare nothing"),
        pytest.param(
            f'application/json; profile="{ROOT}/Referral|1.0.0"',
            {"Referral": "1.0.0"},
            id="an exact version",
        ),
        pytest.param(
            f'application/json;charset=utf-8;Profile="{ROOT}/Referral|1.0"',
            {"Referral": "1.0"},
            id="names of parameters have no case",
        ),
        pytest.param(
            f'application/fhir+json; profile="{ORIGIN}/schemas/Agency|2"',
            {"Agency": "2"},
            id="this hub's own address",
        ),
        pytest.param(
            f'application/json; profile="{ROOT}/Agency/1.0.0 {ROOT}/Referral|1.1.0"',
            {"Agency": "1.0.0", "Referral": "1.1.0"},
            id="several, one of them by its $id",
        ),
        pytest.param(
            f'application/json; profile="{ROOT}/Agency"', {}, id="a type says nothing of versions"
        ),
    ],
)
def test_a_media_type_declares_versions(header, versions):
    assert declared(header, ORIGIN) == versions


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(f"{ROOT}/Referral|1.0.0", id="not quoted"),
        pytest.param(f'"{ROOT}/Referral|1.0.0', id="a quote without its end"),
        pytest.param(f'"{ROOT}/Referral|latest"', id="no number"),
        pytest.param(f'"{ROOT}/Referral|1.0.0.0"', id="four numbers"),
        pytest.param('"https://elsewhere.example/schemas/Referral|1.0.0"', id="a foreign hub"),
        pytest.param(f'"{ROOT}.evil/Referral|1.0.0"', id="almost ours"),
        pytest.param(f'"{ROOT}/Referral|1.0.0 {ROOT}/Referral|1.1.0"', id="one type twice"),
        pytest.param(f'"{ROOT}/Agency|1"; profile="{ROOT}/Agency|1"', id="two parameters"),
        pytest.param('"' + " ".join(f"{ROOT}/{'A' * n}|1" for n in range(1, 99)) + '"', id="many"),
    ],
)
def test_a_profile_that_is_no_version_of_ours_is_refused_with_its_header(profile):
    with pytest.raises(Malformed) as refused:
        declared(f"application/json; profile={profile}", ORIGIN)

    assert refused.value.issues[0].pointer == "Content-Type"
    assert "elsewhere" not in str(refused.value)


@pytest.mark.parametrize(
    ("accept", "versions"),
    [
        ("", {}),
        ("*/*", {}),
        (f'application/json; profile="{ROOT}/Referral|1.0.0"', {"Referral": "1.0.0"}),
        (
            (
                f'application/json; profile="{ROOT}/Referral|1.0.0"; q=0.2, text/html, '
                f'application/fhir+json; q=0.9; profile="{ROOT}/Referral|1.1.0"'
            ),
            {"Referral": "1.1.0"},
        ),
        (f'text/html; profile="{ROOT}/Referral|1.0.0"', {}),
        (f'application/json; profile="{ROOT}/Referral|1.0.0"; q=0', {}),
    ],
)
def test_accept_asks_for_the_versions_of_the_range_that_is_liked_best(accept, versions):
    assert wanted(accept) == versions


def test_a_profile_in_accept_that_is_none_of_ours_is_refused():
    with pytest.raises(Malformed) as refused:
        wanted('application/json; profile="https://elsewhere.example/x"')

    assert refused.value.issues[0].pointer == "Accept"


def test_media_types_are_negotiated_without_their_profiles():
    accept = f'text/html, application/json; profile="{ROOT}/A|1 {ROOT}/B|1"; q=0.5, */*;q=0.1'

    left = plain(accept)

    assert left == "text/html, application/json;q=0.5, */*;q=0.1"
    best = parse_accept_header(left, MIMEAccept).best_match(["application/json"])
    assert best == "application/json"


def test_a_deprecated_version_says_so_until_when_and_what_follows():
    one = Publication(
        "Referral",
        "1.0.0",
        b"{}",
        "deprecated",
        deprecated_at="2026-05-01T12:00:00.000Z",
        sunset="2027-05-01",
        alternative="1.1.0",
    )

    found = lifecycle_headers(one, ORIGIN)

    assert ("Deprecation", "@1777636800") in found
    assert parsedate_to_datetime(dict(found)["Sunset"]).isoformat() == "2027-05-01T00:00:00+00:00"
    assert [value for name, value in found if name == "Link"] == [
        f'<{ORIGIN}/schemas/Referral/1.0.0/docs>; rel="deprecation"',
        f'<{ORIGIN}/schemas/Referral/1.0.0/status>; rel="sunset"',
        f'<{ORIGIN}/schemas/Referral/1.1.0>; rel="successor-version"',
    ]


def test_a_published_version_says_nothing_of_its_end():
    assert lifecycle_headers(Publication("Referral", "1.0.0", b"{}"), ORIGIN) == []
