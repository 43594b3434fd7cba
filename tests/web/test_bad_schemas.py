"""Drafts that nobody should publish: each is refused, or stored and stopped by its gates."""

import pytest

import bad_input
import bad_schemas

CASES = dict(bad_schemas.drafts())


@pytest.mark.parametrize("why", CASES)
def test_a_bad_draft_is_refused_or_stopped_and_never_fails_the_hub(http, why):
    there = http.get(f"/v1/SchemaVersion/{bad_schemas.DRAFT}").headers.get("ETag")
    put = bad_schemas.a_put(why, CASES[why], there)

    reply, seconds = bad_input.send(http, put)

    found = [*bad_input.faults(reply, seconds, put)]
    if reply.status_code < 400:
        number = int(reply.json["meta"]["versionId"])
        for each in bad_schemas.moves(number):
            answer = bad_input.send(http, each)
            found += [f"{each.name}: {fault}" for fault in bad_input.faults(*answer, each)]
    assert not found
    assert http.get("/schemas/Agency/1.9.0").status_code == 404
