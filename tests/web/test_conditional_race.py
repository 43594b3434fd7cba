"""Many who ask for the same person at once, through two worker processes, get one person."""

import itertools

import pytest

from builders import a_category, a_profile, an_agency
from together import at_once

THREADS = 64
PROFILE = "/ParticipantProfile"
numbers = itertools.count(1)


def by_identifier(body):
    """Return what THREADS clients send for the same person, and what names that person."""
    value = f"race-{body['pirlUniqueId']}"
    body["identifier"] = [{"system": "urn:test:case", "value": value}]
    return [body] * THREADS, [f"identifier=urn:test:case%7C{value}"]


def by_unique_id(body):
    return [body] * THREADS, [f"pirl-unique-id={body['pirlUniqueId']}"]


def by_name_and_birth(body):
    """The bodies differ in their unique id, so that no business key keeps a second row out."""
    name = f"Race{next(numbers)}"
    bodies = [a_profile(lastName=name) for _ in range(THREADS)]
    return bodies, [f"last-name:exact={name}&birth-date={body['birthDate']}"]


def by_name_in_other_words(body):
    """The criteria differ in spelling, in order, and in what only shapes an answer."""
    bodies, (query,) = by_name_and_birth(body)
    name, birth = query.split("&")
    shout = name.replace(":exact", "").replace("Race", "RACE")
    softly = name.replace(":exact", "").replace("Race", "race")
    return bodies, [f"{shout}&{birth}", f"{birth}&{softly}", f"{softly}&{birth}&_count=3"]


def found(live, path):
    """Return the resources that a search of a type finds."""
    return [entry["resource"] for entry in live.caller()("GET", path).json.get("entry", ())]


@pytest.mark.parametrize(
    "ways", [by_identifier, by_unique_id, by_name_and_birth, by_name_in_other_words]
)
def test_if_none_exist_creates_one_and_answers_it_to_all_others(live, ways):
    bodies, criteria = ways(a_profile())
    sent = zip(bodies, itertools.cycle(criteria), strict=False)

    def create(call):
        body, query = next(sent)
        return call("POST", PROFILE, body, {"If-None-Exist": query})

    replies = at_once(live, THREADS, create)

    rows = found(live, f"{PROFILE}?{criteria[0]}")
    assert sorted(reply.status for reply in replies) == [200] * (THREADS - 1) + [201]
    assert len(rows) == 1
    assert all(reply.json == rows[0] for reply in replies)


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        pytest.param(an_agency(abbreviation="RACE"), "abbreviation=RACE", id="a business key"),
        pytest.param(a_category(name="Race"), "name:exact=Race", id="a name"),
    ],
)
def test_conditional_updates_that_create_at_once_make_one_resource(live, body, parameter):
    path = f"/{body['resourceType']}?{parameter}"

    replies = at_once(live, THREADS, lambda call: call("PUT", path, body))

    rows = found(live, path)
    assert sorted(reply.status for reply in replies) == [200] * (THREADS - 1) + [201]
    assert len(rows) == 1
    assert rows[0]["meta"]["versionId"] == "1"
    assert all(reply.json == rows[0] for reply in replies)
