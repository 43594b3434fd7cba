"""Nothing is found out by asking: not by whom vocational rehabilitation knows, not on a list."""

import pytest

from agencies import PARTNERS, a_state
from builders import a_profile, an_example

PROFILES = "/v1/ParticipantProfile"
VR = "Partner/mdrs-vr"
OWN = f"Partner/{PARTNERS['mdhs']}"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("barred")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    """Return the clients by short name; the partners ask to coordinate services."""
    found = state.clients()
    return found | {"third": a_third(state, found["staff"])}


def a_third(state, staff):
    """Return the client of an agency that vocational rehabilitation agreed on nothing with."""
    agency = {"reference": "Agency/mdoc"}
    agreement = an_example("DataSharingAgreement") | {
        "id": "mdes-mdoc", "recipientAgency": agency, "labels": ["OPS", "PII-DIRECT", "PII-QUASI"],
    }  # fmt: skip
    partner = an_example("Partner") | {"id": "mdoc-system", "agency": agency, "status": "active"}
    for body in (agreement, partner):
        reply = staff.put(f"/v1/{body['resourceType']}/{body['id']}", json=body)
        assert reply.status_code == 201, reply.text
    state.register("third", "system/*.rs", "Partner/mdoc-system", "referral")
    return state.client("third")


def made(http, body):
    reply = http["staff"].post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def ids(reply):
    assert reply.status_code == 200, reply.text
    return [each["resource"]["id"] for each in reply.json.get("entry", ()) if "resource" in each]


def said(reply):
    """Return what an answer says but where it was asked."""
    body = {name: value for name, value in reply.json.items() if name not in {"id", "link"}}
    return reply.status_code, body


@pytest.fixture(scope="module")
def person(http):
    """Return a profile with numbers of MDHS and of vocational rehabilitation."""
    numbers = [{"partner": {"reference": VR}, "value": "VR77"},
               {"partner": {"reference": OWN}, "value": "H77"}]  # fmt: skip
    return made(http, a_profile(partnerIdentifiers=numbers))["id"]


@pytest.fixture(scope="module")
def known(http):
    """Return a profile with a number of vocational rehabilitation alone."""
    numbers = [{"partner": {"reference": VR}, "value": "VR78"}]
    return made(http, a_profile(partnerIdentifiers=numbers))["id"]


@pytest.fixture(scope="module")
def plan(http, person):
    """Return a plan that vocational rehabilitation wrote last."""
    body = an_example("ParticipantSuccessPlan") | {
        "participant": {"reference": f"ParticipantProfile/{person}"},
        "lastEditedBy": {"reference": VR},
    }
    return made(http, body)["id"]


BARRED = [
    f"ParticipantProfile?partner-identifiers={VR}|VR77",
    f"ParticipantProfile?partner-identifiers={VR}|",
    f"ParticipantProfile?partner-identifiers={OWN}|H77,{VR}|VR77",
    f"ParticipantProfile?_summary=count&partner-identifiers={VR}|VR77",
    f"ParticipantSuccessPlan?last-edited-by={VR}",
    "ParticipantSuccessPlan?last-edited-by=mdrs-vr",
    "ParticipantSuccessPlan?last-edited-by:Partner=mdrs-vr",
    f"ParticipantSuccessPlan?_total=accurate&last-edited-by={VR}",
    "ParticipantSuccessPlan?_sort=last-edited-by",
    "ParticipantSuccessPlan?_sort=-last-edited-by",
    "ParticipantSuccessPlan?last-edited-by.agency=Agency/mdrs",
    f"?_type=ParticipantProfile&partner-identifiers={VR}|VR77",
    f"ParticipantProfile/01920000-0000-7000-8000-000000000001/ParticipantSuccessPlan?last-edited-by={VR}",
    f"ParticipantProfile?_has:ParticipantSuccessPlan:participant:last-edited-by={VR}",
    "Partner?_has:ParticipantSuccessPlan:last-edited-by:status=tentative",
    "Partner?_id=mdrs-vr&_revinclude=ParticipantSuccessPlan:last-edited-by",
]


@pytest.mark.parametrize("query", BARRED)
@pytest.mark.parametrize("name", ["mdes", "mdhs", "third"])
def test_a_search_by_a_protected_partner_is_refused(http, person, plan, name, query):
    one, other = http[name].get(f"/v1/{query}"), http["mdrs"].get(f"/v1/{query}")

    assert one.status_code == 403, one.text
    assert "VR77" not in one.text
    assert other.status_code == 200, other.text
    assert {person, plan}


