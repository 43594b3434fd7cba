"""fhirpy as it comes from its registry: conditional writes, patches and bundles."""

from uuid import uuid4

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound

from builders import a_profile, an_agency

KIND = "Agency"


@pytest.fixture(scope="module")
def fhir(live):
    """Return the client of an integrator."""
    return SyncFHIRClient(live.url, authorization=f"Bearer {live.token()}")


def unique(**changes):
    """Return an agency's body and the search that names it."""
    value = uuid4().hex
    body = an_agency(identifier=[{"system": "urn:test", "value": value}], **changes)
    body.pop("resourceType")
    return body, {"identifier": f"urn:test|{value}"}


def test_get_or_create_makes_one_and_then_finds_it(fhir):
    body, search = unique()

    first, is_new = fhir.resources(KIND).search(**search).get_or_create(fhir.resource(KIND, **body))
    again, is_new_again = (
        fhir.resources(KIND).search(**search).get_or_create(fhir.resource(KIND, **body))
    )

    assert (is_new, is_new_again) == (True, False)
    assert again.id == first.id
    assert fhir.resources(KIND).search(**search).count() == 1


def test_create_with_a_search_is_conditional(fhir):
    body, search = unique()

    first = fhir.resource(KIND, **body).create(**search)
    again = fhir.resource(KIND, **body).create(**search)

    assert first.id == again.id


def test_update_with_a_search_creates_then_updates(fhir):
    body, search = unique()
    query = fhir.resources(KIND).search(**search)

    first, is_new = query.update(fhir.resource(KIND, **body))
    second, is_new_again = query.update(fhir.resource(KIND, **{**body, "name": "Second"}))

    assert (is_new, is_new_again) == (True, False)
    assert (second.id, second["name"]) == (first.id, "Second")


def test_a_patch_sends_what_changed_and_gets_the_whole(fhir):
    body, search = unique(phone="601-555-0100")
    made = fhir.resource(KIND, **body).create()

    patched = made.patch(name="Patched", phone=None)
    by_search = fhir.resources(KIND).search(**search).patch(name="Again")

    assert made["name"] == "Patched" == patched["name"]
    assert "phone" not in patched
    assert by_search["name"] == "Again"


def test_a_patch_of_nothing_is_not_found(fhir):
    _, search = unique()

    with pytest.raises(ResourceNotFound):
        fhir.resources(KIND).search(**search).patch(name="Nobody")


def test_a_search_that_names_several_is_refused(fhir):
    name = f"Twin {uuid4().hex}"
    for _ in range(2):
        fhir.resource(**{"resource_type": KIND, **an_agency(name=name)}).save()

    with pytest.raises(MultipleResourcesFound):
        fhir.resources(KIND).search(**{"name:exact": name}).update(
            fhir.resource(KIND, **unique()[0])
        )


def test_a_conditional_delete_needs_the_version_where_the_type_demands_it(fhir):
    # fhirpy cannot send If-Match, so on this type it must be refused rather than let through.
    profile = fhir.resource(**{"resource_type": "ParticipantProfile", **a_profile()}).save()
    search = fhir.resources("ParticipantProfile").search(pirl_unique_id=profile["pirlUniqueId"])

    with pytest.raises(OperationOutcome):
        search.delete()

    assert search.count() == 1


def test_a_bundle_is_saved_as_a_transaction(fhir):
    full_url = f"urn:uuid:{uuid4()}"
    child, parent = (
        {
            "resourceType": "ServiceCategory",
            "name": f"Bundle {name}",
            "authority": "20 CFR 678.430",
            "triggersParticipation": False,
            "extendsParticipation": False,
            "credentialDenominator": "no",
            "status": "active",
        }
        for name in ("child", "parent")
    )
    request = {"method": "POST", "url": "ServiceCategory"}
    entries = [
        {"resource": {**child, "parent": {"reference": full_url}}, "request": request},
        {"resource": parent, "request": request, "fullUrl": full_url},
    ]

    saved = fhir.resource("Bundle", type="transaction", entry=entries).save()

    assert saved["type"] == "transaction-response"
    led = saved["entry"][0]["resource"]["parent"]["reference"]
    assert led == f"ServiceCategory/{saved['entry'][1]['resource']['id']}"
    assert fhir.reference(reference=led).to_resource()["name"] == "Bundle parent"


def test_a_batch_answers_each_entry(fhir):
    request = {"method": "GET", "url": "Agency/mdes"}
    lost = {"method": "GET", "url": "Agency/nowhere"}

    saved = fhir.resource(
        "Bundle", type="batch", entry=[{"request": request}, {"request": lost}]
    ).save()

    assert [each["response"]["status"] for each in saved["entry"]] == ["200", "404"]
    assert saved["entry"][0]["resource"]["id"] == "mdes"
