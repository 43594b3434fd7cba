"""fhirpy as it comes from its registry, against a running hub: what it sends is enough."""

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import (
    AuthorizationError,
    MultipleResourcesFound,
    OperationOutcome,
    ResourceNotFound,
)

from builders import a_profile, an_agency

CENTERS = 7
"""Rows to page through; with pages of three the last one is not full."""


@pytest.fixture(scope="module")
def fhir(live):
    """Return the client of an integrator."""
    return SyncFHIRClient(live.url, authorization=f"Bearer {live.token()}")


def a_center(**changes):
    """Return a job center of a seeded agency."""
    return {
        "name": "Testville WIN Job Center",
        "centerType": "win-job-center",
        "isComprehensiveOneStop": False,
        "agency": {"reference": "Agency/mdes"},
        "localWorkforceArea": "delta",
        "city": "Testville",
        "state": "MS",
        "countyFips": "28151",
        "status": "active",
        **changes,
    }


@pytest.fixture(scope="module")
def centers(fhir):
    """Make some job centers in a city of their own and return them by name."""
    names = [f"Paging Center {number}" for number in range(CENTERS)]
    made = [fhir.resource("LocalCenter", **a_center(name=each, city="Pagetown")) for each in names]
    return [each.save() for each in made]


@pytest.fixture
def award(fhir):
    """Return a stored credential of a stored participant."""
    return fhir.resource("ParticipantCredential", **an_award(fhir)).save()


def an_award(fhir, **changes):
    participant = fhir.resource(**{"resource_type": "ParticipantProfile", **a_profile()}).save()
    return {
        "participant": participant.to_reference(),
        "credential": {"reference": "Credential/welding-certificate"},
        "credentialType": "5",
        "attainedOn": "2024-05-31",
        "verification": "certificate-copy",
        "partner": {"reference": "Partner/mdes-mississippi-works"},
        "status": "earned",
        **changes,
    }


def names(found):
    return [each["name"] for each in found]


def test_a_resource_is_created_read_updated_and_refreshed(fhir):
    center = fhir.resource("LocalCenter", **a_center()).save()
    other = fhir.reference("LocalCenter", center.id).to_resource()

    center["city"] = "Newtown"
    center.update()

    assert center["meta"]["versionId"] == "2"
    assert other["city"] == "Testville"
    assert other.refresh()["city"] == "Newtown"
    assert other.refresh()["meta"] == center["meta"]


def test_an_unchanged_save_makes_no_new_version(fhir):
    agency = fhir.resource(**{"resource_type": "Agency", **an_agency()}).save()

    agency.save()

    assert agency["meta"]["versionId"] == "1"


def test_a_data_row_is_deleted_and_then_gone(fhir, award):
    award.delete()

    with pytest.raises(ResourceNotFound) as gone:
        fhir.get("ParticipantCredential", award.id)
    assert '"code":"deleted"' in str(gone.value)
    assert award.delete() is None


def test_a_reference_is_followed_to_its_resource(award):
    participant = award["participant"].to_resource()

    assert participant["lastName"] == "Testcase"


def test_a_search_finds_by_its_parameters(fhir, centers):
    found = fhir.resources("LocalCenter")

    assert len(found.search(city="Pagetown").fetch()) == CENTERS
    assert names(found.search(name="paging center 3").fetch()) == ["Paging Center 3"]
    assert names(found.search(name__contains="aging center 4").fetch()) == ["Paging Center 4"]
    assert names(found.search(name__exact="Paging Center 5").fetch()) == ["Paging Center 5"]
    assert found.search(name__exact="paging center 5").fetch() == []
    assert len(found.search(city="Pagetown", agency="Agency/mdes").fetch()) == CENTERS
    assert found.search(city="Pagetown", status="inactive").fetch() == []
    assert len(found.search(city="Pagetown", status__not="inactive").fetch()) == CENTERS
    assert len(found.search(_id=f"{centers[0].id},{centers[1].id}").fetch()) == 2


def test_a_search_finds_by_date_with_prefixes(fhir, award):
    found = fhir.resources("ParticipantCredential").search(participant=award["participant"])

    assert len(found.search(attained_on="2024-05-31").fetch()) == 1
    assert len(found.search(attained_on__ge="2024-05-31", attained_on__lt="2024-06").fetch()) == 1
    assert found.search(attained_on__gt="2024-05-31").fetch() == []
    assert found.search(attained_on__eb="2024").fetch() == []
    assert len(found.search(expires_on__missing=True).fetch()) == 1


def test_a_search_is_sorted_both_ways(fhir, centers):
    found = fhir.resources("LocalCenter").search(city="Pagetown")

    assert names(found.sort("name").fetch()) == names(centers)
    assert names(found.sort("-name").fetch()) == names(centers)[::-1]