def test_a_number_is_found_by_who_may_see_it_only(http, person):
    found = {
        (name, value): ids(http[name].get(f"{PROFILES}?partner-identifiers={value}"))
        for name in ("mdhs", "third", "mdrs", "staff")
        for value in ("VR77", "H77", f"{OWN}|H77")
    }

    assert found == {
        (name, value): [] if name in {"mdhs", "third"} and value == "VR77" else [person]
        for name, value in found
    }


@pytest.mark.parametrize("value", ["VR77", "VR78", "Nobody"])
@pytest.mark.parametrize("name", ["mdhs", "third"])
def test_a_count_of_a_hidden_number_is_that_of_an_unknown_one(http, person, known, name, value):
    for query in ("_summary=count", "_total=accurate", "_count=1"):
        one, other = (
            http[name].get(f"{PROFILES}?partner-identifiers={each}&{query}")
            for each in (value, "Unknown")
        )
        assert said(one) == said(other)
        assert one.json.get("total", 0) == 0
    assert {person, known}


@pytest.mark.parametrize("condition", [
    "partner-identifiers:missing=false",
    "partner-identifiers=VR78",
    f"partner-identifiers={OWN}|H77",
    "partner-identifiers:missing=true",
    "partner-identifiers:not=VR78",
    f"partner-identifiers:not={VR}|VR78",
    f"partner-identifiers:not={VR}|",
])  # fmt: skip
@pytest.mark.parametrize("query", ["", "&_summary=count"])
@pytest.mark.parametrize("name", ["mdhs", "third"])
def test_whoever_is_known_to_it_alone_is_found_as_who_is_known_to_nobody(
    http, known, name, condition, query
):
    unknown = made(http, a_profile())["id"]

    one, other = (
        http[name].get(f"{PROFILES}?_id={each}&{condition}{query}") for each in (known, unknown)
    )

    assert one.status_code == other.status_code
    assert one.json.get("total") == other.json.get("total")
    assert len(one.json.get("entry", ())) == len(other.json.get("entry", ()))


def test_a_protected_partner_is_not_brought_along(http, plan):
    path = f"/v1/ParticipantSuccessPlan?_id={plan}&_include=ParticipantSuccessPlan:last-edited-by"

    assert ids(http["mdhs"].get(path)) == [plan]
    assert ids(http["mdrs"].get(path)) == [plan, "mdrs-vr"]


@pytest.mark.parametrize("criteria", [
    f"partner-identifiers={VR}|VR77", f"partner-identifiers={VR}|Unknown",
    "partner-identifiers=VR77", "partner-identifiers=Unknown",
    "partner-identifiers:not=VR77", "partner-identifiers:missing=true",
])  # fmt: skip
def test_no_condition_of_a_write_is_met_by_what_is_hidden(http, person, criteria):
    body, client, one = a_profile(), http["mdhs"], f"{criteria}&_id={person}"

    for reply in (
        client.post(PROFILES, json=body, headers={"If-None-Exist": one}),
        client.put(f"{PROFILES}?{one}", json=body, headers={"If-Match": "*"}),
    ):
        assert reply.status_code in {403, 412}, reply.text
    assert "VR" in http["staff"].get(f"{PROFILES}/{person}").text


def test_what_stays_off_lists_is_not_brought_along_either(http):
    id = made(http, a_profile(disability="1"))["id"]
    whose = {"reference": f"ParticipantProfile/{id}"}
    of = {"partner": {"reference": f"Partner/{PARTNERS['mdes']}"}, "participant": whose}
    body = an_example("ParticipantServiceEnrollment") | of | {"outcomes": {"wagesQ2": 6000}}
    enrolled = f"ParticipantServiceEnrollment/{made(http, body)['id']}"
    earned = an_example("ParticipantCredential") | of | {"enrollment": {"reference": enrolled}}
    credential = made(http, earned)["id"]
    made(http, an_example("Referral") | {"participant": whose})
    brought = {
        enrolled: ("mdes", "outcomes", (
            f"ParticipantCredential?_id={credential}&_include=ParticipantCredential:enrollment",
            f"ParticipantProfile?_id={id}&_revinclude=ParticipantServiceEnrollment:participant",
        )),
        whose["reference"]: ("mdrs", "disability", (
            f"Referral?participant={whose['reference']}&_include=Referral:participant",
        )),
    }  # fmt: skip

    for path, (name, element, queries) in brought.items():
        assert element in http[name].get(f"/v1/{path}").json
        for query in queries:
            entries = http[name].get(f"/v1/{query}").json["entry"]
            (found,) = [e["resource"] for e in entries if e["fullUrl"].endswith(path)]
            assert element not in found, query
