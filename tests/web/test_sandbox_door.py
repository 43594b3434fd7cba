"""The door believes signatures alone, keeps what it may, and disturbs only what was done."""

import base64
import json
from urllib.parse import urlencode

import pytest

from agencies import a_state
from app.keyring.signing import WatchedKeys
from builders import a_stranger
from sandboxes import Sandbox

FORM = "application/x-www-form-urlencoded"
PATCH = "application/json-patch+json"
REAL = "123456789"
ISSUER = {
    "issuer": "https://idp.example.gov",
    "issuer_jwks": "https://idp.example.gov/jwks",
    "issuer_audience": "hub",
}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("doors"), **ISSUER) as found:
        yield found


@pytest.fixture(scope="module")
def sandbox(state):
    return Sandbox(state)


@pytest.fixture(scope="module")
def other(state):
    return Sandbox(state)


def exchanges(sandbox):
    return sandbox.of_run("/exchanges").json["exchanges"]


def arm(sandbox, name, method, path):
    assert sandbox.of_run("/fault", "POST", name=name, method=method, path=path).status_code == 201


def kept(state, sandbox):
    """Return the last exchange as the evaluators see it."""
    return state.app.extensions["runs"].runs.exchanges(sandbox.run["id"])[-1]


def search(sandbox, **criteria):
    return sandbox.http.post(
        f"{sandbox.path}/ParticipantProfile/_search",
        data=urlencode(criteria),
        content_type=FORM,
        headers={"Authorization": f"Bearer {sandbox.token}"},
    )


def unsigned(client):
    parts = ({"alg": "none"}, {"client_id": client})
    said = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode() for each in parts]
    return f"{said[0].rstrip('=')}.{said[1].rstrip('=')}.x"


def test_evaluators_see_who_was_searched_for_by_form(state, sandbox):
    found = search(sandbox, **{"last-name": "Quackenbush", "_count": "5"})

    assert found.status_code == 200
    assert kept(state, sandbox)["body"] == {"last-name": ["Quackenbush"], "_count": ["5"]}


def test_a_form_shows_nobody_who_was_searched_for(sandbox):
    search(sandbox, **{"last-name": "Quackenbush", "_count": "5"})

    told = exchanges(sandbox)
    report = sandbox.of_run("/report").json
    assert told[-1]["body"] == {"last-name": ["…"], "_count": ["5"]}
    assert "Quackenbush" not in json.dumps([told, report])


def test_an_address_shows_nobody_who_was_searched_for(state, sandbox):
    query = "last-name=Quackenbush&birth-date=1931-02-28&_count=5"

    sandbox.ask("GET", f"ParticipantProfile?{query}", **{"If-None-Exist": "first-name=Zenobia"})
    sandbox.ask("GET", "ParticipantProfile/Quackenbush")

    told = exchanges(sandbox)
    assert told[-2]["query"] == "last-name=…&birth-date=…&_count=5"
    assert told[-1]["path"] == "ParticipantProfile/…"
    text = json.dumps([told, sandbox.of_run("/report").json], ensure_ascii=False)
    assert [each for each in ("Quackenbush", "1931-02-28", "Zenobia") if each in text] == []
    assert kept(state, sandbox)["path"] == "ParticipantProfile/Quackenbush"


@pytest.mark.parametrize(
    "sent",
    [
        ("POST", "ParticipantProfile/_search", f"ssn={REAL}", FORM),
        ("POST", "ParticipantProfile/_search", "ssn=123-45-6789", FORM),
        ("GET", f"ParticipantProfile?ssn={REAL}", "", ""),
        ("GET", f"ParticipantProfile?ssn:exact=us-ssn|{REAL}", "", ""),
        ("GET", f"ParticipantProfile?identifier=us-ssn%7C{REAL}", "", ""),
        ("GET", "ParticipantProfile/123-45-6789", "", ""),
        ("POST", "ParticipantProfile", f'{{"ssn": {REAL}}}', "application/json"),
        ("POST", "Consent", '{"note": "her number is 123-45-6789"}', "application/json"),
        ("PATCH", "ParticipantProfile/x", f'[{{"path":"/ssn","value":"{REAL}"}}]', PATCH),
        ("POST", "", f'{{"request":{{"url":"Consent?ssn={REAL}"}}}}', "application/json"),
        ("POST", "Consent/$match", f'{{"name":"ssn","valueString":"{REAL}"}}', "application/json"),
    ],
)
def test_a_real_number_is_refused_and_not_kept_wherever_it_comes(state, sandbox, sent):
    method, path, body, media = sent
    headers = {"Authorization": f"Bearer {sandbox.token}", "If-None-Exist": f"ssn={REAL}"}

    refused = sandbox.http.open(
        f"{sandbox.path}/{path}", method=method, data=body, content_type=media, headers=headers
    )

    assert refused.status_code == 422
    text = json.dumps(kept(state, sandbox))
    assert not any(each in text for each in (REAL, "123-45-6789"))


@pytest.mark.parametrize("body", ["[" * 900 + "]" * 900, '{"className": 18446744073709551616}'])
def test_a_body_that_cannot_be_kept_is_answered_all_the_same(state, sandbox, body):
    headers = {"Authorization": f"Bearer {sandbox.token}"}

    answer = sandbox.http.post(
        f"{sandbox.path}/Consent", data=body, content_type="application/json", headers=headers
    )

    assert 400 <= answer.status_code < 500
    assert kept(state, sandbox)["body"] is None


