"""Many writers at once, through two worker processes: nothing is lost and nobody wins twice."""

import pytest

from builders import a_profile, an_agency
from together import at_once

WRITERS = 32
INCREMENTS = 2
CREATORS = 16
COUNTER = "https://hub.test/counter"


def counted(body):
    return body["extension"][0]["valueInteger"]


def counting(number, **changes):
    return a_profile(extension=[{"url": COUNTER, "valueInteger": number}], **changes)


def incremented(call, path):
    """Add one to the counter until the hub took it INCREMENTS times; return every status seen."""
    statuses = []
    while statuses.count(200) < INCREMENTS:
        body = call("GET", path).json
        tag = f'W/"{body["meta"]["versionId"]}"'
        body["extension"][0]["valueInteger"] += 1
        statuses.append(call("PUT", path, body, {"If-Match": tag}).status)
        if statuses[-1] not in (200, 412):
            break
    return statuses


def test_writers_of_one_profile_lose_no_update(live):
    call = live.caller()
    path = f"/ParticipantProfile/{call('POST', '/ParticipantProfile', counting(0)).json['id']}"

    seen = at_once(live, WRITERS, lambda call: incremented(call, path))

    statuses = [status for each in seen for status in each]
    wins = statuses.count(200)
    call = live.caller()  # the first connection was idle for too long
    last = call("GET", path).json
    history = call("GET", f"{path}/_history?_count=200").json["entry"]
    assert set(statuses) <= {200, 412}
    assert wins == WRITERS * INCREMENTS
    assert counted(last) == wins
    assert last["meta"]["versionId"] == str(wins + 1)
    assert [counted(entry["resource"]) for entry in history] == list(range(wins, -1, -1))


def test_one_of_those_who_create_the_same_unique_key_wins(live):
    body = counting(0)

    replies = at_once(live, CREATORS, lambda call: call("POST", "/ParticipantProfile", body))

    found = live.caller()("GET", f"/ParticipantProfile?pirl-unique-id={body['pirlUniqueId']}").json
    winner = next(reply.json["id"] for reply in replies if reply.status == 201)
    assert sorted(reply.status for reply in replies) == [201] + [409] * (CREATORS - 1)
    assert {reply.json["issue"][0]["code"] for reply in replies if reply.status == 409} == {
        "duplicate"
    }
    assert [entry["resource"]["id"] for entry in found["entry"]] == [winner]


def test_those_who_put_a_lookup_at_one_new_id_all_make_versions_of_it(live):
    path = "/Agency/put-at-once"

    replies = at_once(live, CREATORS, lambda call: call("PUT", path, an_agency(id="put-at-once")))

    history = live.caller()("GET", f"{path}/_history").json["entry"]
    statuses = sorted(reply.status for reply in replies)
    written = [reply.json for reply in replies if reply.status < 300]
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert {
        reply.json["issue"][0]["details"]["coding"][0]["code"]
        for reply in replies
        if reply.status == 409
    } <= {"lost-race"}
    assert [int(entry["resource"]["meta"]["versionId"]) for entry in history] == list(
        range(len(written), 0, -1)
    )
    assert sorted(map(str, written)) == sorted(str(entry["resource"]) for entry in history)


@pytest.mark.parametrize("turn", range(4))
def test_nothing_refers_to_a_profile_that_was_deleted_meanwhile(live, turn):
    call = live.caller()
    profile = call("POST", "/ParticipantProfile", a_profile()).json["id"]
    requests = [
        ("DELETE", f"/ParticipantProfile/{profile}", None, {"If-Match": "*"}),
        *(("POST", "/ParticipantCredential", an_award(profile)) for _ in range(7)),
    ]
    requests.insert(turn, requests.pop(0))

    waiting = iter(requests)
    statuses = at_once(live, len(requests), lambda each: each(*next(waiting)).status)

    found = call("GET", f"/ParticipantCredential?participant={profile}&_summary=count").json
    gone = call("GET", f"/ParticipantProfile/{profile}").status == 410
    assert set(statuses) <= {201, 204, 409}
    assert found["total"] == statuses.count(201)
    assert gone == (204 in statuses)
    assert not (gone and found["total"])


def an_award(profile):
    return {
        "resourceType": "ParticipantCredential",
        "participant": {"reference": f"ParticipantProfile/{profile}"},
        "credential": {"reference": "Credential/welding-certificate"},
        "credentialType": "5",
        "attainedOn": "2024-05-31",
        "verification": "certificate-copy",
        "partner": {"reference": "Partner/mdes-mississippi-works"},
        "status": "earned",
    }
