"""`$merge` and `$unmerge` over HTTP: nothing is lost, and what was one comes apart as it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from agencies import FIRST, a_state
from app.model.conflicts import VersionConflict
from app.model.version import Key, following
from app.rules.persons.merging import PIRL_ID
from app.rules.persons.repointing import MERGED_FROM
from builders import a_profile, an_example
from merges import (
    AGENCIES,
    ANY,
    PROFILE,
    a_consent,
    a_person,
    about,
    content,
    fault,
    follow,
    made,
    merge,
    shots,
    told,
    unmerge,
    version,
    whose,
)

SECOND = "01920000-0000-7000-8000-000000000002"
THIRD = "01920000-0000-7000-8000-000000000003"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("merge")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    return state.client("state-staff")


@pytest.fixture(scope="module")
def story(state, http, registry):
    """Merge the demo participant with most rows into the second one, write on, take them apart."""
    names = sorted(n for n, kind in registry.types.items() if kind.schema.get("x-compartment"))
    people = [*names, PROFILE]
    disability = {"disability": "1", "disabilityCategory": "2"}
    path = f"/v1/{PROFILE}/{FIRST}"
    assert http.patch(path, json=disability, headers=ANY).status_code == 200
    told_of = SimpleNamespace(names=names, before=shots(state, people))
    state.sequence()
    _, here = follow(http, "/v1/$changes?_count=1000")
    told_of.merged = merge(http, FIRST, SECOND)
    state.sequence()
    told_of.fed, _ = follow(http, here)
    told_of.both = shots(state, people)
    told_of.found = [
        http.get(f"/v1/{PROFILE}?{criteria}").json
        for criteria in (
            "partner-identifiers=Partner/mccb-adult-education|AE-7001",
            f"identifier={PIRL_ID}|MS0000000001",
            "pirl-unique-id=MS0000000002",
        )
    ]
    told_of.consent = made(http, a_consent(SECOND))["id"]
    rewritten = "01920000-0000-7000-8000-000000000702"
    body = http.get(f"/v1/Consent/{rewritten}").json
    del body["meta"]
    told_of.rewritten = f"Consent/{rewritten}"
    changed = http.put(f"/v1/Consent/{rewritten}", json={**body, "scope": "Less"}, headers=ANY)
    assert changed.status_code == 200, changed.text
    told_of.unmerged = unmerge(http, FIRST)
    told_of.after = shots(state, people)
    return told_of


def test_a_merge_tells_who_goes_on_and_how_many_rows_were_re_pointed(story):
    answer = told(story.merged)
    rows = about(story.before["staff"], FIRST)

    assert answer["merged"] == {"reference": f"{PROFILE}/{FIRST}"}
    assert answer["survivor"] == {"reference": f"{PROFILE}/{SECOND}"}
    # Besides the rows, the record that was merged into this one before.
    assert answer["repointed"] == len(rows) + 1
    now = story.both["staff"]
    assert answer["mergedVersion"] == int(now[f"{PROFILE}/{FIRST}"]["meta"]["versionId"])
    assert answer["survivorVersion"] == int(now[f"{PROFILE}/{SECOND}"]["meta"]["versionId"])


def test_the_identifiers_of_both_records_find_the_survivor(story):
    for page in story.found:
        assert [each["resource"]["id"] for each in page["entry"]] == [SECOND]


def test_a_merged_record_stays_readable_and_says_who_continues_it(story):
    before, after = (shot["staff"][f"{PROFILE}/{FIRST}"] for shot in (story.before, story.both))
    moved = "identifier", "partnerIdentifiers"

    assert after["mergedInto"] == {"reference": f"{PROFILE}/{SECOND}"}
    assert content(after, "mergedInto", "status") == content(before, "status", *moved)
    assert after["ssn"] == before["ssn"] == "000123456"
    assert (after["disability"], after["birthDate"]) == ("1", "1990-01-08")


def test_every_row_of_every_type_refers_to_the_survivor_and_is_otherwise_as_it_was(story):
    before, after = story.before["staff"], story.both["staff"]
    rows = about(before, FIRST)

    assert {each.partition("/")[0] for each in rows} == {*story.names}
    assert rows <= about(after, SECOND)
    assert not about(after, FIRST)
    for each in rows:
        assert content(after[each], "participant") == content(before[each], "participant")
        assert {"system": MERGED_FROM, "code": FIRST} in after[each]["meta"]["tag"]


def test_a_record_that_was_merged_before_leads_to_the_new_survivor(story):
    before, after = (shot["staff"][f"{PROFILE}/{THIRD}"] for shot in (story.before, story.both))

    assert before["mergedInto"] == {"reference": f"{PROFILE}/{FIRST}"}
    assert after["mergedInto"] == {"reference": f"{PROFILE}/{SECOND}"}


@pytest.mark.parametrize("agency", AGENCIES)
def test_an_agency_has_the_same_part_in_a_row_whoever_it_is_about(story, agency):
    before, after = story.before[agency], story.after[agency]
    own = {each for each in about(before, FIRST) if each.startswith("ParticipantServiceEnroll")}

    assert own <= about(story.both[agency], SECOND)
    rows = about(before, FIRST) - {story.rewritten}
    assert {each: content(after[each]) for each in rows} == {
        each: content(before[each]) for each in rows
    }


def test_the_history_of_a_re_pointed_row_is_whole(story, http):
    row = min(about(story.before["staff"], FIRST))

    past = http.get(f"/v1/{row}/_history").json["entry"]

    names = [each["resource"]["participant"]["reference"] for each in past]
    assert names == [f"{PROFILE}/{each}" for each in (FIRST, SECOND, FIRST)]


def test_the_feed_tells_of_every_row_of_a_merge(story):
    rows = about(story.before["staff"], FIRST)

    assert {*rows, *(f"{PROFILE}/{each}" for each in (FIRST, SECOND, THIRD))} == story.fed


def test_the_audit_tells_every_version_of_a_merge(story, http):
    rows = about(story.before["staff"], FIRST)

    for row in (f"{PROFILE}/{FIRST}", f"{PROFILE}/{SECOND}", *rows):
        events = http.get(f"/v1/AuditEvent?entity={row}&action=U").json
        assert events["entry"], row


def test_an_unmerge_restores_everything_as_it_was(story):
    answer = told(story.unmerged)
    before, after = story.before["staff"], story.after["staff"]
    new = {f"Consent/{story.consent}"}

    assert answer["repointed"] == told(story.merged)["repointed"]
    assert after.keys() - before.keys() == new
    for each in before.keys() - {story.rewritten}:
        assert content(after[each]) == content(before[each]), each
        assert after[each]["meta"].get("tag") == before[each]["meta"].get("tag")


def test_a_row_that_was_rewritten_without_the_tag_comes_back_as_it_was_rewritten(story):
    after = story.after["staff"][story.rewritten]

    assert after["participant"] == {"reference": f"{PROFILE}/{FIRST}"}
    assert after["scope"] == "Less"
    assert "tag" not in after["meta"]


def test_what_was_recorded_after_a_merge_stays_with_the_survivor(story, http):
    assert whose(http, story.consent) == f"{PROFILE}/{SECOND}"


def test_merges_of_merges_come_apart_in_any_order(http):
    first, second, third = (a_person(http) for _ in range(3))
    one, two = (made(http, a_consent(each))["id"] for each in (first, second))
    before = {each: http.get(f"/v1/{PROFILE}/{each}").json for each in (first, second, third)}
    told(merge(http, first, second))
    told(merge(http, second, third))
    assert whose(http, one) == whose(http, two) == f"{PROFILE}/{third}"

    told(unmerge(http, second))

    assert whose(http, one) == whose(http, two) == f"{PROFILE}/{second}"
    told(unmerge(http, first))
    assert (whose(http, one), whose(http, two)) == (f"{PROFILE}/{first}", f"{PROFILE}/{second}")
    for each, body in before.items():
        assert content(http.get(f"/v1/{PROFILE}/{each}").json) == content(body)


def test_the_innermost_of_two_merges_comes_apart_first(http):
    first, second, third = (a_person(http) for _ in range(3))
    one = made(http, a_consent(first))["id"]
    told(merge(http, first, second))
    told(merge(http, second, third))

    told(unmerge(http, first))

    assert whose(http, one) == f"{PROFILE}/{first}"
    told(unmerge(http, second))
    assert whose(http, one) == f"{PROFILE}/{first}"
    for each in (first, second, third):
        body = http.get(f"/v1/{PROFILE}/{each}").json
        assert (body["status"], body["meta"].get("tag"), body.get("identifier")) == (
            "active",
            None,
            None,
        )


def test_a_record_takes_back_nothing_of_another_that_left_it_before(http):
    system = "https://agency.example/ids"
    first, second, third = (
        a_person(http, identifier=[{"system": system, "value": f"left-{n}"}]) for n in range(3)
    )
    told(merge(http, first, second))
    told(merge(http, second, third))
    told(unmerge(http, first))
    told(merge(http, first, third))

    told(unmerge(http, second))

    held = [
        [one["value"] for one in http.get(f"/v1/{PROFILE}/{each}").json.get("identifier", ())]
        for each in (first, second, third)
    ]
    assert held[:2] == [[], ["left-1"]]
    assert {*held[2]} > {"left-0", "left-2"}


def test_only_staff_merge_records(state, http):
    one, other = a_person(http), a_person(http)
    seen = {"version": 1, "intoVersion": 1}

    for name in AGENCIES:
        assert merge(state.client(name), one, other, **seen).status_code == 403
    assert unmerge(state.client("mdes"), one, version=1).status_code == 403


def test_who_has_not_seen_the_current_version_of_both_is_told_it(http):
    one, other = a_person(http), a_person(http)

    for stale, name in (({"version": 7}, "version"), ({"intoVersion": 7}, "intoVersion")):
        reply = merge(http, one, other, **stale)
        assert fault(reply) == (412, "version-conflict")
        assert reply.headers["ETag"] == 'W/"1"'
        assert reply.json["issue"][0]["expression"] == [name]
    told(merge(http, one, other))
    assert fault(unmerge(http, one, version=1)) == (412, "version-conflict")


def test_what_cannot_be_merged_is_refused(http):
    one, other = a_person(http), a_person(http)
    dead, gone = a_person(http, status="deceased"), a_person(http)
    http.delete(f"/v1/{PROFILE}/{gone}", headers=ANY)

    assert fault(merge(http, one, one)) == (422, "merge-self")
    assert fault(merge(http, one, dead)) == (422, "merge-inactive")
    assert fault(merge(http, dead, one)) == (422, "merge-inactive")
    assert fault(merge(http, one, gone, intoVersion=1)) == (410, "deleted")
    assert fault(merge(http, gone, one, version=1)) == (410, "deleted")
    assert fault(merge(http, one, "nobody", intoVersion=1)) == (404, "not-found")
    assert fault(merge(http, one, "no\u00df", intoVersion=1)) == (400, "bad-parameter")
    assert fault(unmerge(http, one)) == (422, "not-merged")
    told(merge(http, one, other))
    assert fault(merge(http, one, other)) == (422, "merge-inactive")


def test_a_merged_record_is_kept_so_that_it_comes_apart(state, http):
    one, other = a_person(http), a_person(http)
    told(merge(http, one, other))

    for client in (http, state.client("mdes")):
        reply = client.delete(f"/v1/{PROFILE}/{one}", headers=ANY)
        assert fault(reply) == (422, "merged-participant")
    told(unmerge(http, one))
    assert http.delete(f"/v1/{PROFILE}/{one}", headers=ANY).status_code == 204


def test_a_survivor_without_room_for_the_identifiers_is_told_so(http):
    system = "https://agency.example/full"
    ids = [[{"system": system, "value": f"{side}{n}"} for n in range(12)] for side in "ab"]
    one, other = (a_person(http, identifier=each) for each in ids)

    reply = merge(http, one, other)

    assert fault(reply) == (422, "schema-maxItems")
    assert http.get(f"/v1/{PROFILE}/{one}").json["status"] == "active"


def test_a_new_row_about_a_merged_record_is_refused_and_told_who_goes_on(http):
    one, other = a_person(http), a_person(http)
    held = made(http, a_consent(one))
    told(merge(http, one, other))

    fresh = http.post("/v1/Consent", json=a_consent(one))
    back = http.put(f"/v1/Consent/{held['id']}", json=held, headers=ANY)

    for reply in (fresh, back):
        assert fault(reply) == (422, "merged-participant")
        assert f"{PROFILE}/{other}" in reply.json["issue"][0]["diagnostics"]


def test_the_same_merge_sent_twice_is_done_once_and_answered_alike(http):
    one, other = a_person(http), a_person(http)
    seen = {"version": 1, "intoVersion": 1, "key": "merge-once"}

    first, again = merge(http, one, other, **seen), merge(http, one, other, **seen)

    assert told(again) == told(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert version(http, one) == version(http, other) == 2


def test_two_open_referrals_to_one_program_are_a_warning(http):
    one, other = a_person(http), a_person(http)
    for each in (one, other):
        about_it = {"participant": {"reference": f"{PROFILE}/{each}"}}
        made(http, an_example("Referral") | about_it)

    answer = told(merge(http, one, other))

    (issue,) = answer["warnings"]["issue"]
    assert issue["severity"] == "warning"
    assert issue["details"]["coding"][0]["code"] == "open-referrals"


def test_of_merges_that_meet_one_comes_through(state, http):
    one, other = a_person(http), a_person(http)
    seen = {"version": 1, "intoVersion": 1}
    pairs = [(one, other), (other, one)] * 2

    with ThreadPoolExecutor(len(pairs)) as pool:
        clients = [state.client("state-staff") for _ in pairs]
        replies = list(pool.map(lambda c, p: merge(c, *p, **seen), clients, pairs))

    assert sorted(each.status_code for each in replies) == [200, 412, 412, 412]
    states = [http.get(f"/v1/{PROFILE}/{each}").json["status"] for each in (one, other)]
    assert sorted(states) == ["active", "merged"]


def test_no_row_that_is_written_meanwhile_is_left_behind(state, http):
    one, other = a_person(http), a_person(http)
    writers = [state.client("state-staff") for _ in range(3)]

    def write(client):
        replies = [client.post("/v1/Consent", json=a_consent(one)) for _ in range(8)]
        return [each.json["id"] for each in replies if each.status_code == 201]

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, each) for each in writers]
        reply = pool.submit(merge, http, one, other, version=1, intoVersion=1).result()
        rows = [id for each in writing for id in each.result()]
    if reply.status_code == 409:
        reply = merge(http, one, other)

    told(reply)
    assert {whose(http, each) for each in rows} == {f"{PROFILE}/{other}"}


def test_a_write_that_was_planned_before_a_merge_does_not_come_through_after_it(wire):
    now = datetime(2026, 3, 2, tzinfo=UTC)
    gone, survivor = Key(PROFILE, "gone"), Key(PROFILE, "survivor")
    merged = a_profile(status="merged", mergedInto={"reference": str(survivor)})
    wire.commit(
        [
            following(None, gone, now, "tester", merged),
            following(None, survivor, now, "tester", a_profile()),
        ]
    )
    late = following(None, Key("Consent", "late"), now, "tester", a_consent("gone"))

    with pytest.raises(VersionConflict):
        wire.commit([late], {gone})

    wire.commit([late], {survivor})
