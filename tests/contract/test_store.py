"""What a store promises, on mongomock and on the embedded server over the wire."""

import threading
from datetime import UTC, datetime

import pytest

from app.model.conflicts import Duplicate, ReferenceMissing, StillReferenced, VersionConflict
from app.model.history import HistoryQuery
from app.model.version import Key, deletion, following
from builders import a_category, a_profile, an_agency

NOW = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


def first(body, id="a1", at=NOW):
    """Return the first version of a body."""
    return following(None, Key(body["resourceType"], id), at, "tests", body)


def after(former, **changes):
    """Return the next version with some elements changed."""
    return following(former, former.key, NOW, "tests", {**former.resource, **changes})


def test_what_was_committed_is_read_back_to_the_letter(store):
    version = first(an_agency(name="Zürich — 𝄞"))

    store.commit([version])

    assert store.read(version.key) == version
    assert store.vread(version.key, 1) == version
    assert store.latest(version.key) == version


def test_what_was_never_written_is_not_there(store):
    assert store.read(Key("Agency", "none")) is None
    assert store.latest(Key("Agency", "none")) is None
    assert store.vread(Key("Agency", "none"), 1) is None


def test_a_number_is_taken_only_once(store):
    one = first(an_agency())
    store.commit([one])
    store.commit([after(one, name="first")])

    with pytest.raises(VersionConflict):
        store.commit([after(one, name="second")])

    assert store.read(one.key).resource["name"] == "first"


def test_a_deletion_leaves_history_and_no_current_row(store):
    one = first(an_agency())
    store.commit([one])
    store.commit([deletion(one, NOW, "tests")])

    assert store.read(one.key) is None
    assert store.latest(one.key).is_deleted
    assert store.vread(one.key, 1) == one


def test_a_business_key_belongs_to_one_resource(store):
    store.commit([first(a_profile(pirlUniqueId="AAAA00000001"), "p1")])

    with pytest.raises(Duplicate) as refused:
        store.commit([first(a_profile(pirlUniqueId="AAAA00000001"), "p2")])

    assert refused.value.issues[0].pointer == "/pirlUniqueId"
    assert "AAAA" not in str(refused.value)


def test_a_business_key_that_was_given_up_is_free(store):
    one = first(a_profile(pirlUniqueId="AAAA00000002"), "p1")
    store.commit([one])
    two = after(one, pirlUniqueId="AAAA00000003")
    store.commit([two])
    store.commit([first(a_profile(pirlUniqueId="AAAA00000002"), "p2")])
    store.commit([deletion(two, NOW, "tests")])

    store.commit([first(a_profile(pirlUniqueId="AAAA00000003"), "p3")])

    assert store.read(Key("ParticipantProfile", "p3"))


def test_present_tells_which_of_many_exist(store):
    here = first(an_agency(), "a1")
    store.commit([here])

    found = store.present({here.key, Key("Agency", "a2"), Key("ServiceCategory", "a1")})

    assert found == {here.key}


def test_a_referrer_is_found_and_gone_with_its_reference(store):
    parent = first(a_category(), "parent")
    child = first(a_category(parent={"reference": "ServiceCategory/parent"}), "child")
    store.commit([parent])
    store.commit([child], [parent.key])

    assert store.referrer(parent.key) == child.key
    assert store.referrer(child.key) is None


def test_the_three_histories_are_newest_first_and_page_without_gaps(store):
    versions = [first(an_agency(), "a1"), first(a_profile(), "p1")]
    for _ in range(4):
        versions += [
            after(versions[-2], name=str(len(versions))),
            after(versions[-1], firstName="E"),
        ]
    for version in versions:
        store.commit([version])

    def pages(kind, id):
        seen, before = [], None
        while True:
            page = store.history(HistoryQuery(kind, id, 3, before=before))
            seen += page.versions
            before = page.next
            if before is None:
                return seen

    own = [each for each in versions if each.key.type == "Agency"]
    assert pages("Agency", "a1") == own[::-1]
    assert pages("Agency", None) == own[::-1]
    everything = pages(None, None)
    assert len(everything) == len(set(map(id, everything))) == len(versions)
    assert {(e.key, e.number) for e in everything} == {(e.key, e.number) for e in versions}
    assert [e.at for e in everything] == sorted((e.at for e in versions), reverse=True)


def test_history_since_leaves_out_what_is_older(store):
    one = first(an_agency())
    two = following(one, one.key, datetime(2026, 5, 1, tzinfo=UTC), "tests", one.resource)
    store.commit([one])
    store.commit([two])

    page = store.history(HistoryQuery("Agency", "a1", 10, since=datetime(2026, 5, 1, tzinfo=UTC)))

    assert page.versions == [two]


def test_a_number_cannot_be_skipped(wire):
    one = first(an_agency())
    two = after(one, name="never committed")

    with pytest.raises(VersionConflict):
        wire.commit([after(two, name="third")])

    assert wire.read(one.key) is None


def test_a_commit_is_all_or_nothing(wire):
    taken = first(an_agency(abbreviation="DUP"), "a1")
    wire.commit([taken])
    fine = first(an_agency(), "a2")
    clash = first(an_agency(abbreviation="DUP"), "a3")

    with pytest.raises(Duplicate):
        wire.commit([fine, clash])

    assert wire.latest(fine.key) is None
    assert wire.read(fine.key) is None
    assert wire.history(HistoryQuery(None, None, 10)).versions == [taken]


def test_a_held_resource_that_is_gone_stops_the_commit(wire):
    version = first(an_agency(), "a1")

    with pytest.raises(ReferenceMissing):
        wire.commit([version], [Key("ParticipantProfile", "gone")])

    assert wire.latest(version.key) is None


def a_credential_of(participant):
    """Return a body that refers to a participant, with the lookups left out of the story."""
    return {
        "resourceType": "ParticipantCredential",
        "participant": {"reference": str(participant)},
    }


def test_what_is_still_referred_to_is_not_deleted(wire):
    profile = first(a_profile(), "p1")
    wire.commit([profile])
    wire.commit([first(a_credential_of(profile.key), "c1")], [profile.key])

    with pytest.raises(StillReferenced):
        wire.commit([deletion(profile, NOW, "tests")])

    assert wire.read(profile.key) == profile


def test_a_deletion_and_a_new_reference_at_once_never_leave_a_dangling_one(wire):
    for round_number in range(12):
        profile = first(a_profile(), f"p{round_number}")
        credential = first(a_credential_of(profile.key), f"c{round_number}")
        wire.commit([profile])
        won, ready = [], threading.Barrier(2)

        def attempt(name, versions, held, won=won, ready=ready):
            ready.wait()
            try:
                wire.commit(versions, held)
            except (StillReferenced, ReferenceMissing, VersionConflict):
                return
            won.append(name)

        threads = [
            threading.Thread(target=attempt, args=("delete", [deletion(profile, NOW, "t")], [])),
            threading.Thread(target=attempt, args=("refer", [credential], [profile.key])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(won) == 1
        assert (wire.read(profile.key) is None) == (won == ["delete"])


def test_of_many_writers_of_one_version_exactly_one_wins(wire):
    one = first(an_agency())
    wire.commit([one])
    won = []

    def write(name):
        try:
            wire.commit([after(one, name=name)])
        except VersionConflict:
            return
        won.append(name)

    threads = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert wire.read(one.key).resource["name"] == won[0]
    assert wire.read(one.key).number == 2
