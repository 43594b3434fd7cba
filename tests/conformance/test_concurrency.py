"""Several agencies, one record (L1-12 to L1-14 and L1-18): good stories and bad ones."""

from dataclasses import replace

import pytest

from conformance.scenario.records import CONFLICT, MERGED, RESOLVE, UPDATE, numbers
from evidence import a_profile, by, during, get, met, post, put, sent
from record_stories import (
    ALIVE,
    E1,
    OWN,
    WORLD,
    formatted,
    patched,
    phone,
    read,
    word,
    wrote,
)

OLD, NEW = "ParticipantProfile/old", "ParticipantProfile/new"
MINE, THEIRS = numbers(WORLD)["mine"], numbers(WORLD)["theirs"]
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


def test_a_copy_is_edited_under_its_own_tag():
    stale = replace(wrote(1), status=412)

    assert word("L1-12", read(1), read(2), stale, read(2), wrote(2)) == "PASS"


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


def test_a_number_is_the_same_number_however_it_is_written():
    both = BOTH | phone(formatted(OWN))

    assert word("L1-13", during(UPDATE, STALE, REREAD, wrote(2, **both))) == "PASS"


@pytest.mark.parametrize(
    ("patch", "found"),
    [
        pytest.param(phone(OWN), "PASS", id="merge of its own element"),
        pytest.param({"preferredLanguage": "en", **phone(OWN)}, "FAIL", id="merge over it"),
        pytest.param({"preferredLanguage": None, **phone(OWN)}, "FAIL", id="merge that removes"),
        pytest.param([("add", "/telecom", phone(OWN)["telecom"])], "PASS", id="of its own"),
        pytest.param([("replace", "/preferredLanguage", "en")], "FAIL", id="over it"),
        pytest.param([("replace", "", a_profile("e1", 2, **phone(OWN)))], "FAIL", id="whole"),
    ],
)
def test_a_patch_is_judged_by_what_it_leaves(patch, found):
    if isinstance(patch, list):
        patch = [{"op": op, "path": path, "value": value} for op, path, value in patch]
    body = patch | {"resourceType": "ParticipantProfile"} if isinstance(patch, dict) else patch

    assert word("L1-13", during(UPDATE, STALE, REREAD, patched(E1, body))) == found


def test_what_was_made_by_put_was_no_update():
    made = put("ParticipantProfile?pirl-unique-id=CF1", a_profile(), 201, a_profile("e1", 1))
    again = put("ParticipantProfile?pirl-unique-id=CF1", a_profile(), 200, a_profile("e1", 2))

    assert word("L1-12", made, wrote(1)) == "PASS"
    assert word("L1-12", made, again) == "FAIL"


def test_an_update_that_nobody_stored_is_no_evidence():
    refused = wrote(1, status=422)

    assert word("L1-12", read(1), refused) == "NOT-EXERCISED"
    assert word("L1-12", read(1), refused, wrote(1)) == "PASS"


def test_a_412_that_nothing_follows_proves_nothing():
    assert word("L1-13", during(UPDATE, STALE)) == "NOT-EXERCISED"
    assert word("L1-13", during(UPDATE, read(1), wrote(1, **BOTH))) == "NOT-EXERCISED"


CLASH = met("F1", wrote(3, status=412, **phone(MINE)))


def test_a_conflict_waits_for_staff():
    story = [*during(CONFLICT, CLASH, read(4, **phone(THEIRS)))]
    decided = during(RESOLVE, read(4), wrote(4, **phone(MINE)))

    assert word("L1-14", story, decided) == "PASS"
    assert word("L1-14", story, ALIVE) == "NOT-EXERCISED"


def test_overwriting_a_conflict_is_seen_in_any_form_of_the_number():
    story = during(CONFLICT, CLASH, read(4, **phone(THEIRS)), wrote(4, **phone(formatted(MINE))))

    assert word("L1-14", story, during(RESOLVE, wrote(5, **phone(MINE)))) == "FAIL"


def test_overwriting_a_conflict_fails_whatever_staff_say_later():
    story = during(CONFLICT, CLASH, read(4, **phone(THEIRS)), wrote(4, **phone(MINE)))
    decided = during(RESOLVE, read(5), wrote(5, **phone(MINE)))

    assert word("L1-14", story, decided) == "FAIL"


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
    ids = ["L1-12", "L1-13", "L1-14", "L1-18"]

    assert {word(each, get("metadata")) for each in ids} == {"NOT-EXERCISED"}
