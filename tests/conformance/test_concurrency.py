"""Several agencies, one record (L1-12 to L1-16 and L1-18): good stories and bad ones."""

import pytest

from conformance.evaluators import verdict
from conformance.scenario.records import (
    CONFLICT,
    MERGED,
    RESOLVE,
    UNKNOWN,
    UPDATE,
    numbers,
    unknown,
)
from evidence import a_profile, a_world, by, during, get, met, post, put, seen, sent

WORLD = a_world(
    profiles={
        "elvis": "ParticipantProfile/e1",
        "twin": "ParticipantProfile/t1",
        "merged": "ParticipantProfile/old",
        "survivor": "ParticipantProfile/new",
    }
)
E1, T1 = "ParticipantProfile/e1", "ParticipantProfile/t1"
OLD, NEW = "ParticipantProfile/old", "ParticipantProfile/new"
OWN = WORLD["canary"]["phone"]
MINE, THEIRS = numbers(WORLD)["mine"], numbers(WORLD)["theirs"]
ALIVE = during("A4-later", get("Program"))


def word(requirement, *story):
    return verdict(requirement, seen(*story), WORLD).word


def phone(number):
    return {"telecom": [{"system": "phone", "value": number}]}


def read(version, id="e1", **more):
    return get(f"ParticipantProfile/{id}", a_profile(id, version, **more))


def wrote(version, id="e1", status=200, **more):
    """Return an update made on a version."""
    answer = a_profile(id, version + 1, **more) if status == 200 else None
    body = a_profile(id, version, **more)
    tag = f'W/"{version}"'
    return put(f"ParticipantProfile/{id}", body, status, answer, if_match=tag)


STALE = met("F1", wrote(1, status=412, **phone(OWN)))
REREAD = read(2, preferredLanguage="es")
BOTH = {"preferredLanguage": "es", **phone(OWN)}


def test_each_update_carries_the_tag_that_was_read_last():
    assert word("L1-12", read(1), wrote(1), wrote(2)) == "PASS"
    assert word("L1-12", post("Referral/$worklist", None, 200, {"entry": [
        {"resource": a_profile("e1", 4)}]}), wrote(4)) == "PASS"  # fmt: skip


def test_the_address_of_a_version_tells_its_tag_too():
    done = {"entry": [{"response": {"status": "201", "location": f"http://hub/{E1}/_history/7"}}]}
    bundle = post("", {"resourceType": "Bundle"}, 200, done)

    assert word("L1-12", bundle, wrote(7)) == "PASS"


def test_an_answer_that_was_cut_tells_no_tag():
    story = [read(1), met("F4", wrote(1)), wrote(1), wrote(2)]

    assert word("L1-12", *story) == "PASS"
    assert word("L1-12", read(1), met("F4", wrote(1)), wrote(2)) == "FAIL"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param([read(1), put(E1, a_profile("e1"), 428)], id="none"),
        pytest.param([read(1), put(E1, a_profile("e1"), if_match="*")], id="any"),
        pytest.param([wrote(1)], id="never read"),
        pytest.param([read(1), read(2), wrote(1)], id="an older one"),
        pytest.param([read(1), wrote(1), wrote(3)], id="a guess"),
        pytest.param([read(1), sent("PATCH", E1, phone(OWN))], id="a patch without"),
        pytest.param([by("staff", read(2)), wrote(2)], id="what somebody else read"),
    ],
)
def test_an_update_with_another_tag_fails(story):
    assert word("L1-12", *story) == "FAIL"


def test_a_feed_that_tells_old_versions_late_does_not_make_a_tag_wrong():
    assert word("L1-12", read(3), read(2), wrote(3)) == "PASS"


def test_after_412_both_changes_stand():
    assert word("L1-13", during(UPDATE, STALE, REREAD, wrote(2, **BOTH))) == "PASS"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(during(UPDATE, STALE, REREAD, wrote(2, **phone(OWN))), id="lost update"),
        pytest.param(during(UPDATE, STALE, wrote(2, **BOTH)), id="no read"),
        pytest.param(
            during(UPDATE, STALE, REREAD, wrote(2, preferredLanguage="es")), id="own lost"
        ),
        pytest.param([*during(UPDATE, STALE, REREAD), *ALIVE], id="given up"),
        pytest.param(
            [*during(UPDATE, STALE, REREAD, wrote(2, **BOTH)), *during(RESOLVE, wrote(3))],
            id="lost afterwards",
        ),
    ],
)
def test_a_change_that_is_lost_after_412_fails(story):
    assert word("L1-13", story) == "FAIL"


