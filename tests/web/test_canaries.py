"""Fifty people whose names, birthdays and numbers are told to nobody but who may see them.

Every road is gone, with good requests and bad ones; then every answer, log line and row beside
the resources themselves is searched for them.
"""

import json
import logging
from dataclasses import replace

import bson
import pytest

from agencies import a_state
from app.log import JsonLine
from builders import a_profile
from bundles import bundle, post
from matrix_roads import ROADS
from matrix_world import PROFILE, World
from test_matrix import asker

PEOPLE = 50
OTHERS = ("no-scope", "no-agreement", "ended-agreement", "unlisted-label", "wrong-purpose",
          "other-agency", "no-token")  # fmt: skip
"""Who may not see what is personal; the last ones see no row at all."""
ENTITLED = ("not-owner", "low-level", "no-consent", "owner")
"""Who may see names and birthdays, and numbers with all but the last digits covered."""
PUBLIC = ("metadata", "oauth/jwks", ".well-known/smart-configuration")
ORIGINS = ("/openapi.json", "/docs", "/", "/health/live", "/health/ready", "/schemas")
ANY = {"If-Match": "*"}


def canary(number):
    """Return what is personal of one of the fifty; areas 000 and 666 were never given out."""
    area = "000" if number % 2 else "666"
    return {
        "ssn": f"{area}77{number:04d}",
        "lastName": f"Qanary{number:02d}son",
        "birthDate": f"19{20 + number}-03-{1 + number % 28:02d}",
    }


CANARIES = [canary(number) for number in range(PEOPLE)]
NUMBERS = {each["ssn"] for each in CANARIES}
SPELT = NUMBERS | {f"{each[:3]}-{each[3:5]}-{each[5:]}" for each in NUMBERS}
EVERYTHING = SPELT | {each[name] for each in CANARIES for name in ("lastName", "birthDate")}


