"""$report-card over HTTP: whole, for who may see its grounds, and never from what is unseen."""

import json

import pytest

from agencies import FIRST, a_state
from app.interactions.operations import report_card
from builders import a_profile, an_example

TRUCKER, MECHANIC = "53-3032", "49-3031"
PLAN = "01920000-0000-7000-8000-000000000601"
HINDS, COAHOMA = "28049", "28027"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("report-card")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    return state.clients("mdes", "mdhs", "mdrs", "college")


@pytest.fixture(scope="module")
def seeded(http):
    """Return the answer about the demo participant, with his military and his civilian past."""
    return asked(http["staff"], FIRST).json


def asked(client, id, **inputs):
    return client.get(f"/v1/ParticipantProfile/{id}/$report-card", query_string=inputs)


def made(http, body):
    reply = http["staff"].post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json["id"]


def a_driver(http, **changes):
    """Return the id of somebody new who drove a truck and has a diploma."""
    given = {
        "educationLevel": "1",
        "workHistory": [{"title": "Driver", "onetSoc": TRUCKER}],
        "localWorkforceArea": "delta",
        "address": [{"use": "home", "countyFips": HINDS}],
    }
    return made(http, a_profile(**given, **changes))


def a_credential(person, credential, kind, partner="mdes-mississippi-works"):
    return an_example("ParticipantCredential") | {
        "participant": {"reference": f"ParticipantProfile/{person}"},
        "credential": {"reference": credential},
        "credentialType": kind,
        "partner": {"reference": f"Partner/{partner}"},
    }


def a_license(http, person, partner):
    return made(http, a_credential(person, "Credential/cdl-a", "4", partner))


def named(parts, name):
    """Return the values of all parameters or parts of a name."""
    return [
        next((value for key, value in each.items() if key != "name"), None)
        for each in parts
        if each["name"] == name
    ]


def cards(body):
    """Return the recommendations of an answer by occupation, each part by its name."""
    found = [
        {each["name"]: named([each], each["name"])[0] for each in parts}
        for parts in named(body["parameter"], "recommendation")
    ]
    return {each["onetSoc"]: each for each in found}


def test_elvis_is_recommended_truck_driver_and_diesel_mechanic(seeded):
    found = cards(seeded)

    assert next(iter(found)) == TRUCKER
    assert found[TRUCKER]["medianAnnualWage"] == 51820
    assert found[TRUCKER]["credential"] == {"reference": "Credential/cdl-a"}
    assert found[TRUCKER]["trainingService"] == {"reference": "Service/ost-cdl-a"}
    assert found[MECHANIC]["medianAnnualWage"] == 54360
    assert found[MECHANIC]["why"].startswith("Related (short tier) to Heavy and Tractor-Trailer")
    assert found[MECHANIC]["program"] == "Diesel Equipment Technology"
    assert found[MECHANIC]["provider"] == {"reference": "Partner/cc-hinds"}


def test_the_answer_says_what_it_rests_on(seeded):
    given = seeded["parameter"]
    sources = {named(each, "name")[0]: named(each, "vintage")[0] for each in named(given, "source")}

    assert named(given, "heldLevel") == [1]
    assert named(given, "area") == ["delta"]
    assert sources["BLS Occupational Employment and Wage Statistics"] == "May 2025"
    assert sources["BLS Employment Projections"] == "2024-34"
    assert sources["O*NET Database"] == "29.3 (May 2025)"
    assert "Used under the CC BY 4.0 license" in str(given)
    assert "BLS cannot vouch for the data" in str(given)


def test_an_unestablished_wage_area_is_told_of(seeded):
    given = seeded["parameter"]

    assert named(given, "wageArea") == []
    assert "is not established" in named(given, "note")[0]
    assert all("areaMedianAnnualWage" not in each for each in cards(seeded).values())


def test_local_wages_are_those_of_the_county(http):
    body = asked(http["staff"], a_driver(http)).json

    [area] = named(body["parameter"], "wageArea")
    assert named(area, "name") == ["Jackson, MS"]
    assert cards(body)[TRUCKER]["areaMedianAnnualWage"] == 58100


def test_the_card_can_be_put_into_a_plan_as_it_is(http, seeded):
    [patch] = named(seeded["parameter"], "plan")

    reply = http["staff"].patch(
        f"/v1/ParticipantSuccessPlan/{PLAN}", json=patch, headers={"If-Match": "*"}
    )

    assert reply.status_code == 200, reply.text
    assert reply.json["reportCard"] == patch["reportCard"]
    assert [each["onetSoc"] for each in patch["reportCard"]["recommendations"]] == [*cards(seeded)]


def test_the_middle_skill_view_is_narrower(http, seeded):
    body = asked(http["staff"], FIRST, view="middle-skill").json

    assert [*cards(body)] == [TRUCKER, MECHANIC]
    assert len(cards(seeded)) > 2


