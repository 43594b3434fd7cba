"""The CapabilityStatement says what the registry publishes, no more and no less."""

import tomllib
from pathlib import Path

import pytest

from app.model.capability import LIMITS, RELEASE, capability

URL = "https://hub.test/v1"


@pytest.fixture
def rest(registry):
    """Return the one `rest` part of the statement."""
    limits = {"max_body_bytes": 1024, "max_count": 50, "max_bundle_entries": 9}
    return capability(registry, URL, **limits)["rest"][0]


def of_type(rest, name):
    """Return what the statement says of a type."""
    return next(each for each in rest["resource"] if each["type"] == name)


def codes(stated):
    """Return the interaction codes."""
    return {each["code"] for each in stated["interaction"]}


def test_every_published_type_is_stated_with_its_canonical_profile(rest, registry):
    stated = {each["type"]: each["profile"] for each in rest["resource"]}

    assert stated.pop("AuditEvent").startswith("http://hl7.org/fhir/")
    assert stated == {name: kind.url for name, kind in registry.types.items()}


def test_a_lookup_is_created_at_its_id_and_never_deleted(rest):
    stated = of_type(rest, "Agency")

    assert stated["updateCreate"] is True
    assert "delete" not in codes(stated)


def test_a_data_type_is_deleted_and_never_created_by_update(rest):
    stated = of_type(rest, "Referral")

    assert stated["updateCreate"] is False
    assert "delete" in codes(stated)


def test_a_type_that_demands_if_match_says_so(rest):
    assert of_type(rest, "ParticipantProfile")["versioning"] == "versioned-update"
    assert of_type(rest, "Referral")["versioning"] == "versioned"


def test_every_declared_search_parameter_and_the_common_ones_are_stated(rest, registry):
    for name, kind in registry.types.items():
        stated = {each["name"]: each["type"] for each in of_type(rest, name)["searchParam"]}

        declared = {each.name: each.type for each in kind.parameters.values()}
        assert stated == {"_id": "token", "_lastUpdated": "date", **declared}


def test_a_reference_parameter_names_its_targets(rest):
    parameters = of_type(rest, "Program")["searchParam"]

    text = next(each["documentation"] for each in parameters if each["name"] == "agency")
    assert "Refers to Agency." in text
    assert ":missing" in text


def test_only_what_works_is_claimed_for_the_system(rest):
    assert [each["code"] for each in rest["interaction"]] == [
        "transaction",
        "batch",
        "history-system",
        "search-system",
    ]


def test_conditional_writes_and_patches_are_stated(registry, rest):
    statement = capability(registry, URL, max_body_bytes=1, max_count=1, max_bundle_entries=1)
    data, lookup = of_type(rest, "Referral"), of_type(rest, "Agency")

    assert "application/json-patch+json" in statement["patchFormat"]
    assert {"patch", "create", "update"} <= codes(data) & codes(lookup)
    assert data["conditionalCreate"]
    assert data["conditionalUpdate"]
    assert data["conditionalDelete"] == "single"
    assert lookup["conditionalDelete"] == "not-supported"


def test_what_a_search_may_bring_along_is_stated(rest):
    referral, profile = of_type(rest, "Referral"), of_type(rest, "ParticipantProfile")

    assert "Referral:participant" in referral["searchInclude"]
    assert referral["searchRevInclude"] == [
        "ParticipantServiceEnrollment:referral",
        "Referral:prior-referral",
    ]
    assert profile["searchInclude"] == ["ParticipantProfile:merged-into"]
    assert "searchInclude" not in of_type(rest, "Agency")
    assert "ParticipantScore:participant" in profile["searchRevInclude"]


def test_the_limits_are_stated(rest):
    limits = next(each for each in rest["extension"] if each["url"] == LIMITS)

    assert {each["url"]: each["valueInteger"] for each in limits["extension"]} == {
        "max-body-bytes": 1024,
        "max-count": 50,
        "max-bundle-entries": 9,
        "max-chained": 1000,
        "max-included": 1000,
    }


def test_the_token_endpoint_is_where_smart_clients_look(rest):
    oauth = rest["security"]["extension"][0]

    assert oauth["url"].endswith("/oauth-uris")
    assert oauth["extension"] == [{"url": "token", "valueUri": f"{URL}/oauth/token"}]


def test_strict_clients_find_the_elements_that_fhir_requires(registry):
    statement = capability(registry, URL, max_body_bytes=1, max_count=1, max_bundle_entries=1)

    assert statement["fhirVersion"] == "4.0.1"
    assert statement["kind"] == "instance"
    assert {"status", "date", "format"} <= set(statement)


def test_the_release_is_the_one_that_is_packaged():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))

    assert project["project"]["version"] == RELEASE
