"""Assertions and rotating keys at a hub of two real workers."""

import json
import time
from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Event
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from assertions import RSA, form, proven, public, said
from live import Caller, eventually

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REPLAYS = 20


@pytest.fixture
def name(live, tmp_path):
    """Return the id of a fresh client of the running hub, which has the key RSA."""
    name, path = f"c-{uuid4().hex[:8]}", tmp_path / "jwks.json"
    path.write_text(public(RSA))
    live.run("client", "add", name, "--scope", "system/*.rs", "--public-key", str(path))
    return name


def an_assertion(live, name):
    at = int(time.time())
    claims = said(iss=name, sub=name, aud=live.url, iat=at, exp=at + 60, jti=uuid4().hex)
    return urlencode(form(proven(claims)))


def a_token(live, name):
    with closing(Caller(live.url)) as call:
        return call("POST", "/oauth/token", an_assertion(live, name), FORM).json["access_token"]


def replayed(live, text):
    """Send one form by many connections at the same moment; return the answers."""
    barrier = Barrier(REPLAYS)

    def one(_):
        with closing(Caller(live.url)) as call:
            call.connected().connect()
            barrier.wait()
            return call("POST", "/oauth/token", text, FORM)

    with ThreadPoolExecutor(REPLAYS) as pool:
        return list(pool.map(one, range(REPLAYS)))


def refusing_workers(live):
    """Return the processes that refused a replay, as their log lines say."""
    lines = live.errors.read_text("utf-8", errors="replace").splitlines()
    found = [json.loads(line) for line in lines if "assertion-replay" in line]
    return {line["pid"] for line in found} & set(live.worker_pids())


def test_of_twenty_replays_at_once_over_two_workers_exactly_one_gets_a_token(live, name):
    rounds = []

    while len(rounds) < 10 and len(refusing_workers(live)) < 2:
        rounds.append(replayed(live, an_assertion(live, name)))

    for answers in rounds:
        statuses = sorted(each.status for each in answers)
        assert statuses == [200] + [401] * (REPLAYS - 1)
        refusals = {json.dumps(each.json) for each in answers if each.status == 401}
        assert len(refusals) == 1
    assert len(refusing_workers(live)) == 2


def kid(token):
    head = token.split(".")[0]
    return json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]


def test_rotation_under_load_refuses_nobody(live, name):
    first, statuses, kids, done = a_token(live, name), [], set(), Event()

    def work(_):
        while not done.is_set():
            token = a_token(live, name)
            kids.add(kid(token))
            for each in (first, token):
                with closing(Caller(live.url, each)) as call:
                    statuses.append(call("GET", "/Partner?_count=1").status)

    with ThreadPoolExecutor(6) as pool:
        running = [pool.submit(work, number) for number in range(6)]
        live.run("keys", "rotate-signing")
        is_rotated = eventually(lambda: len(kids) == 2)
        time.sleep(1)
        done.set()
        for each in running:
            each.result()

    assert is_rotated
    assert len(statuses) > 20
    assert set(statuses) == {200}