class Lines(logging.Handler):
    """Keeps each log line as it would be written."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.setFormatter(JsonLine())
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class Walk:
    """All that was answered on a walk, by who asked, and what was logged on it."""

    def __init__(self, world, lines):
        self.world = world
        self.lines = lines
        self.answers = []

    def note(self, who, reply):
        text = f"{reply.text} {reply.headers}"
        self.answers.append((who, reply.status_code, text))
        return reply


@pytest.fixture(scope="module")
def walk(embedded_uri, tmp_path_factory):
    """Yield what came of going every road to the fifty, rightly and wrongly."""
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    try:
        with a_state(embedded_uri, tmp_path_factory.mktemp("canaries"), "lookups") as state:
            found = Walk(World(state), handler.lines)
            people = _make(found)
            state.sequence()
            _go_every_road(found, people)
            _go_wrong(found, people)
            _look_around(found)
            yield found
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def _make(walk):
    """Create the fifty in one transaction, under an idempotency key, and once more."""
    entries = [post(a_profile(**each)) for each in CANARIES]
    for _ in range(2):
        reply = walk.world.staff.post(
            "/v1/", json=bundle(*entries), headers={"Idempotency-Key": "fifty"}
        )
        assert reply.status_code == 200, reply.text
    assert reply.headers["Idempotent-Replayed"] == "true"
    return [each["resource"]["id"] for each in reply.json["entry"]]


def _go_every_road(walk, people):
    shared = walk.world.aims["shared"]
    for place, condition in enumerate((*OTHERS, *ENTITLED)):
        body = walk.world.staff.get(f"/v1/{PROFILE}/{people[place]}").json
        aim = replace(shared, id=people[place], body=body, canaries={})
        asking = asker(walk.world, condition, aim)
        roads = [road for road in ROADS if "shared" in road.aims]
        together = [road for road in roads if road.style == "batch"]
        alone = [(road, road.go(asking)) for road in roads if road.style != "batch"]
        for _, reply in (*asking.batch(together), *alone):
            walk.note(condition, reply)


def _go_wrong(walk, people):
    """Send what is refused, with each of the fifty in it, and note every answer as an error."""
    for number, id in enumerate(people):
        condition = (*OTHERS, *ENTITLED)[number % 11]
        http = walk.world.http[condition]
        each, path = CANARIES[number], f"/v1/{PROFILE}/{id}"
        good = a_profile(**each)
        sent = (
            ("POST", f"/v1/{PROFILE}", good | {"birthDate": each["lastName"]}, {}),
            ("POST", f"/v1/{PROFILE}", good | {"ssn": f"{each['ssn']}7"}, {}),
            ("POST", f"/v1/{PROFILE}", good | {"address": each["ssn"]}, {}),
            ("POST", f"/v1/{PROFILE}/$validate", good | {"sex": each["ssn"]}, {}),
            ("PUT", path, good | {"id": id, "status": each["lastName"]}, {"If-Match": 'W/"7"'}),
            ("PATCH", path, {"ssn": f"*****{each['ssn'][-4:]}x"}, ANY),
            ("PATCH", path, [{"op": "test", "path": "/ssn", "value": each["ssn"]}], ANY),
            ("GET", f"/v1/{PROFILE}?ssn={each['ssn']}", None, {}),
            ("GET", f"/v1/{PROFILE}?x={each['lastName']}&x={each['ssn']}", None, {}),
            ("GET", f"/v1/{PROFILE}?birth-date={each['ssn']}", None, {}),
            ("GET", f"/v1/{PROFILE}/{each['ssn']}/{each['lastName']}", None, {}),
            ("GET", path, None, {"Purpose-Of-Use": each["lastName"]}),
            ("GET", path, None, {"Staff-Id": each["lastName"] + " " + each["ssn"]}),
            ("GET", path, None, {"Authorization": f"Bearer {each['ssn']}"}),
            ("DELETE", f"/v1/{PROFILE}?last-name={each['lastName']}&first-name=x&y=1", None, ANY),
            ("POST", "/v1/", bundle(post(good | {"ssn": each["lastName"]})), {}),
        )  # fmt: skip
        for method, address, body, headers in sent[number % 4 :: 4]:
            data = None if body is None else json.dumps(body)
            reply = http.open(address, method=method, data=data, headers=headers,
                              content_type=_media(body))  # fmt: skip
            assert 400 <= reply.status_code < 500 or method == "POST", (method, address)
            walk.note("error", reply)


def _media(body):
    return "application/json-patch+json" if isinstance(body, list) else "application/json"


def _look_around(walk):
    http = walk.world.http["no-token"]
    for path in (*(f"/v1/{name}" for name in PUBLIC), *ORIGINS):
        assert walk.note("public", http.get(path)).status_code == 200, path


def found_in(text, words):
    return {word for word in words if word in text}


def test_the_walk_met_the_people(walk):
    """So that finding nothing means something: who is entitled was told of them."""
    told = [text for who, status, text in walk.answers if who == "not-owner" and status == 200]

    assert [text for text in told if found_in(text, EVERYTHING - SPELT)]
    assert len(walk.answers) > 500
    assert {who for who, _, _ in walk.answers} == {*OTHERS, *ENTITLED, "error", "public"}


@pytest.mark.parametrize("who", [*OTHERS, "public"])
def test_others_are_told_nothing_that_is_personal(walk, who):
    told = [text for asked, _, text in walk.answers if asked == who]

    assert told
    assert [found_in(text, EVERYTHING) for text in told if found_in(text, EVERYTHING)] == []


def test_no_agency_is_told_a_number(walk):
    assert [who for who, _, text in walk.answers if found_in(text, SPELT)] == []


def test_no_refusal_quotes_what_was_sent_or_what_is_stored(walk):
    refusals = [text for _, status, text in walk.answers if status >= 400]

    assert len(refusals) > 200
    assert [text for text in refusals if found_in(text, EVERYTHING)] == []


def test_nothing_personal_is_logged(walk):
    logging.getLogger("hub.test").info("The log is listened to.")

    assert any("listened" in line for line in walk.lines)
    assert [line for line in walk.lines if found_in(line, EVERYTHING)] == []


def test_nothing_personal_lies_beside_the_resources(walk):
    """Audit, feed, idempotency and whatever else there is hold names of rows, not facts."""
    database = walk.world.state.database
    resources = {"versions", PROFILE}
    found = {}
    for name in sorted(database.list_collection_names()):
        words = NUMBERS if name in resources or name.endswith(PROFILE) else EVERYTHING
        raw = b"".join(bson.encode(row) for row in database[name].find())
        hits = {word for word in words if word.encode() in raw}
        if hits:
            found[name] = len(hits)

    assert found == {}
    assert database["audit"].count_documents({}) > 500
    assert database["feed"].count_documents({}) > 0


def test_a_number_sent_as_the_name_of_a_parameter_is_not_quoted(walk):
    number = CANARIES[0]["ssn"]

    reply = walk.world.http["owner"].get(f"/v1/{PROFILE}?{number}=1")

    assert reply.status_code == 400
    assert number not in reply.text
