"""A run that was broken off goes on: nobody is asked twice for what was done, nor blamed for it."""

import json

import httpx
import pytest

from conformance import evaluators
from conformance.adapters.posting import PostingAdapter
from conformance.client.memory import Memory
from conformance.client.product import CaseTrack
from conformance.client.steps import steps
from conformance.client.wcp import Adapter
from conformance.runner.connection import connect
from conformance.runner.drive import Driver, Watcher
from conformance.runner.outcome import Exit, exit_of
from conformance.runner.problem import BrokenRun
from conformance.runner.runs import Runs, Wish
from conformance.scenario.assessment import AFTER_WITHDRAWAL, WITHDRAW
from evidence import a_world, during, get, put, seen
from run_stand_in import STEPS, HubOfRuns, a_command, a_config, a_report, a_verdict
from stub_hub import ONE, StubHub, record

WISH = Wish(1, "both", "practice", {"name": "CaseTrack", "version": "7.3"})
NOTING = 'open("asked", "a").write(json.dumps(said) + "\\n")'
WHERE = {"base_url": "https://hub.example/cf/k7", "client_id": "me", "client_secret": "s"}


class Leaving(Watcher):
    """Breaks off as soon as the first step was answered."""

    def ended(self, step, answer):
        del step, answer
        raise KeyboardInterrupt


def drive(config, hub, watcher=None):
    http = connect(config, hub.transport).http
    return Driver(config, Runs(http, lambda _: None), watcher or Watcher())


def asked(config):
    return [json.loads(line) for line in (config.folder / "asked").read_text().splitlines()]


@pytest.fixture
def config(tmp_path):
    return a_config(tmp_path, a_command(tmp_path, NOTING))


def test_a_step_whose_answer_was_heard_is_not_asked_for_again(config):
    hub = HubOfRuns()
    with pytest.raises(KeyboardInterrupt):
        drive(config, hub, Leaving()).run(WISH)

    report = drive(config, hub).resume("cf-1")

    assert report["reached"]
    assert [each["key"] for each in asked(config)] == [each["key"] for each in STEPS]


def test_a_step_that_nobody_heard_the_end_of_is_asked_for_again_and_says_so(config):
    driver = drive(config, HubOfRuns())
    driver.kept.begin(*driver.runs.start(WISH))
    driver.kept.ask("cf-1", STEPS[0]["key"])

    driver.resume("cf-1")

    assert [each.get("again", False) for each in asked(config)] == [True, False]


def test_a_command_finds_a_place_to_remember_in(tmp_path):
    place = 'answer["detail"] = __import__("os").environ["WCF_MEMORY"]'
    config, hub = a_config(tmp_path, a_command(tmp_path, place)), HubOfRuns()

    drive(config, hub).run(WISH)

    assert {each["detail"] for each in hub.told} == {str(config.kept() / "cf-1.memory.json")}


def test_a_run_that_the_hub_broke_is_the_hubs_trouble():
    said = "The hub failed in its own part of this run, which is over and counts for nothing."
    gone = httpx.MockTransport(
        lambda _: httpx.Response(422, json={"issue": [{"diagnostics": said}]})
    )
    runs = Runs(httpx.Client(transport=gone, base_url="https://hub.example"))

    with pytest.raises(BrokenRun, match="Begin another run"):
        runs.next("cf-1")

    broken = a_report(a_verdict(word="FAIL"), state="suite-error")
    assert exit_of(broken) == Exit.HUB


def test_a_run_that_the_hub_broke_does_not_go_on(config):
    hub = HubOfRuns()
    driver = drive(config, hub)
    driver.kept.begin(*driver.runs.start(WISH))
    hub.state = "suite-error"

    with pytest.raises(BrokenRun, match="Begin another"):
        driver.resume("cf-1")

    assert driver.under_way == ""


@pytest.mark.parametrize(
    ("known", "sent"),
    [
        pytest.param("done", ["await"], id="it had done it"),
        pytest.param("error", ["await", "step"], id="it knows nothing of it"),
    ],
)
def test_by_http_a_step_is_asked_after_before_it_is_asked_for_again(known, sent):
    heard = []

    def answer(request):
        heard.append(json.loads(request.content)["cmd"])
        status = known if heard[-1] == "await" else "done"
        return httpx.Response(200, json={"status": status})

    adapter = PostingAdapter("http://product/", httpx.MockTransport(answer), lambda _: None)

    assert adapter.step({**STEPS[0], "again": True}).status == "done"
    assert heard == sent


