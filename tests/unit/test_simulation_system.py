"""A system asks for its token, tries again what may be tried again, and tells a refusal."""

import httpx
import orjson
import pytest

from app.simulation.system import TRIES, Connection, Refused, System, Unanswered, changed, new, to

URL = "http://hub.test/v1"
TOKEN = {"access_token": "t", "expires_in": 300}


class Hub:
    """Answers what it is told to, one answer for each request but those for tokens."""

    def __init__(self, *answers):
        self.answers = [*answers]
        self.asked = []

    def __call__(self, request):
        if request.url.path.endswith("/oauth/token"):
            return httpx.Response(200, json=TOKEN)
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def lost_race(may_help=True):
    said = {"url": "https://hub.wioa.example/extensions/retryable", "valueBoolean": may_help}
    return httpx.Response(409, json={"issue": [{"diagnostics": "Lost.", "extension": [said]}]})


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr("app.simulation.system.sleep", lambda _seconds: None)


def a_system(hub, **how):
    http = httpx.Client(transport=httpx.MockTransport(hub))
    return System(Connection(http, URL, "run"), "mdes", "secret", **how)


def test_a_request_has_the_token_and_the_purpose():
    hub = Hub(httpx.Response(200, json={"id": "1"}))

    assert a_system(hub, purpose="eligibility").read("Agency/mdes") == {"id": "1"}

    (request,) = hub.asked
    assert request.headers["Authorization"] == "Bearer t"
    assert request.headers["Purpose-Of-Use"] == "eligibility"
    assert "Idempotency-Key" not in request.headers


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("failure", [httpx.Response(503), httpx.ReadError("cut"), lost_race()])
def test_a_write_that_was_not_answered_is_sent_again_under_the_same_key(failure):
    hub = Hub(failure, httpx.Response(201, json={"resourceType": "Agency", "id": "1"}))

    a_system(hub).post("Agency", {"resourceType": "Agency"})

    first, second = (each.headers["Idempotency-Key"] for each in hub.asked)
    assert first == second


def test_a_conflict_that_stays_one_is_a_refusal_at_once():
    hub = Hub(lost_race(may_help=False))

    with pytest.raises(Refused, match=r"409: Lost\."):
        a_system(hub).post("Agency", {"resourceType": "Agency"})


@pytest.mark.usefixtures("no_pause")
def test_a_hub_that_stays_busy_is_a_refusal_in_the_end():
    hub = Hub(*(httpx.Response(503) for _ in range(TRIES + 1)))

    with pytest.raises(Refused) as refusal:
        a_system(hub).read("Agency")

    assert refusal.value.status == 503


@pytest.mark.usefixtures("no_pause")
def test_a_hub_that_is_gone_is_told_so_in_the_end():
    hub = Hub(*(httpx.ConnectError("gone") for _ in range(TRIES + 1)))

    with pytest.raises(Unanswered):
        a_system(hub).read("Agency")


def test_a_refusal_says_what_is_wrong_and_where():
    issue = {"diagnostics": "It is too long.", "expression": ["Agency.name"]}
    hub = Hub(httpx.Response(422, json={"resourceType": "OperationOutcome", "issue": [issue]}))

    with pytest.raises(Refused, match=r"422: It is too long. \(Agency.name\)"):
        a_system(hub).post("Agency", {"resourceType": "Agency"})


def test_a_search_is_read_to_its_last_page():
    row = {"resource": {"resourceType": "Agency", "id": "1"}}
    following = {"relation": "next", "url": f"{URL}/Agency?_cursor=x"}
    hub = Hub(
        httpx.Response(200, json={"entry": [row], "link": [following]}),
        httpx.Response(200, json={"entry": [row], "link": []}),
    )

    assert len(a_system(hub).found("Agency")) == 2
    assert str(hub.asked[1].url) == f"{URL}/Agency?_cursor=x"


def test_a_change_is_made_to_the_version_that_was_read():
    read = {"resourceType": "Agency", "id": "1", "meta": {"versionId": "3"}}
    hub = Hub(httpx.Response(200, json=read), httpx.Response(200, json=read))
    system = a_system(hub)

    system.patch(read, {"name": "New"})
    system.put(read)

    assert [each.headers["If-Match"] for each in hub.asked] == ['W/"3"', 'W/"3"']
    assert hub.asked[0].headers["Content-Type"] == "application/merge-patch+json"
    assert system.link(read) == f"{URL}/Agency/1/_history/3"


def test_a_change_that_came_too_late_is_made_to_what_others_left():
    read = {"resourceType": "Agency", "id": "1", "meta": {"versionId": "3"}}
    newer = {**read, "meta": {"versionId": "4"}}
    answers = [
        httpx.Response(412),
        httpx.Response(200, json=newer),
        httpx.Response(200, json=newer),
    ]
    hub = Hub(*answers)

    a_system(hub).patch(read, {"name": "New"})

    methods = [(each.method, each.headers.get("If-Match")) for each in hub.asked]
    assert methods == [("PATCH", 'W/"3"'), ("GET", None), ("PATCH", 'W/"4"')]


def test_a_transaction_answers_what_it_left_in_order():
    left = [{"resource": {"resourceType": "Agency", "id": "1"}}, {}]
    hub = Hub(httpx.Response(200, json={"entry": left}))
    entries = [new({"resourceType": "Agency"}, "urn:uuid:1"), changed("Agency/1", {"name": "N"})]

    assert a_system(hub).transaction(entries) == [{"resourceType": "Agency", "id": "1"}, {}]

    sent = orjson.loads(hub.asked[0].content)
    assert sent["type"] == "transaction"
    assert [each["request"]["method"] for each in sent["entry"]] == ["POST", "PATCH"]
    assert to(left[0]["resource"]) == to("Agency/1")