def test_the_count_keeps_the_best(http, seeded):
    body = asked(http["staff"], FIRST, count=1).json

    assert [*cards(body)] == [TRUCKER]
    assert named(body["parameter"], "total") == [len(cards(seeded))]


def test_an_empty_work_history_makes_an_empty_card_with_its_reason(http):
    reply = asked(http["staff"], made(http, a_profile(localWorkforceArea="delta")))

    assert reply.status_code == 200
    assert cards(reply.json) == {}
    assert "No past job" in named(reply.json["parameter"], "reason")[0]


@pytest.mark.parametrize(
    "inputs", [{"view": "low"}, {"count": 0}, {"count": 51}, {"count": "many"}, {"soc": TRUCKER}]
)
def test_a_wrong_input_is_refused(http, inputs):
    assert asked(http["staff"], FIRST, **inputs).status_code == 400


def test_the_card_of_nobody_is_not_found(http):
    assert asked(http["staff"], "01920000-0000-7000-8000-00000000dead").status_code == 404


def test_an_agency_that_sees_education_by_consent_gets_the_card(http, seeded):
    reply = asked(http["mdes"], FIRST)

    assert reply.status_code == 200, reply.text
    assert cards(reply.json) == cards(seeded)


def test_who_sees_a_credential_in_part_is_told_that_months_may_differ(http, seeded):
    reply = asked(http["college"], FIRST)

    assert reply.status_code == 200, reply.text
    assert "in part only" in named(reply.json["parameter"], "note")[-1]
    assert "in part only" not in str(seeded)


@pytest.fixture
def narrowed(http):
    """Let no agreement show anything of education to MDHS."""
    path = "/v1/DataSharingAgreement/dsa-mdrs-mdhs"
    labels = [each for each in http["staff"].get(path).json["labels"] if each != "SENS-EDU"]
    reply = http["staff"].patch(path, json={"labels": labels}, headers={"If-Match": "*"})
    assert reply.status_code == 200, reply.text


@pytest.mark.usefixtures("narrowed")
def test_who_may_not_see_education_is_refused_rather_than_told_wrong(http):
    reply = asked(http["mdhs"], FIRST)

    assert reply.status_code == 403
    assert [each["expression"] for each in reply.json["issue"]] == [["educationLevel"]]
    assert "Testcase" not in reply.text


def test_a_client_without_the_right_to_scores_is_refused(state):
    scopes = "system/ParticipantProfile.rs system/ParticipantCredential.rs hub/staff"
    state.register("no-scores", scopes)

    assert asked(state.client("no-scores"), FIRST).status_code == 403


def test_a_credential_that_is_held_shortens_the_way(http):
    person = a_driver(http)
    a_license(http, person, "mdes-mississippi-works")

    assert cards(asked(http["staff"], person).json)[TRUCKER]["monthsToPrepare"] == 0


def test_credentials_beyond_the_first_page_count(http, monkeypatch):
    person = a_driver(http)
    made(http, a_credential(person, "Credential/osha-10", "0"))
    a_license(http, person, "mdes-mississippi-works")
    monkeypatch.setattr(report_card, "PAGE", 1)

    assert cards(asked(http["staff"], person).json)[TRUCKER]["monthsToPrepare"] == 0


def test_a_card_of_too_many_rows_is_refused_rather_than_made_of_some(http, monkeypatch):
    person = a_driver(http)
    made(http, a_credential(person, "Credential/osha-10", "0"))
    a_license(http, person, "mdes-mississippi-works")
    monkeypatch.setattr(report_card, "PAGE", 1)
    monkeypatch.setattr(report_card, "MOST_PAGES", 1)

    reply = asked(http["staff"], person)

    assert reply.json["issue"][0]["code"] == "too-costly"


def test_a_credential_of_vocational_rehabilitation_counts_for_those_who_may_know(http):
    person = a_driver(http)
    a_license(http, person, "mdrs-vr")

    months = {
        name: cards(asked(http[name], person).json)[TRUCKER]["monthsToPrepare"]
        for name in ("mdrs", "staff")
    }
    assert months == {"mdrs": 0, "staff": 0}
    assert cards(asked(http["mdes"], person).json)[TRUCKER]["monthsToPrepare"] == 2


def test_the_audit_tells_which_rows_the_card_was_made_of(http):
    person = a_driver(http)
    held = a_license(http, person, "mdes-mississippi-works")
    asked(http["mdes"], person)

    events = http["staff"].get("/v1/AuditEvent", query_string={"patient": person}).json["entry"]
    reads = [each["resource"] for each in events if '"read"' in json.dumps(each["resource"])]

    assert len(reads) == 1
    assert f"ParticipantProfile/{person}" in json.dumps(reads)
    assert f"ParticipantCredential/{held}" in json.dumps(reads)
