"""ParticipantProfile/$match: who may be this person already; and no certain match made twice."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from agencies import a_state
from app.rules.persons.matching import Grade, evidence, grade
from builders import a_profile
from match_quality import Rows, looked_for, profile_type

PROFILES = "/v1/ParticipantProfile"
MATCH = f"{PROFILES}/$match"
GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
SSN = "666451001"
LIMIT = 60
PEOPLE = 12
ELVIS = {
    "firstName": "Elvis",
    "lastName": "Castwright",
    "birthDate": "1988-03-07",
    "ssn": SSN,
    "address": [{"use": "home", "line": ["12 Oak Street"], "postalCode": "38614"}],
    "telecom": [{"system": "phone", "value": "662-555-0142"}],
}
ANY = {"If-Match": "*"}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    folder = tmp_path_factory.mktemp("match")
    with a_state(embedded_uri, folder, rows="demo", secret_searches=LIMIT) as made:
        yield made


@pytest.fixture(scope="module")
def staff(state):
    return state.client("state-staff")


@pytest.fixture(scope="module")
def elvis(staff):
    """Return the id of the person most tests look for."""
    reply = staff.post(PROFILES, json=a_profile(**ELVIS))
    assert reply.status_code == 201, reply.text
    return reply.json["id"]


def asked(http, resource, **inputs):
    """Ask for a person; elements of None are left out."""
    body = {name: value for name, value in resource.items() if value is not None}
    types = {"count": "valueInteger", "onlyCertainMatches": "valueBoolean"}
    more = [{"name": name, types[name]: value} for name, value in inputs.items()]
    person = {"name": "resource", "resource": {"resourceType": "ParticipantProfile", **body}}
    sent = {"resourceType": "Parameters", "parameter": [person, *more]}
    return http.post(MATCH, json=sent)


def found(reply):
    """Return the ids and grades that were answered, in order."""
    assert reply.status_code == 200, reply.text
    entries = reply.json.get("entry", [])
    return [
        (each["resource"]["id"], each["search"]["extension"][0]["valueCode"]) for each in entries
    ]


def test_a_match_is_a_searchset_with_grade_and_score(staff, elvis):
    reply = asked(staff, ELVIS)

    assert found(reply) == [(elvis, "certain")]
    (entry,) = reply.json["entry"]
    assert (reply.json["type"], reply.json["total"]) == ("searchset", 1)
    assert entry["fullUrl"].endswith(f"{PROFILES}/{elvis}")
    assert entry["search"]["mode"] == "match"
    assert entry["search"]["extension"][0]["url"] == GRADE
    assert 0.99 <= entry["search"]["score"] <= 1
    assert entry["resource"]["firstName"] == "Elvis"


@pytest.mark.parametrize(("changes", "expected"), [
    ({"ssn": None}, "probable"),
    ({"ssn": None, "birthDate": "1988-07-03"}, "probable"),
    ({"ssn": None, "lastName": "Other"}, "probable"),
    ({"ssn": None, "firstName": "Castwright", "lastName": "elvis", "telecom": None}, "probable"),
    ({"ssn": None, "address": None, "telecom": None}, "probable"),
    ({"ssn": "666451002", "address": None, "telecom": None}, "possible"),
    ({"ssn": None, "firstName": "Jesse"}, "possible"),
    ({"ssn": None, "birthDate": None, "address": None,
      "telecom": [{"system": "sms", "value": "(662) 555-0142"}]}, "possible"),
])  # fmt: skip
def test_a_person_is_found_by_what_is_left(staff, elvis, changes, expected):
    assert found(asked(staff, ELVIS | changes)) == [(elvis, expected)]


def test_the_profile_may_be_sent_by_itself(staff, elvis):
    reply = staff.post(MATCH, json={"resourceType": "ParticipantProfile", **ELVIS})

    assert found(reply) == [(elvis, "certain")]


def test_a_profile_is_asked_as_it_was_read_with_its_version(staff, elvis):
    seen = staff.get(f"{PROFILES}/{elvis}").json
    named = [f"https://hub.wioa.example/schemas/ParticipantProfile|{each}" for each in ("1", "7.7")]
    asked_so = {name: seen[name] for name in ("resourceType", "meta", *ELVIS)}

    reply = staff.post(MATCH, json={**asked_so, "meta": {"profile": [named[0]]}})
    unknown = staff.post(MATCH, json={**asked_so, "meta": {"profile": [named[1]]}})

    assert found(reply) == [(elvis, "certain")]
    assert unknown.status_code == 422
    assert unknown.json["issue"][0]["expression"] == ["meta.profile"]


def test_nobody_is_no_fault(staff):
    reply = asked(staff, {"firstName": "Nobody", "lastName": "Anywhere"})

    assert found(reply) == []
    assert reply.json["total"] == 0


@pytest.mark.parametrize("resource", [
    pytest.param({"firstName": "Elvis"}, id="too little"),
    pytest.param({"lastName": 7}, id="a wrong type"),
    pytest.param({**ELVIS, "nickname": "King"}, id="an unknown element"),
    pytest.param({**ELVIS, "ssn": "*****1001"}, id="a masked number"),
    pytest.param({**ELVIS, "partnerIdentifiers": [{"value": "7"}]}, id="half a number"),
    pytest.param({**ELVIS, "birthDate": "1988-02-30"}, id="no day"),
])  # fmt: skip
def test_what_cannot_be_looked_for_is_refused_without_an_echo(staff, resource):
    reply = asked(staff, resource)

    assert reply.status_code in (400, 422), reply.text
    assert "King" not in reply.text
    assert "1988-02-30" not in reply.text


def test_count_and_only_certain_matches_narrow_the_answer(staff, elvis):
    body = a_profile(**ELVIS | {"firstName": "Jesse", "ssn": "666451009"})
    twin = staff.post(PROFILES, json=body).json["id"]

    assert found(asked(staff, ELVIS)) == [(elvis, "certain"), (twin, "possible")]
    assert found(asked(staff, ELVIS, onlyCertainMatches=True)) == [(elvis, "certain")]
    short = asked(staff, ELVIS, count=1)
    assert found(short) == [(elvis, "certain")]
    assert short.json["total"] == 2
    assert staff.delete(f"{PROFILES}/{twin}", headers=ANY).status_code == 204


def test_an_agency_sees_of_a_match_what_it_sees_of_a_search(state, staff, elvis):
    staff.patch(f"{PROFILES}/{elvis}", json={"householdIncome": 4711.25}, headers=ANY)
    mdes = state.client("mdes", "referral")

    reply = asked(mdes, ELVIS)

    page = mdes.get(f"{PROFILES}?_id={elvis}").json["entry"][0]["resource"]
    assert reply.json["entry"][0]["resource"] == page
    assert page["ssn"] == "*****1001"
    assert "4711.25" not in reply.text


@pytest.mark.usefixtures("elvis")
def test_the_score_tells_nothing_of_a_masked_number(state):
    mdes = state.client("mdes", "referral")
    numbers = ("666451002", "666451003", "000999999")

    scores = {
        asked(mdes, ELVIS | {"ssn": each}).json["entry"][0]["search"]["score"] for each in numbers
    }

    assert len(scores) == 1


def test_who_has_no_agreement_for_a_purpose_matches_nobody(state):
    assert asked(state.client("mdes", "research"), ELVIS).status_code == 403


@pytest.mark.usefixtures("elvis")
def test_the_number_of_vocational_rehabilitation_is_not_asked_for_by_others(state):
    number = {"partner": {"reference": "Partner/mdrs-vr"}, "value": "VR-1"}
    person = {"partnerIdentifiers": [number]}

    assert asked(state.client("mdhs", "referral"), person).status_code == 403
    assert found(asked(state.client("mdrs"), person)) == []


@pytest.mark.usefixtures("elvis")
def test_asking_by_number_counts_as_a_search_for_it(state):
    with_numbers = state.client("mccb")
    for at in range(LIMIT):
        if asked(with_numbers, {"ssn": f"6664{at:05}"}).status_code == 429:
            break
    limited = asked(with_numbers, ELVIS)

    assert limited.status_code == 429
    assert SSN not in limited.text
    assert asked(with_numbers, ELVIS | {"ssn": None}).status_code == 200


def test_who_is_known_for_certain_is_not_created_again(staff, elvis):
    reply = staff.post(PROFILES, json=a_profile(**ELVIS | {"lastName": "Newname"}))

    assert reply.status_code == 409
    (issue,) = reply.json["issue"]
    assert issue["code"] == "duplicate"
    assert f"ParticipantProfile/{elvis}" in reply.text
    assert SSN not in reply.text
    assert "Newname" not in reply.text


@pytest.mark.usefixtures("elvis")
def test_a_twin_whose_number_was_mixed_up_is_created(staff):
    reply = staff.post(PROFILES, json=a_profile(**ELVIS | {"firstName": "Jesse"}))

    assert reply.status_code == 201, reply.text
    assert staff.delete(f"{PROFILES}/{reply.json['id']}", headers=ANY).status_code == 204


def test_of_many_creations_of_one_person_at_once_one_comes_through(state):
    bodies = [a_profile(**ELVIS | {"ssn": "666451777", "lastName": "Racer"}) for _ in range(6)]
    clients = [state.client("state-staff") for _ in bodies]

    with ThreadPoolExecutor(len(bodies)) as pool:
        replies = list(pool.map(lambda c, b: c.post(PROFILES, json=b), clients, bodies))

    assert sorted(reply.status_code for reply in replies) == [201, *[409] * 5]


def test_a_merged_profile_stands_for_the_one_that_continues_it(staff):
    one = {"firstName": "Merle", "lastName": "Oldname", "birthDate": "1971-05-04",
           "ssn": "666452001"}  # fmt: skip
    other = one | {"ssn": "666452002", "lastName": "Latername", "birthDate": "1971-05-05"}
    made = [staff.post(PROFILES, json=a_profile(**each)).json["id"] for each in (one, other)]
    merge = {"resourceType": "Parameters", "parameter": [
        {"name": "into", "valueReference": {"reference": f"ParticipantProfile/{made[1]}"}},
        {"name": "version", "valueInteger": 1}, {"name": "intoVersion", "valueInteger": 1},
    ]}  # fmt: skip
    assert staff.post(f"{PROFILES}/{made[0]}/$merge", json=merge).status_code == 200

    assert found(asked(staff, one)) == [(made[1], "certain")]
    again = staff.post(PROFILES, json=a_profile(**one))
    assert again.status_code == 409
    assert made[1] in again.text


def test_the_hub_finds_whom_the_measurement_finds(staff):
    """The measurement answers the same searches from memory."""
    people = list(looked_for(PEOPLE, seed=5))
    for person, _, _ in people:
        if person.stored:
            body = {name: value for name, value in person.stored.items() if name != "id"}
            reply = staff.post(PROFILES, json=a_profile(**body))
            assert reply.status_code == 201, reply.text
            person.stored["id"] = reply.json["id"]
    rows = Rows(profile_type(), [person.stored for person, _, _ in people if person.stored])

    for _, written, _ in people:
        expected = {
            (each["id"], grade(evidence(written, each))) for each in rows.candidates(written)
        }
        answer = {each for each in found(asked(staff, written)) if each[0] in rows.profiles}
        assert answer == {each for each in expected if each[1]}, json.dumps(written)


def test_every_grade_is_a_code_of_fhir():
    assert [*Grade] == ["certain", "probable", "possible"]