class Counting(CaseTrack):
    """A product that counts what it does."""

    def do(self, name, data):
        self.memory["done"] = self.memory.get("done", 0) + 1
        return super().do(name, data)


def a_product(memory=None):
    """Return an adapter, and the products that it opened."""
    made = []

    def opened(base, client, secret):
        del base, client, secret
        made.append(Counting(StubHub().client(), memory))
        return made[-1]

    return Adapter(opened), made


STEP = {"cmd": "step", "id": 3, "step": "wage.garnish", "data": {}}


def test_the_sample_client_does_nothing_twice(tmp_path):
    first, _ = a_product(Memory(tmp_path / "m.json"))
    first.answer({"cmd": "configure", **WHERE})
    told = first.answer(STEP)
    second, made = a_product(Memory(tmp_path / "m.json"))
    second.answer({"cmd": "configure", **WHERE})

    assert second.answer({**STEP, "again": True}) == told
    assert second.answer({"cmd": "await", "id": 3}) == told
    assert second.answer({"cmd": "await", "id": 4})["status"] == "error"
    assert made[0].memory["done"] == 1


def test_the_sample_client_keeps_its_records_when_it_is_pointed_at_the_same_hub_again():
    adapter, made = a_product()
    for _ in range(2):
        adapter.answer({"cmd": "configure", **WHERE})

    adapter.answer({"cmd": "configure", **WHERE, "base_url": "https://hub.example/cf/k8"})

    assert len(made) == 2


def test_records_of_another_hub_are_forgotten(tmp_path):
    old = Memory(tmp_path / "m.json", "https://hub.example/cf/k7")
    old["elvis"] = ONE
    old.keep()

    assert "elvis" in Memory(tmp_path / "m.json", "https://hub.example/cf/k7")
    assert "elvis" not in Memory(tmp_path / "m.json", "https://hub.example/cf/k8")


def test_a_referral_that_was_broken_off_is_sent_again_as_it_was(tmp_path):
    steps()
    created = httpx.Response(201, json={"resourceType": "Referral", "id": "r1"})
    hub = StubHub(POST__Referral=[created], GET__ParticipantProfile_p1=[record()])
    hub.answers[f"GET {ONE}"] = [record(status="active")]
    data = {
        "person": {"key": "elvis"},
        "referral": "abe-1",
        "reason": "Wants to learn.",
        "from": {"agency": "Agency/mdes", "partner": "Partner/p"},
        "to": {"agency": "Agency/mccb", "partner": "Partner/q", "programs": ["Program/x"]},
    }
    memory = Memory(tmp_path / "m.json")
    memory["elvis"] = ONE
    CaseTrack(hub.client(), memory).do("referral.create", data)
    dead = Memory(tmp_path / "m.json")
    del dead["abe-1"]  # as it was kept before the answer came

    CaseTrack(hub.client(), dead).do("referral.create", {**data, "reason": "Another minute."})

    first, second = hub.asked("POST Referral")
    assert first.content == second.content
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


LEAVER = "ParticipantProfile/p3"
WITHDRAWN = {
    "resourceType": "Consent",
    "id": "c1",
    "participant": {"reference": LEAVER},
    "status": "withdrawn",
}
STORY = seen(
    during(WITHDRAW, put("Consent/c1", WITHDRAWN, answer=WITHDRAWN), get(LEAVER)),
    during(AFTER_WITHDRAWAL, get("ParticipantProfile/p1")),
)


@pytest.mark.parametrize(
    ("again", "word"),
    [
        pytest.param({}, "FAIL", id="asked for once"),
        pytest.param({WITHDRAW: 1}, "NOT-EXERCISED", id="asked for again before it broke the rule"),
        pytest.param({WITHDRAW: 2}, "FAIL", id="the rule was broken before"),
        pytest.param({AFTER_WITHDRAWAL: 1}, "FAIL", id="another step was asked for again"),
    ],
)
def test_what_is_done_twice_because_it_was_asked_for_twice_is_no_failure(again, word):
    world = a_world(profiles={"leaver": LEAVER}, profile="receives", again=again)

    assert evaluators.verdict("L1-17", STORY, world).word == word