def test_an_unsigned_token_names_nobody_and_meets_no_fault(sandbox):
    arm(sandbox, "F2", "GET", "Agency/mdes")

    forged = unsigned(sandbox.run["clientId"])
    refused = sandbox.ask("GET", "Agency/mdes", Authorization=f"Bearer {forged}")
    met = sandbox.ask("GET", "Agency/mdes")

    assert (refused.status_code, met.status_code) == (401, 503)
    assert [each["who"] for each in exchanges(sandbox)[-2:]] == ["", "partner"]
    told = sandbox.of_run("/unmatched").json["unmatched"][-1]
    assert told["reason"] == "The token is not valid."


def test_tokens_of_other_hubs_name_nobody_and_are_listed_with_the_reason(sandbox, other):
    production = sandbox.partner.environ_base["HTTP_AUTHORIZATION"]

    for each in (production, f"Bearer {other.token}"):
        refused = sandbox.ask("GET", "Agency/mdes", Authorization=each)

        last = exchanges(sandbox)[-1]
        told = sandbox.of_run("/unmatched").json["unmatched"][-1]
        assert (refused.status_code, last["who"]) == (401, "")
        assert told["number"] == last["number"]
        assert told["reason"] == "The token belongs to another hub or run."


def test_a_token_that_is_over_names_its_client_and_meets_no_fault(state, sandbox):
    claims = json.loads(base64.urlsafe_b64decode(sandbox.token.split(".")[1] + "=="))
    over = WatchedKeys(state.settings.data)().signed({**claims, "iat": 0, "exp": 300})
    arm(sandbox, "F5", "GET", "Agency/mdes")

    late = sandbox.ask("GET", "Agency/mdes", Authorization=f"Bearer {over}")
    met = sandbox.ask("GET", "Agency/mdes")

    seen = exchanges(sandbox)[-2]
    assert (late.status_code, met.status_code) == (401, 429)
    assert (seen["who"], seen["fault"]) == ("partner", "")


def test_each_run_has_clients_of_its_own(sandbox, other):
    ids = {sandbox.run["clientId"], other.run["clientId"]}

    assert len(ids) == 2
    assert all(each.startswith("product-") for each in ids)
    assert sandbox.run["clientId"].removeprefix("product-") in sandbox.path


def test_no_other_issuer_is_believed_in_a_sandbox(sandbox):
    production = sandbox.partner.get("/v1/.well-known/smart-configuration").json
    own = sandbox.http.get(f"{sandbox.path}/.well-known/smart-configuration").json

    assert production["accepted_issuers"] == [ISSUER["issuer"]]
    assert "accepted_issuers" not in own


@pytest.mark.parametrize("fault", ["F3", "F4"])
def test_a_refused_write_meets_the_truth_and_the_fault_waits(sandbox, fault):
    arm(sandbox, fault, "POST", "ParticipantProfile$")

    refused = sandbox.ask("POST", "ParticipantProfile", {"resourceType": "ParticipantProfile"})
    seen = exchanges(sandbox)[-1]
    if fault == "F4":
        with pytest.raises(ConnectionResetError):
            _ = sandbox.ask("POST", "ParticipantProfile", a_stranger()).data
    else:
        assert sandbox.ask("POST", "ParticipantProfile", a_stranger()).status_code == 503

    assert (refused.status_code, seen["fault"]) == (422, "")
    assert exchanges(sandbox)[-1]["fault"] == fault


def test_a_doubled_page_waits_for_a_page_that_has_something(sandbox):
    sandbox.ask("POST", "ParticipantProfile", a_stranger())
    arm(sandbox, "F11", "GET", ".*")

    alone = sandbox.ask("GET", "Agency/mdes")
    stale = sandbox.ask("GET", "$changes?cursor=nonsense")
    page = sandbox.ask("GET", "$changes?_type=ParticipantProfile")

    seen = [each["fault"] for each in exchanges(sandbox)[-3:]]
    assert (alone.status_code, stale.status_code // 100, page.status_code) == (200, 4, 200)
    assert seen == ["", "", "F11"]
    first = page.json["entry"][:3]
    assert first[0] == first[1] == first[2]


def test_an_outage_of_the_feed_waits_for_a_request_that_would_have_been_answered(sandbox):
    arm(sandbox, "F13", "GET", r"[$]changes")

    wrong = sandbox.ask("GET", "$changes?cursor=nonsense")
    away = sandbox.ask("GET", "$changes")
    back = sandbox.ask("GET", "$changes")

    assert wrong.status_code // 100 == 4
    assert (away.status_code, back.status_code) == (503, 200)


def test_pages_are_as_small_as_the_seed_says(state, sandbox):
    world = state.app.extensions["runs"].runs.get(sandbox.run["id"])["world"]

    arm(sandbox, "F10", "POST", "ParticipantProfile/_search")
    wrong = search(sandbox, nonsense="1", _count="50")
    small = search(sandbox, _count="50")
    whole = search(sandbox, _count="50")

    assert wrong.status_code == 400
    assert world["pages"] in (1, 2, 3)
    assert len(small.json["entry"]) == world["pages"] < len(whole.json["entry"])
    assert "next" in [each["relation"] for each in small.json["link"]]


def test_the_order_of_keys_is_each_runs_own(sandbox, other):
    asked = (sandbox.ask("GET", "metadata"), other.ask("GET", "metadata"))
    agencies = [each.ask("GET", "Agency/mdes") for each in (sandbox, sandbox, other)]

    orders = [list(each.json) for each in agencies]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])
    assert all(int(each.headers["Content-Length"]) == len(each.data) for each in asked)
    assert asked[0].json["rest"][0]["mode"] == "server"


def test_production_keeps_its_order_of_keys(sandbox):
    assert next(iter(sandbox.partner.get("/v1/Agency/mdes").json)) == "resourceType"
