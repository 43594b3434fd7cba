"""A transaction is wholly there or wholly absent, whatever is killed under it."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from itertools import count
from threading import Event
from time import sleep

import pytest

import crash
from builders import a_profile
from bundles import bundle, post
from live import eventually, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

ENTRIES = 40
"""Enough that a transaction goes alone, without others beside it."""
WRITERS = 2


def test_no_transaction_is_torn_by_a_kill(tmp_path):
    sent, answers = {}, []
    with serving(tmp_path / "hub") as hub:
        # Who dies while a table of the embedded database gets its first rows holds up all others.
        sent["first"] = transact(hub.caller(), "first")
        for kill in (crash.worker, crash.database):
            with load(hub, sent, answers):
                sleep(0.5)
                kill(hub)
                before = answers.count(200)
                assert eventually(lambda before=before: answers.count(200) > before), hub.log()

        call = hub.caller()
        found = {mark: total(call, mark) for mark in sent}

    assert set(answers) <= {200, 503, "cut"}
    assert set(found.values()) <= {0, ENTRIES}
    assert all(found[mark] == ENTRIES for mark, status in sent.items() if status == 200)


@contextmanager
def load(hub, sent, answers):
    """Keep writers at work meanwhile; each transaction bears a mark of its own as last name."""
    over, token, marks = Event(), hub.token(), count(len(sent))

    def write(call):
        while not over.is_set():
            mark = f"bundle{next(marks):06d}"
            sent[mark] = None
            sent[mark] = transact(call, mark)
            answers.append(sent[mark])
            if sent[mark] != 200:
                sleep(0.05)

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, hub.caller(token)) for _ in range(WRITERS)]
        try:
            yield
        finally:
            over.set()
    for each in writers:
        each.result()


def transact(call, mark):
    """Create ENTRIES profiles at once; return the status, `cut` when no answer came."""
    entries = (post(a_profile(lastName=mark)) for _ in range(ENTRIES))
    try:
        return call("POST", "/", bundle(*entries), {"Prefer": "return=minimal"}).status
    except (OSError, HTTPException):
        return "cut"


def total(call, mark):
    return call("GET", f"/ParticipantProfile?last-name={mark}&_summary=count").json["total"]
