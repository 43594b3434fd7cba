"""Searches by form, across types, in compartments and with inclusions, as HTTP carries them."""

import pytest

from builders import a_profile, an_agency, an_example
from linked_types import to

FORM = "application/x-www-form-urlencoded"


def links(bundle):
    return {each["relation"]: each["url"] for each in bundle["link"]}


def names(bundle, mode="match"):
    return [
        each["fullUrl"].removeprefix("http://hub.test/v1/")
        for each in bundle.get("entry", ())
        if each["search"]["mode"] == mode
    ]


def follow(http, bundle):
    return http.get(links(bundle)["next"].removeprefix("http://hub.test")).json


@pytest.fixture
def program(http):
    """Return an agency of its own and a program of it."""
    agency = http.post("/v1/Agency", json=an_agency(name="Linked Agency")).json
    named = to(f"Agency/{agency['id']}", identifier={"system": "urn:fein", "value": "64-000"})
    program = {**an_example("Program"), "agency": named}
    made = http.post("/v1/Program", json={k: v for k, v in program.items() if k != "id"})
    assert made.status_code == 201, made.text
    return made.json


def test_a_form_and_the_address_are_one_search(http):
    for number in range(3):
        http.post("/v1/Agency", json=an_agency(name=f"Form & Sons {number}", status="active"))

    reply = http.post(
        "/v1/Agency/_search?status=active&_count=2",
        data="name=form+%26+sons&_total=accurate",
        content_type=FORM,
    )

    assert reply.json["total"] == 3
    assert [len(each["entry"]) for each in (reply.json, follow(http, reply.json))] == [2, 1]
    assert links(reply.json)["self"] == (
        "http://hub.test/v1/Agency?_count=2&_total=accurate&name=form+%26+sons&status=active"
    )


def test_a_form_without_a_body_is_a_search_by_address(http):
    made = http.post("/v1/Agency", json=an_agency()).json

    reply = http.post(f"/v1/Agency/_search?_id={made['id']}")

    assert names(reply.json) == [f"Agency/{made['id']}"]


@pytest.mark.parametrize("path", ["/v1/Agency/_search", "/v1/_search"])
@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        ('{"name":"x"}', "application/json", 415),
        ("_id=x", "text/plain", 415),
        ("_id=x&colour=red", FORM, 400),
        ("_id=%FF", FORM, 400),
        (b"_id=\xff", FORM, 400),
        ("_id=x&" * 101, FORM, 400),
        ("_id=" + "x" * 300_000, FORM, 413),
    ],
)
def test_a_form_that_is_none_is_refused(http, path, body, media, status):
    reply = http.post(path, data=body, content_type=media)

    assert (reply.status_code, reply.json["resourceType"]) == (status, "OperationOutcome")


def test_several_types_are_searched_and_paged_below_the_base(http, program):
    agency = program["agency"]["reference"]
    ids = f"{program['id']},{agency.removeprefix('Agency/')}"

    for reply in (
        http.get(f"/v1?_type=Program,Agency&_id={ids}&_count=1"),
        http.get(f"/v1/?_type=Agency%2CProgram&_id={ids}&_count=1"),
        http.post(
            "/v1/_search", data=f"_type=Agency,Program&_id={ids}&_count=1", content_type=FORM
        ),
    ):
        first, second = reply.json, follow(http, reply.json)
        assert links(first)["self"].startswith("http://hub.test/v1?_count=1&_id=")
        assert sorted(names(first) + names(second)) == sorted([agency, f"Program/{program['id']}"])
        assert "next" not in links(second)


def test_a_chain_and_a_reverse_chain_lead_to_what_they_name(http, program):
    agency = program["agency"]["reference"]

    for query in ("agency.name=linked+agency", "agency%3AAgency.name%3Aexact=Linked+Agency"):
        assert f"Program/{program['id']}" in names(http.get(f"/v1/Program?{query}").json)
    found = http.get(f"/v1/Agency?_has:Program:agency:_id={program['id']}").json
    assert names(found) == [agency]


def test_a_reference_is_found_by_its_identifier(http, program):
    found = http.get(f"/v1/Program?agency:identifier=urn:fein|64-000&_id={program['id']}").json

    assert names(found) == [f"Program/{program['id']}"]


def test_what_comes_along_is_marked_and_whole_even_when_the_matches_are_not(http, program):
    agency = program["agency"]["reference"]
    query = f"_id={program['id']}&_include=Program:agency&_elements=name&_total=accurate"

    bundle = http.get(f"/v1/Program?{query}").json

    assert bundle["total"] == 1
    assert (names(bundle), names(bundle, "include")) == ([f"Program/{program['id']}"], [agency])
    match, included = (each["resource"] for each in bundle["entry"])
    assert set(match) == {"resourceType", "id", "meta", "name"}
    assert included == http.get(f"/v1/{agency}").json


def test_what_refers_to_the_matches_comes_along(http, program):
    agency = program["agency"]["reference"]

    bundle = http.get(
        f"/v1/Agency?_id={agency.removeprefix('Agency/')}&_revinclude=Program:agency"
    ).json

    assert names(bundle, "include") == [f"Program/{program['id']}"]


@pytest.fixture
def participant(http):
    """Return the path of a participant with one success plan."""
    made = http.post("/v1/ParticipantProfile", json=a_profile()).json
    return f"ParticipantProfile/{made['id']}"


def test_a_compartment_answers_at_its_own_address(http, participant):
    bundle = http.get(f"/v1/{participant}/Referral?_count=5&_total=accurate").json

    assert (bundle["type"], bundle["total"]) == ("searchset", 0)
    assert links(bundle)["self"] == (
        f"http://hub.test/v1/{participant}/Referral?_count=5&_total=accurate"
    )


def test_a_compartment_is_searched_by_a_form_too(http, participant):
    reply = http.post(f"/v1/{participant}/Referral/_search", data="_count=5", content_type=FORM)

    assert links(reply.json)["self"] == f"http://hub.test/v1/{participant}/Referral?_count=5"


@pytest.mark.parametrize(
    "path", ["ParticipantProfile/nobody/Referral", "{}/Agency", "{}/Alien", "Agency/mdes/Referral"]
)
def test_no_compartment_there_is_404(http, participant, path):
    reply = http.get(f"/v1/{path.format(participant)}")

    assert (reply.status_code, reply.json["resourceType"]) == (404, "OperationOutcome")


def test_the_compartment_of_a_deleted_participant_is_gone(http, participant):
    http.delete(f"/v1/{participant}", headers={"If-Match": "*"})

    assert http.get(f"/v1/{participant}/Referral").status_code == 410


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1?_type=Agency"),
        ("POST", "/v1/_search"),
        ("POST", "/v1/Agency/_search"),
        ("GET", "/v1/ParticipantProfile/x/Referral"),
    ],
)
def test_every_search_needs_a_token(app, method, path):
    assert app.test_client().open(path, method=method).status_code == 401


def test_a_path_that_leads_nowhere_is_told_those_that_do(http):
    reply = http.get("/v1/Program?agency.colour=red&_include=Program:name&_has:Agency:x:y=1")

    issues = {each["expression"][0]: each for each in reply.json["issue"]}
    assert reply.status_code == 400
    assert set(issues) == {"agency.colour", "_include", "_has:Agency:x:y"}
