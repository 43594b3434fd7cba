"""SSNs are looked for in bodies only: no address, link, header or cursor ever holds one."""

import json
from urllib.parse import urlsplit

import pytest

from builders import a_profile, a_stranger

PROFILES = "/v1/ParticipantProfile"
SSN = "666987654"
SPELT = "666-98-7654"


@pytest.fixture(scope="module")
def people(app):
    """Return the ids of three people with one number, and one with another."""
    from tenants import as_client  # noqa: PLC0415 - a module-wide client of its own

    http = as_client(app, "state-staff")
    made = [
        http.post(PROFILES, json=a_stranger(ssn=ssn, birthDate=f"1931-07-1{day}"))
        for day, ssn in enumerate((SSN, SSN, SSN, "000111222"))
    ]
    assert {reply.status_code for reply in made} == {201}
    return [reply.json["id"] for reply in made]


def ids(reply):
    assert reply.status_code == 200, reply.text
    return [entry["resource"]["id"] for entry in reply.json.get("entry", ())]


def links(reply):
    return {each["relation"]: each["url"] for each in reply.json["link"]}


def holds(text):
    return SSN in text or SPELT in text or "666%2D98" in text


@pytest.mark.parametrize("spelling", [SSN, SPELT])
def test_a_post_finds_it_and_no_link_says_it(http, people, spelling):
    reply = http.post(f"{PROFILES}/_search", data={"ssn": spelling, "_sort": "_id"})

    assert ids(reply) == sorted(people[:3])
    assert not holds(json.dumps(reply.json["link"]))


def test_its_pages_follow_links_that_do_not_say_it(http, people):
    reply = http.post(f"{PROFILES}/_search", data={"ssn": SSN, "_count": "1", "_sort": "_id"})
    found, seen = ids(reply), [links(reply)["next"]]
    while "next" in links(reply):
        address = urlsplit(links(reply)["next"])
        seen.append(links(reply)["next"])
        reply = http.get(f"{address.path}?{address.query}")
        found += ids(reply)

    assert found == sorted(people[:3])
    assert not any(map(holds, seen))


def test_a_cursor_that_carries_it_serves_no_other_search(http, people):
    reply = http.post(f"{PROFILES}/_search", data={"ssn": SSN, "_count": "1"})
    cursor = links(reply)["next"].partition("_cursor=")[2]
    other = {"ssn": "000111222", "_count": "1", "_cursor": cursor}

    assert http.post(f"{PROFILES}/_search", data=other).status_code == 400
    assert http.get(f"{PROFILES}?_count=2&_cursor={cursor}").status_code == 400
    assert people


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        pytest.param("GET", f"{PROFILES}?ssn={SSN}", {}, id="get"),
        pytest.param("GET", f"{PROFILES}?ssn={SPELT}", {}, id="get, spelt out"),
        pytest.param("GET", f"/v1/Referral?participant.ssn={SSN}", {}, id="a chain"),
        pytest.param("GET", f"/v1?_type=ParticipantProfile&ssn={SSN}", {}, id="several types"),
        pytest.param("POST", f"{PROFILES}/_search?ssn={SSN}", {}, id="the address of a post"),
        pytest.param("PUT", f"{PROFILES}?ssn={SSN}", {"json": a_profile()}, id="a criterion"),
        pytest.param("POST", f"{PROFILES}?ssn={SSN}", {"json": a_profile()}, id="a create"),
        pytest.param(
            "POST",
            PROFILES,
            {"json": a_profile(), "headers": {"If-None-Exist": f"ssn={SSN}"}},
            id="a header",
        ),
        pytest.param("POST", "/v1/_search", {"data": {"ssn": SSN}}, id="all types by form"),
    ],
)
def test_an_address_that_says_it_is_refused_without_repeating_it(http, method, path, more):
    reply = http.open(path, method=method, **more)

    assert reply.status_code == 400, reply.text
    assert not holds(reply.text + str(reply.headers))


@pytest.mark.parametrize("kind", ["batch", "transaction"])
def test_an_entry_of_a_bundle_that_says_it_is_refused(http, people, kind):
    entry = {"request": {"method": "GET", "url": f"ParticipantProfile?ssn={SSN}"}}

    reply = http.post("/v1", json={"resourceType": "Bundle", "type": kind, "entry": [entry]})

    assert reply.status_code == (200 if kind == "batch" else 400), reply.text
    assert "POST" in reply.text
    assert not holds(reply.text)
    assert not any(id in reply.text for id in people)


def test_it_may_be_asked_of_those_referred_to_in_a_body(http):
    reply = http.post("/v1/Referral/_search", data={"participant.ssn": SSN})

    assert ids(reply) == []
    assert not holds(json.dumps(reply.json["link"]))


def test_a_birthday_is_found_as_a_whole_and_is_nothing_to_sort_by(http, people):
    assert ids(http.get(f"{PROFILES}?birth-date=1931-07-10")) == [people[0]]
    assert ids(http.get(f"{PROFILES}?birth-date=eq1931-07-13")) == [people[3]]
    for asked in ("birth-date=ge1931-07-10", "birth-date=1931", "_sort=birth-date"):
        assert http.get(f"{PROFILES}?{asked}").status_code == 400


def test_the_documents_say_what_can_be_asked(http):
    statement = http.get("/v1/metadata").json
    kinds = {each["type"]: each for each in statement["rest"][0]["resource"]}
    told = {each["name"]: each for each in kinds["ParticipantProfile"]["searchParam"]}
    search = http.get("/openapi.json").json["paths"][PROFILES]["get"]

    assert "POST" in told["ssn"]["documentation"]
    assert "whole value" in told["birth-date"]["documentation"]
    names = {each.get("name") for each in search["parameters"]}
    assert "birth-date" in names
    assert "ssn" not in names