def test_all_pages_are_fetched_once_each(fhir, centers):
    found = fhir.resources("LocalCenter").search(city="Pagetown").sort("name").limit(3)

    assert names(found.fetch()) == names(centers)[:3]
    assert names(found.fetch_all()) == names(centers)


def test_paging_survives_a_row_that_goes_between_pages(fhir):
    reference = an_award(fhir)["participant"]
    made = [
        fhir.resource("ParticipantCredential", **an_award(fhir, participant=reference))
        for _ in range(5)
    ]
    for each in made:
        each.save()
    pages = fhir.resources("ParticipantCredential").search(participant=reference).limit(2)

    seen = []
    for each in pages:
        seen.append(each.id)
        if len(seen) == 1:
            each.delete()

    assert sorted(seen) == sorted(each.id for each in made)


def test_first_get_and_count_ask_for_no_more_than_they_need(fhir, centers):
    found = fhir.resources("LocalCenter").search(city="Pagetown")

    assert found.count() == CENTERS
    assert found.sort("name").first()["name"] == "Paging Center 0"
    assert found.search(name="Paging Center 6").get().id == centers[6].id
    assert fhir.resources("LocalCenter").search(city="Nowhere").first() is None
    with pytest.raises(MultipleResourcesFound):
        found.get()
    with pytest.raises(ResourceNotFound):
        fhir.resources("LocalCenter").search(city="Nowhere").get()


def test_elements_are_chosen(fhir, centers):
    found = fhir.resources("LocalCenter").search(_id=centers[0].id).elements("name").first()

    assert found["name"] == centers[0]["name"]
    assert "city" not in found


def test_history_and_old_versions_are_executed(fhir):
    center = fhir.resource("LocalCenter", **a_center()).save()
    center["city"] = "Newtown"
    center.save()

    history = center.execute("_history", method="get")
    of_type = fhir.execute("LocalCenter/_history", method="get", params={"_count": "1"})
    of_system = fhir.execute("_history", method="get", params={"_count": "1"})

    assert [each["resource"]["city"] for each in history["entry"]] == ["Newtown", "Testville"]
    assert center.execute("_history/1", method="get")["city"] == "Testville"
    assert of_type["entry"] == of_system["entry"] == history["entry"][:1]


def test_a_resource_is_validated_without_being_stored(fhir):
    good = fhir.resource("LocalCenter", **a_center(city="Validville"))
    bad = fhir.resource("LocalCenter", **a_center(city="Validville", status="open", shoeSize=44))

    assert good.is_valid()
    assert not bad.is_valid()
    with pytest.raises(OperationOutcome) as faults:
        bad.is_valid(raise_exception=True)
    assert len(faults.value.resource["issue"]) == 2
    assert fhir.resources("LocalCenter").search(city="Validville").count() == 0


def test_refusals_are_raised_as_outcomes(fhir):
    profile = fhir.resource(**{"resource_type": "ParticipantProfile", **a_profile()}).save()
    profile["lastName"] = "Other"
    with pytest.raises(OperationOutcome) as invalid:
        fhir.resource("LocalCenter", **a_center(status="open")).save()
    with pytest.raises(OperationOutcome) as unknown:
        fhir.resources("LocalCenter").search(citty="Testville").fetch()
    with pytest.raises(OperationOutcome) as unseen:
        profile.update()

    issues = [each.value.resource["issue"][0] for each in (invalid, unknown, unseen)]
    places = [each["expression"][0] for each in issues]
    assert places == ["LocalCenter.status", "citty", "If-Match"]


def test_a_stale_precondition_is_raised(live, fhir):
    center = fhir.resource("LocalCenter", **a_center()).save()
    center.update()
    center["city"] = "Newtown"
    center.update()
    careful = SyncFHIRClient(
        live.url,
        authorization=f"Bearer {live.token()}",
        extra_headers={"If-Match": 'W/"1"'},
    )

    with pytest.raises(MultipleResourcesFound) as stale:
        careful.resource("LocalCenter", **{**a_center(), "id": center.id}).save()

    assert '"version-conflict"' in str(stale.value)


def test_absent_types_ids_and_tokens_are_told_apart(live, fhir):
    stranger = SyncFHIRClient(live.url, authorization="Bearer nonsense")

    with pytest.raises(ResourceNotFound):
        fhir.get("LocalCenter", "nowhere")
    with pytest.raises(ResourceNotFound):
        fhir.resources("Patient").fetch()
    with pytest.raises(AuthorizationError):
        stranger.resources("LocalCenter").fetch()
