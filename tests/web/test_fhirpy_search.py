"""fhirpy's searches over several types, against a running hub."""

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome

from builders import a_profile, an_example


@pytest.fixture(scope="module")
def fhir(live):
    """Return the client of an integrator."""
    return SyncFHIRClient(live.url, authorization=f"Bearer {live.token()}")


@pytest.fixture(scope="module")
def scores(fhir):
    """Return the profiles of two participants and three scores, two of the first."""
    people = [
        fhir.resource(**{"resource_type": "ParticipantProfile", **a_profile(lastName=name)}).save()
        for name in ("Chainfirst", "Chainsecond")
    ]
    body = {k: v for k, v in an_example("ParticipantScore").items() if k not in ("id", "meta")}
    made = []
    for person in (people[0], people[0], people[1]):
        named = {"reference": f"ParticipantProfile/{person.id}"}
        resource = {"resource_type": "ParticipantScore", **body, "participant": named}
        made.append(fhir.resource(**resource).save())
    return people, made


def ids(found):
    return sorted(each.id for each in found)


def test_a_chain_is_followed(fhir, scores):
    _, (one, two, three) = scores
    found = fhir.resources("ParticipantScore")

    chained = found.search(participant__ParticipantProfile__last_name="chainfirst")
    raw = found.search(**{"participant.last-name:exact": "Chainsecond"})

    assert ids(chained.fetch()) == ids([one, two])
    assert chained.count() == 2
    assert ids(raw.fetch()) == [three.id]


def test_has_finds_what_is_referred_to(fhir, scores):
    (first, second), (*_, three) = scores
    found = fhir.resources("ParticipantProfile").search(last_name="chain")

    has = found.has("ParticipantScore", "participant", _id=three.id)
    every = found.has("ParticipantScore", "participant", _lastUpdated__ge="2000")

    assert ids(has.fetch()) == [second.id]
    assert ids(every.fetch()) == ids([first, second])


def test_included_resources_come_in_the_raw_bundle_only(fhir, scores):
    (first, _), (one, two, _) = scores
    found = fhir.resources("ParticipantScore").search(participant=f"ParticipantProfile/{first.id}")
    both = found.include("ParticipantScore", "participant", "ParticipantProfile")

    bundle = both.fetch_raw()

    assert ids(both.fetch()) == ids([one, two])
    modes = [(each.search.mode, each.resource.resourceType) for each in bundle.entry]
    assert modes == [("match", "ParticipantScore")] * 2 + [("include", "ParticipantProfile")]


def test_what_refers_to_the_matches_is_included(fhir, scores):
    (first, _), (one, two, _) = scores
    found = fhir.resources("ParticipantProfile").search(_id=first.id)

    bundle = found.revinclude("ParticipantScore", "participant").fetch_raw()

    included = [each.resource for each in bundle.entry if each.search.mode == "include"]
    assert ids(included) == ids([one, two])


def test_paging_goes_on_with_what_is_included(fhir, scores):
    _, made = scores
    found = fhir.resources("ParticipantScore").search(
        _id=",".join(each.id for each in made), _count=1
    )

    assert ids(found.include("ParticipantScore", "participant").fetch_all()) == ids(made)


def test_free_paths_are_executed(fhir, scores):
    (first, _), (one, two, _) = scores

    compartment = first.execute("ParticipantScore", method="get", params={"_count": "5"})
    system = fhir.execute(
        "", method="get", params={"_type": "ParticipantScore,ParticipantProfile", "_id": one.id}
    )

    assert sorted(each["resource"]["id"] for each in compartment["entry"]) == ids([one, two])
    assert [each["resource"]["id"] for each in system["entry"]] == [one.id]


def test_more_levels_than_one_are_refused_not_ignored(fhir):
    found = fhir.resources("ParticipantScore")

    for search in (
        found.include("ParticipantScore", "participant", iterate=True),
        found.include("*"),
        found.search(**{"participant.merged-into.last-name": "x"}),
    ):
        with pytest.raises(OperationOutcome):
            search.fetch()
