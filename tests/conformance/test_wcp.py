"""WCP/1 as the reference client speaks it, by lines and by HTTP."""

import io
import json
import subprocess
import sys
from threading import Thread

import httpx
import pytest

from conformance.client.hub import Hub
from conformance.client.memory import Memory
from conformance.client.product import CaseTrack
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
