"""What a system does not know belongs to somebody else (L1-15 and L1-16): good stories and bad."""

import pytest

from conformance.scenario.records import UNKNOWN, unknown
from evidence import a_profile, by, during, get, put, sent
from record_stories import (
    ALIVE,
    T1,
    UNKNOWN_NUMBER,
    WORLD,
    formatted,
    patched,
    phone,
    read,
    word,
    wrote,
)

FACTS = unknown(WORLD)
KEPT = {
    "extension": [FACTS["extension"]],
    "meta": {"versionId": "2", "tag": [FACTS["tag"]]},
    "address": [{"city": WORLD["canary"]["city"]}],
    **phone(UNKNOWN_NUMBER),
}
MARKED = a_profile("t1", 2, **KEPT)
MARK = by("adult-education", put(T1, MARKED, 200, MARKED))


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
    own = phone(UNKNOWN_NUMBER)
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


def ops(*told):
    return [{"op": op, "path": path, "value": value} for op, path, value in told]


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param({"extension": None}, id="merge: null removes"),
        pytest.param({"meta": {"tag": None}}, id="merge: the tag"),
        pytest.param({"extension": [{"url": "https://own.example"}]}, id="merge: its own instead"),
        pytest.param(ops(("add", "/extension", [])), id="add to a member replaces it"),
        pytest.param(ops(("replace", "", a_profile("t1", 2))), id="the whole document"),
        pytest.param(ops(("replace", "/meta/tag", [])), id="the tag"),
        pytest.param([{"op": "remove", "path": "/extension/0"}], id="the entry"),
        pytest.param([{"op": "move", "from": "/extension", "path": "/x"}], id="moved away"),
    ],
)
@pytest.mark.parametrize("status", [200, 403])
def test_a_patch_that_removes_what_is_not_known_is_seen_whatever_is_answered(patch, status):
    story = story_of_unknowns(patched(T1, patch, status=status), update_of_twin())

    assert word("L1-15", *story) == "FAIL"


def test_a_patch_beside_what_is_not_known_is_welcome():
    own = {"url": "https://own.example", "valueCode": "x"}
    patch = ops(("add", "/extension/-", own), ("replace", "/telecom", phone("1")["telecom"]))

    assert word("L1-15", *story_of_unknowns(patched(T1, patch))) == "PASS"


def from_a_kept_copy(*later):
    """Return how a system edits its copy of version 1, is told 412, and reads."""
    stale = wrote(1, "t1", status=412, **phone(UNKNOWN_NUMBER))
    return [read(1, "t1"), *during(UNKNOWN, *MARK, stale, read(2, "t1", **KEPT), *later), *ALIVE]


def test_an_older_copy_cannot_hold_what_was_added_since():
    assert word("L1-15", from_a_kept_copy(update_of_twin())) == "PASS"
    assert word("L1-16", from_a_kept_copy(update_of_twin())) == "PASS"
    assert word("L1-15", from_a_kept_copy()) == "NOT-EXERCISED"


@pytest.mark.parametrize("tag", ['W/"2"', "*", ""])
def test_an_older_copy_under_another_tag_is_held_against_it(tag):
    bold = put(T1, a_profile("t1", 1), 412, **({"if_match": tag} if tag else {}))

    assert word("L1-15", from_a_kept_copy(bold, update_of_twin())) == "FAIL"


def test_a_refused_update_is_no_evidence():
    body = a_profile("t1", **KEPT)
    refused = put(T1, body, 422, if_match='W/"2"')

    assert word("L1-15", *story_of_unknowns(refused)) == "NOT-EXERCISED"


def test_the_number_is_found_however_it_is_written():
    own = phone(formatted(UNKNOWN_NUMBER))

    assert word("L1-16", *story_of_unknowns(update_of_twin(**own))) == "PASS"


def test_who_does_nothing_passes_nothing():
    assert {word(each, get("metadata")) for each in ("L1-15", "L1-16")} == {"NOT-EXERCISED"}
