"""The Individual Service Assessment over HTTP: questions, cards, referrals in the same commit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from agencies import a_state
from builders import ANSWERS, a_profile, an_example

KIND = "ParticipantServiceAssessment"
PATH = f"/v1/{KIND}"
ANY = {"If-Match": "*"}
PARTNERS = {"mdes": "mdes-mississippi-works", "mccb": "mccb-adult-education"}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("isa")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    return state.clients()


@pytest.fixture
def person(http):
    """Return a reference to somebody new."""
    return f"ParticipantProfile/{created(http['staff'], a_profile())['id']}"


def created(client, body):
    reply = client.post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def an_assessment(person, by="mdes", **changes):
    given = {
        "participant": {"reference": person},
        "partner": {"reference": f"Partner/{PARTNERS[by]}"},
        "status": "completed",
        **ANSWERS,
    }
    return an_example(KIND) | given | changes


def preview(client, body):
    reply = client.post(f"{PATH}/$preview", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json["parameter"]


def parts(found, name, *of):
    """Return of each parameter of a name the values of these parts."""
    return [
        tuple(value(part) for part in each["part"] if part["name"] in of)
        for each in found
        if each["name"] == name
    ]


def value(part):
    (found,) = (each for name, each in part.items() if name != "name")
    return found["reference"] if isinstance(found, dict) else found


def codes(found, name):
    return [each["valueCode"] for each in found if each["name"] == name]


def resources(client, query):
    reply = client.get(f"/v1/{query}")
    assert reply.status_code == 200, reply.text
    return [each["resource"] for each in reply.json.get("entry", ())]


def referrals(client, person):
    return resources(client, f"Referral?participant={person}&_count=50")


def sent_to(client, agency, person):
    found = referrals(client, person)
    return [each for each in found if each.get("targetAgency") == {"reference": agency}]


def stored(state):
    """Return how many rows there are of everything but the audit."""
    names = [each for each in state.database.list_collection_names() if "audit" not in each]
    return {each: state.database[each].count_documents({}) for each in names}


def test_the_questionnaire_is_published_with_its_rules_and_cards(http):
    reply = http["mccb"].get(f"{PATH}/$questionnaire?version=1")

    found = reply.json["parameter"]
    form = found[0]["resource"]
    assert (form["resourceType"], form["version"], form["status"]) == (
        "Questionnaire",
        "1",
        "active",
    )
    assert [each["linkId"] for each in form["item"]] == [f"isa-q{at}" for at in range(1, 7)]
    assert [each["definition"].rpartition("/")[2] for each in form["item"]] == [*ANSWERS]
    assert [each["valueCoding"]["code"] for each in form["item"][4]["answerOption"]] == [
        "no", "yes-needs-better", "yes-meets-needs",
    ]  # fmt: skip
    assert sorted(parts(found, "rule", "ruleId")) == [(f"ISA-R{at}",) for at in range(1, 7)]
    assert [each for (each,) in parts(found, "card", "title")] == [
        "Adult Basic Education", "Vocational Rehabilitation Services", "SNAP and TANF",
        "Youth Services", "Workforce Services",
    ]  # fmt: skip
    assert codes(found, "defaultDecision") == ["accepted"]


def test_a_questionnaire_that_was_never_published_is_not_found(http):
    reply = http["mdes"].get(f"{PATH}/$questionnaire?version=2019")

    assert reply.status_code == 404
    assert "2019" not in reply.text


def test_a_preview_shows_the_cards_and_writes_nothing(state, http, person):
    before = stored(state)

    found = preview(http["mdes"], an_assessment(person, status="in-progress"))

    assert stored(state) == before
    assert parts(found, "card", "proposal", "title", "decision", "targetProgram") == [
        ("adult-basic-education", "Adult Basic Education", "accepted", "Program/title2-aefla"),
        ("human-services", "SNAP and TANF", "accepted", "Program/snap"),
    ]
    assert [each["decision"] for each in found[0]["resource"]["proposals"]] == ["proposed"] * 2
    assert codes(found, "barrier") == [
        "no-high-school-credential", "food-insecurity", "needs-employment",
    ]  # fmt: skip
    assert codes(found, "unanswered") == []


def test_a_preview_can_be_sent_back_to_complete_the_assessment(http, person):
    shown = preview(http["mdes"], an_assessment(person, status="in-progress"))[0]["resource"]

    made = created(http["mdes"], shown | {"status": "completed"})

    assert [each["decision"] for each in made["proposals"]] == ["accepted"] * 2


def test_a_preview_of_some_answers_says_which_are_missing(http, person):
    body = an_assessment(person, status="in-progress")
    del body["workingStatus"], body["needsFoodAssistance"]

    found = preview(http["mdes"], body)

    assert parts(found, "card", "proposal") == [("adult-basic-education",)]
    assert codes(found, "unanswered") == ["needsFoodAssistance", "workingStatus"]


def test_a_preview_shows_the_card_of_a_saved_answer_that_the_client_may_not_see(http, person):
    body = an_assessment(person, status="in-progress", hasFunctionalDifficulty="yes")
    saved = created(http["mdes"], body)
    assert "hasFunctionalDifficulty" not in saved

    found = preview(http["mdes"], saved)

    assert ("vocational-rehabilitation",) in parts(found, "card", "proposal")
    assert "disability" not in codes(found, "barrier")
    assert codes(found, "unanswered") == []
    assert "hasFunctionalDifficulty" not in found[0]["resource"]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_preview_tells_nothing_of_what_another_agency_saved(http, person, answer):
    body = an_assessment(person, status="in-progress", hasFunctionalDifficulty=answer)
    saved = created(http["mdes"], body)
    asked = {"id": saved["id"], "partner": {"reference": "Partner/mdhs-eligibility"}}
    asked = {name: each for name, each in (saved | asked).items() if name not in ANSWERS}

    reply = http["mdhs"].post(f"{PATH}/$preview", json=asked)

    assert http["mdhs"].get(f"{PATH}/{saved['id']}").status_code == 200
    assert reply.status_code == 403, reply.text


def test_a_preview_warns_of_answers_that_the_profile_speaks_against(http, person):
    body = an_assessment(person, hasHighSchoolCredential="yes", isDisconnectedYouth="yes")

    found = preview(http["mdes"], body)

    (warnings,) = (each["resource"] for each in found if each["name"] == "warnings")
    assert warnings["resourceType"] == "OperationOutcome"
    assert [each["severity"] for each in warnings["issue"]] == ["warning", "warning"]
    assert [each["expression"][0].rpartition(".")[2] for each in warnings["issue"]] == [
        "hasHighSchoolCredential", "isDisconnectedYouth",
    ]  # fmt: skip


def test_an_answer_in_doubt_never_blocks(http, person):
    body = an_assessment(person, hasHighSchoolCredential="yes", isDisconnectedYouth="yes")

    validated = http["mdes"].post(f"{PATH}/$validate", json=body).json["issue"]

    assert [each["severity"] for each in validated] == ["information", "warning", "warning"]
    assert http["mdes"].post(PATH, json=body).status_code == 201


@pytest.mark.parametrize(("changes", "status"), [
    pytest.param({"partner": {"reference": "Partner/mdrs-vr"}}, 403, id="of another partner"),
    pytest.param({"participant": {"reference": "ParticipantProfile/none"}}, 404, id="of nobody"),
    pytest.param({"id": "01920000-0000-7000-8000-00000000f001"}, 404, id="never saved"),
    pytest.param({"questionnaireVersion": "9"}, 422, id="never published"),
    pytest.param({"workingStatus": "sometimes"}, 422, id="no such answer"),
])  # fmt: skip
def test_a_preview_that_cannot_be_is_refused(http, person, changes, status):
    reply = http["mdes"].post(f"{PATH}/$preview", json=an_assessment(person, **changes))

    assert reply.status_code == status, reply.text


def test_completing_makes_the_referrals_and_the_target_sees_them(state, http, person):
    made = created(http["mdes"], an_assessment(person))

    state.sequence()
    links = [each["referral"]["reference"] for each in made["proposals"]]
    (school,) = sent_to(http["mccb"], "Agency/mccb", person)
    (food,) = sent_to(http["mdhs"], "Agency/mdhs", person)
    assert links == [f"Referral/{school['id']}", f"Referral/{food['id']}"]
    assert school["assessment"] == {"reference": f"{KIND}/{made['id']}"}
    assert school["authoredOn"] == made["completedAt"]
    assert school["status"] == "requested"
    assert set(school["dueDates"]) >= {"acknowledgeBy", "firstContactBy", "closeBy"}
    assert http["mdes"].get(f"{PATH}/{made['id']}").json == made
    feed = resources(http["mccb"], "$changes?_type=Referral&_count=200")
    assert school["id"] in {each["id"] for each in feed}


def test_an_assessment_is_saved_and_finished_later(http, person):
    body = an_assessment(person, status="in-progress")
    del body["needsFoodAssistance"], body["workingStatus"]
    saved = created(http["mdes"], body)
    path = f"{PATH}/{saved['id']}"
    assert referrals(http["mdes"], person) == []

    early = http["mdes"].patch(path, json={"status": "completed"}, headers=ANY)
    rest = {"status": "completed", "needsFoodAssistance": "yes", "workingStatus": "no",
            "proposals": [{"proposal": "human-services", "decision": "declined"}]}  # fmt: skip
    done = http["mdes"].patch(path, json=rest, headers=ANY)

    assert early.status_code == 422
    missing = {each["expression"][0].rpartition(".")[2] for each in early.json["issue"]}
    assert missing == {"needsFoodAssistance", "workingStatus"}
    assert done.status_code == 200, done.text
    assert [each["decision"] for each in done.json["proposals"]] == ["accepted", "declined"]
    assert [each["ruleIds"] for each in referrals(http["mdes"], person)] == [["ISA-R1"]]


def test_what_is_open_already_is_shown_and_not_asked_for_again(http, person):
    created(http["mdes"], an_assessment(person))
    again = an_assessment(person, isCaretakerOfDeprivedChild="yes")

    found = preview(http["mdes"], again)
    created(http["mdes"], again)

    assert parts(found, "card", "proposal", "targetProgram", "ruleId") == [
        ("human-services", "Program/tanf", "ISA-R3"),
    ]
    assert parts(found, "alreadyOpen", "proposal", "program") == [
        ("adult-basic-education", "Program/title2-aefla"), ("human-services", "Program/snap"),
    ]  # fmt: skip
    asked = [each["ruleIds"] for each in referrals(http["staff"], person)]
    assert sorted(asked) == [["ISA-R1"], ["ISA-R3"], ["ISA-R4"]]


def test_of_two_assessments_at_once_only_one_asks_for_a_program(state, http, person):
    barrier = Barrier(2)

    def complete(client):
        barrier.wait()
        return client.post(PATH, json=an_assessment(person))

    with ThreadPoolExecutor(2) as pool:
        replies = [*pool.map(complete, [state.client("mdes"), state.client("mdes")])]

    assert [each.status_code for each in replies] == [201, 201]
    asked = [each["ruleIds"] for each in referrals(http["staff"], person)]
    assert sorted(asked) == [["ISA-R1"], ["ISA-R4"]]


def test_a_card_is_not_left_out_for_what_only_vocational_rehabilitation_knows(http, person):
    difficulty = {"hasFunctionalDifficulty": "yes"}
    created(http["mdes"], an_assessment(person, **difficulty))

    found = preview(http["mccb"], an_assessment(person, "mccb", **difficulty))
    made = created(http["mccb"], an_assessment(person, "mccb", **difficulty))

    assert ("vocational-rehabilitation",) in parts(found, "card", "proposal")
    assert "title4-vr" not in str([each for each in found if each["name"] == "alreadyOpen"])
    assert made["proposals"][0]["proposal"] == "vocational-rehabilitation"
    assert "referral" in made["proposals"][0]


@pytest.mark.parametrize("status", ["amended", "entered-in-error"])
def test_a_new_assessment_is_in_progress_or_completed(http, person, status):
    reply = http["mdes"].post(PATH, json=an_assessment(person, status=status))

    assert reply.status_code == 422
    assert referrals(http["staff"], person) == []


def test_amending_corrects_an_answer_and_asks_for_nothing_more(http, person):
    made = created(http["mdes"], an_assessment(person))
    path = f"{PATH}/{made['id']}"

    silent = http["mdes"].patch(path, json={"needsFoodAssistance": "no"}, headers=ANY)
    change = {"status": "amended", "isCaretakerOfDeprivedChild": "yes"}
    amended = http["mdes"].patch(path, json=change, headers=ANY)

    assert silent.status_code == 422
    assert amended.status_code == 200, amended.text
    assert amended.json["proposals"] == made["proposals"]
    assert len(referrals(http["staff"], person)) == 2
