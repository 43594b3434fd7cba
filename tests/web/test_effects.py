"""What rules write besides: in the commit of its cause, once, audited, whoever comes between."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from agencies import a_state
from builders import a_stranger
from bundles import post, send

MDES = {"reference": "Partner/mdes-mississippi-works"}
SERVICES = ("career-counseling", "job-search-placement", "initial-assessment")
PROGRAM = {"reference": "Program/title3-wagner-peyser"}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("effects")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    return state.clients()


def made(client, body, **sent):
    reply = client.post(f"/v1/{body['resourceType']}", json=body, **sent)
    assert reply.status_code == 201, reply.text
    return reply.json


def a_plan(http):
    """Store a tentative plan of a new person, with a planned item for each service."""
    person = made(http["mdes"], a_stranger())
    items = [
        {"itemId": f"item-{n}", "sequence": n, "service": service(name), "status": "planned"}
        for n, name in enumerate(SERVICES, 1)
    ]
    goal = {"onetSoc": "53-3032", "title": "Heavy and Tractor-Trailer Truck Drivers"}
    return made(http["mdes"], {
        "resourceType": "ParticipantSuccessPlan",
        "participant": {"reference": f"ParticipantProfile/{person['id']}"},
        "status": "tentative",
        "careerGoal": goal,
        "schedule": [{**each, "program": PROGRAM} for each in items],
        "lastEditedBy": MDES,
    })  # fmt: skip


def service(name):
    return {"reference": f"Service/{name}"}


def an_enrollment(plan, name):
    return {
        "resourceType": "ParticipantServiceEnrollment",
        "participant": plan["participant"],
        "service": service(name),
        "program": PROGRAM,
        "partner": MDES,
        "status": "enrolled",
        "enrollmentDate": "2026-02-02",
    }


def now(http, plan):
    return http["mdes"].get(f"/v1/ParticipantSuccessPlan/{plan['id']}").json


def linked(plan):
    return [each["itemId"] for each in plan["schedule"] if "enrollment" in each]


def test_all_entries_of_a_transaction_change_a_plan_by_one_version(http):
    plan = a_plan(http)

    reply = send(http["mdes"], *(post(an_enrollment(plan, each)) for each in SERVICES[:2]))

    after = now(http, plan)
    assert reply.status_code == 200, reply.text
    assert len(reply.json["entry"]) == 2
    assert after["meta"]["versionId"] == "2"
    assert after["status"] == "active"
    assert linked(after) == ["item-1", "item-2"]


def test_a_transaction_may_bring_a_plan_and_what_makes_it_active(http):
    plan = a_plan(http)
    http["mdes"].patch(
        f"/v1/ParticipantSuccessPlan/{plan['id']}",
        json={"status": "discontinued"},
        headers={"If-Match": "*"},
    )
    anew = {k: v for k, v in plan.items() if k not in ("id", "meta", "pathway", "startedOn")}

    reply = send(http["mdes"], post(anew), post(an_enrollment(plan, SERVICES[0])))

    brought = reply.json["entry"][0]["resource"]
    assert reply.status_code == 200, reply.text
    assert brought["meta"]["versionId"] == "1"
    assert brought["status"] == "active"
    assert linked(brought) == ["item-1"]
    assert now(http, brought) == brought


def test_an_effect_is_audited_once_as_the_rules_doing(http):
    plan = a_plan(http)

    made(http["mdes"], an_enrollment(plan, SERVICES[0]))

    entity = f"ParticipantSuccessPlan/{plan['id']}"
    found = http["staff"].get(f"/v1/AuditEvent?entity={entity}").json["entry"]
    about = [each["resource"] for each in found if f"{entity}/_history/2" in str(each)]
    assert len(about) == 1
    assert about[0]["action"] == "U"
    assert "rule" in str(about[0])
    assert now(http, plan)["meta"]["source"] == "urn:wioa-hub:rules"


def test_an_effect_is_not_done_again_for_a_request_sent_again(http):
    plan = a_plan(http)
    body, key = an_enrollment(plan, SERVICES[0]), {"Idempotency-Key": plan["id"]}

    first = made(http["mdes"], body, headers=key)
    again = http["mdes"].post(f"/v1/{body['resourceType']}", json=body, headers=key)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first
    assert now(http, plan)["meta"]["versionId"] == "2"


def test_a_refused_transaction_leaves_no_effect(http):
    plan = a_plan(http)
    bad = an_enrollment(plan, SERVICES[1]) | {"endDate": "2026-01-01"}

    reply = send(http["mdes"], post(an_enrollment(plan, SERVICES[0])), post(bad))

    assert reply.status_code == 422
    assert "Bundle.entry[1].resource" in reply.text
    assert now(http, plan) == plan


def test_effects_of_writers_at_once_are_all_there(http, state):
    plan = a_plan(http)
    clients = [(state.client("mdes"), an_enrollment(plan, each)) for each in SERVICES]

    with ThreadPoolExecutor(len(clients)) as pool:
        stored = list(pool.map(lambda pair: made(*pair), clients))

    after = now(http, plan)
    assert len(stored) == len(SERVICES)
    assert linked(after) == ["item-1", "item-2", "item-3"]
    assert after["meta"]["versionId"] == "4"


def test_two_of_one_kind_in_a_transaction_are_refused_together(http):
    person = a_stranger(ssn="666550001")
    twice = [person, person | {"pirlUniqueId": "EFFECT000002"}]

    reply = send(http["mdes"], *map(post, twice))

    assert reply.status_code == 409, reply.text
    assert reply.json["issue"][0]["code"] == "duplicate"
    assert (
        http["staff"]
        .get(f"/v1/ParticipantProfile?pirl-unique-id={person['pirlUniqueId']}")
        .json.get("entry")
        is None
    )


def test_validating_a_profile_by_its_number_counts_as_a_search_by_it(embedded_uri, tmp_path):
    with a_state(embedded_uri, tmp_path, secret_searches=2) as state:
        client = state.client("mdes")
        body = a_stranger(ssn="666550002")
        replies = [client.post("/v1/ParticipantProfile/$validate", json=body) for _ in range(3)]

    assert [each.status_code for each in replies] == [200, 200, 429]