def test_a_patch_of_its_own_element_keeps_what_others_wrote():
    patch = sent("PATCH", E1, phone(OWN), 200, a_profile("e1", 3, **BOTH), if_match='W/"2"')

    assert word("L1-13", during(UPDATE, STALE, REREAD, patch)) == "PASS"


def test_a_412_that_nothing_follows_proves_nothing():
    assert word("L1-13", during(UPDATE, STALE)) == "NOT-EXERCISED"
    assert word("L1-13", during(UPDATE, read(1), wrote(1, **BOTH))) == "NOT-EXERCISED"


CLASH = met("F1", wrote(3, status=412, **phone(MINE)))


def test_a_conflict_waits_for_staff():
    story = [*during(CONFLICT, CLASH, read(4, **phone(THEIRS)))]
    decided = during(RESOLVE, read(4), wrote(4, **phone(MINE)))

    assert word("L1-14", story, decided) == "PASS"
    assert word("L1-14", story, ALIVE) == "NOT-EXERCISED"


def test_overwriting_a_conflict_fails_whatever_staff_say_later():
    story = during(CONFLICT, CLASH, read(4, **phone(THEIRS)), wrote(4, **phone(MINE)))
    decided = during(RESOLVE, read(5), wrote(5, **phone(MINE)))

    assert word("L1-14", story, decided) == "FAIL"


FACTS = unknown(WORLD)
KEPT = {
    "extension": [FACTS["extension"]],
    "meta": {"versionId": "2", "tag": [FACTS["tag"]]},
    "address": [{"city": WORLD["canary"]["city"]}],
    **phone(numbers(WORLD)["unknown"]),
}
MARK = by("adult-education", put(T1, a_profile("t1", 1, **KEPT)))


def update_of_twin(*, patch=False, **changes):
    body = {name: each for name, each in (KEPT | changes).items() if each is not None}
    how = {"if_match": 'W/"2"'}
    if patch:
        return sent("PATCH", T1, changes, 200, a_profile("t1", 3), **how)
    return put(T1, a_profile("t1", **body), 200, a_profile("t1", 3), **how)


def story_of_unknowns(*updates):
    return [during(UNKNOWN, *MARK, read(2, "t1", **KEPT), *updates), ALIVE]


def test_what_is_not_known_is_sent_back():
    story = story_of_unknowns(update_of_twin())

    assert word("L1-15", *story) == "PASS"
    assert word("L1-16", *story) == "PASS"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"extension": None}, id="no extension"),
        pytest.param({"extension": [FACTS["extension"] | {"valueCode": "x"}]}, id="altered"),
        pytest.param({"meta": {"versionId": "2"}}, id="no tag"),
    ],
)
def test_dropping_what_is_not_known_fails_even_when_a_later_update_has_it(changes):
    story = story_of_unknowns(update_of_twin(**changes), update_of_twin())

    assert word("L1-15", *story) == "FAIL"


def test_a_patch_leaves_alone_what_it_does_not_name():
    own = phone(numbers(WORLD)["unknown"])
    removal = sent("PATCH", T1, [{"op": "remove", "path": "/extension"}])

    assert word("L1-15", *story_of_unknowns(update_of_twin(patch=True, **own))) == "PASS"
    assert word("L1-16", *story_of_unknowns(update_of_twin(patch=True, **own))) == "PASS"
    assert word("L1-15", *story_of_unknowns(update_of_twin(patch=True, extension=[]))) == "FAIL"
    assert word("L1-15", *story_of_unknowns(removal)) == "FAIL"


def test_choking_on_what_is_not_known_fails_once_the_system_goes_on():
    choked = story_of_unknowns()

    assert word("L1-16", *choked) == "FAIL"
    assert word("L1-16", choked[0]) == "NOT-EXERCISED"
    assert word("L1-15", *choked) == "NOT-EXERCISED"


MERGE = by("staff", post(f"{OLD}/$merge", {}, 200))


def test_writes_follow_a_merged_participant():
    story = during(MERGED, *MERGE, read(2, "old"), read(5, "new"), wrote(5, "new"))

    assert word("L1-18", story) == "PASS"


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(wrote(2, "old"), id="the old profile"),
        pytest.param(post("Referral", {"participant": {"reference": OLD}}), id="a row about it"),
    ],
)
def test_a_write_about_the_merged_record_fails(write):
    assert word("L1-18", during(MERGED, *MERGE, write, wrote(5, "new"))) == "FAIL"


def test_what_was_written_before_the_merge_does_not_count():
    assert word("L1-18", during(MERGED, wrote(2, "old"), *MERGE)) == "NOT-EXERCISED"


def test_who_does_nothing_passes_nothing():
    ids = [*(f"L1-{number}" for number in range(12, 17)), "L1-18"]

    assert {word(each, get("metadata")) for each in ids} == {"NOT-EXERCISED"}
