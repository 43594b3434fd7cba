"""WCP/1 as the reference client speaks it, by lines and by HTTP."""

import io
import json
import os
import subprocess
import sys
from threading import Thread

import httpx
import pytest

from conformance.client.hub import Hub
from conformance.client.memory import Memory
from conformance.client.product import CaseTrack
from conformance.client.settings import Settings
from conformance.client.wcp import Adapter, by_http, by_lines, credential
from conformance.mutants import mutants


def opened(base, client, secret):
    return CaseTrack(Hub(base, client, secret))


def said(*commands, adapter=None):
    """Return the answers to commands, by lines."""
    answers = io.StringIO()
    lines = io.StringIO("".join(f"{json.dumps(each)}\n" for each in commands))
    by_lines(adapter or Adapter(opened), lines, answers)
    return [json.loads(each) for each in answers.getvalue().splitlines()]


HELLO = {"cmd": "hello", "protocol": 1}
SETTINGS = {"base_url": "https://hub.example/cf/k7", "client_id": "me", "client_secret": "s"}


def test_hello_says_what_the_product_can_do():
    (answer,) = said(HELLO)

    assert answer["product"] == {"name": "CaseTrack", "version": "7.3"}
    assert answer["notifications"] == "pull"
    assert {"sync.now", "participant.register", "referral.create"} <= set(answer["steps"])


def test_a_step_that_the_product_does_not_do_is_unsupported():
    configured, step = said(
        {"cmd": "configure", **SETTINGS}, {"cmd": "step", "id": 14, "step": "wage.garnish"}
    )

    assert configured["status"] == "done"
    assert (step["id"], step["status"]) == (14, "unsupported")


def test_a_step_before_the_settings_is_an_error():
    (answer,) = said({"cmd": "step", "id": 1, "step": "sync.now"})

    assert answer["status"] == "error"


@pytest.mark.parametrize("line", ["{", "[]", '{"cmd": "dance"}', '{"cmd": "configure"}'])
def test_nonsense_is_answered_with_an_error(line):
    answers = io.StringIO()

    by_lines(Adapter(opened), io.StringIO(f"{line}\n"), answers)

    assert json.loads(answers.getvalue())["status"] == "error"


def test_goodbye_ends_it():
    assert len(said({"cmd": "bye"}, HELLO)) == 1


def test_the_credential_may_be_named_by_a_variable(monkeypatch):
    monkeypatch.setenv("WCF_TOKEN", "me:a:b")

    assert credential({"credential_ref": "env:WCF_TOKEN"}) == ("me", "a:b")


def test_the_same_is_spoken_by_http():
    with by_http(Adapter(opened), 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        with httpx.Client(trust_env=False) as http:
            url = f"http://127.0.0.1:{server.server_port}"
            http.post(url, json={"cmd": "bye"})
            hello = http.post(url, json=HELLO).json()
        server.shutdown()
        thread.join()

    assert hello == said(HELLO)[0]


def test_the_dead_client_says_done_to_everything():
    dead = mutants()["dead"].product(Hub("https://hub.example", "me", "s"))

    assert dead.do("referral.create", {}).status == "done"


def test_what_the_product_remembers_is_for_nobody_else_to_read(tmp_path):
    memory = Memory(tmp_path / "memory.json")
    memory["elvis"] = "ParticipantProfile/1"

    memory.keep()

    assert (tmp_path / "memory.json").stat().st_mode & 0o077 == 0
    assert Memory(tmp_path / "memory.json") == {"elvis": "ParticipantProfile/1"}


def test_in_earnest_the_product_reads_where_its_hub_is_from_its_own_settings(tmp_path):
    file = tmp_path / "sandbox.json"
    told = {"base": "http://127.0.0.1:9/cf/x", "clientId": "product", "clientSecret": "s"}
    file.write_text(json.dumps(told), "utf-8")
    step = json.dumps({"cmd": "step", "id": 1, "step": "sync.now", "data": {}})
    unknown = [sys.executable, "-m", "conformance.client", "--settings", tmp_path / "none.json"]

    known = [sys.executable, "-m", "conformance.client", "--settings", file]
    answers = [
        json.loads(
            subprocess.run(command, input=step, capture_output=True, text=True, check=True).stdout
        )["detail"]
        for command in (unknown, known)
    ]

    assert answers[0] == "The product was not told where its hub is."
    assert answers[1] != answers[0]


class Places(list):
    """Opens products, and keeps where each of them works."""

    def __call__(self, base, client, secret):
        self.append((base, client, secret))
        return CaseTrack(Hub(base, client, secret))


def written(file, name, **changes):
    """Write settings as the runner does; `name` tells them apart."""
    told = {"base": f"http://127.0.0.1:9/cf/{name}", "clientId": name, "clientSecret": "s"}
    file.write_text(json.dumps(told | changes), "utf-8")


STEP = {"cmd": "step", "id": 1, "step": "wage.garnish"}


def test_settings_that_an_operator_enters_while_the_product_runs_count_from_the_next_step(tmp_path):
    file, places = tmp_path / "sandbox.json", Places()
    adapter = Adapter(places, settings=Settings(file))

    before = adapter.answer(STEP)
    written(file, "first")
    after = [adapter.answer(STEP), adapter.answer(STEP)]
    os.utime(file, ns=(1, 1))
    adapter.answer(STEP)
    written(file, "second")
    adapter.answer({"cmd": "reset"})

    assert before["status"] == "error"
    assert [each["status"] for each in after] == ["unsupported", "unsupported"]
    assert [client for _, client, _ in places] == ["first", "second"]


def test_in_practice_settings_of_an_earlier_run_do_not_count(tmp_path):
    file, places = tmp_path / "sandbox.json", Places()
    written(file, "earlier")
    adapter = Adapter(places, settings=Settings(file))

    adapter.answer({"cmd": "configure", **SETTINGS})
    adapter.answer(STEP)

    assert [client for _, client, _ in places] == ["me"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('{"base": ', "not told where", id="half written"),
        pytest.param("[]", "not told where", id="no settings"),
        pytest.param('{"base": "http://127.0.0.1:9"}', "'clientId' is missing", id="too few"),
    ],
)
def test_settings_that_are_none_are_an_error_until_they_are_right(tmp_path, text, told):
    file = tmp_path / "sandbox.json"
    adapter = Adapter(opened, settings=Settings(file))
    file.write_text(text)

    (wrong,) = said(STEP, adapter=adapter)
    written(file, "right")
    (right,) = said(STEP, adapter=adapter)

    assert told in wrong["detail"]
    assert right["status"] == "unsupported"
