"""Kills parts of a running hub under write load, then judges what it kept of what was sent.

`scripts/crash-rounds 10` runs it by hand; test_crash.py runs a few rounds.
"""

import os
import random
import signal
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count, cycle, islice
from pathlib import Path
from threading import Event
from time import sleep

from builders import a_profile
from live import eventually, serving

WRITERS = 6
LOAD_SECONDS = 1.0
"""How long writers write before each kill, and how many acknowledgements must follow it."""
RECOVERED = 2 * WRITERS
KIND = "ParticipantProfile"
FINE = {200, 201}


@dataclass
class Ledger:
    """What was sent and what was answered; every write bears a mark of its own as last name.

    `sent` is mark → business key, `kept` is (id, version) → the body of an acknowledged version,
    `answers` are the statuses in no order, "cut" for one that never came.
    """

    sent: dict = field(default_factory=dict)
    kept: dict = field(default_factory=dict)
    answers: list = field(default_factory=list)
    marks: count = field(default_factory=lambda: count(1))


@dataclass
class Verdict:
    """What the judge counted; `faults` is empty when every promise was kept."""

    acknowledged: int
    present: int
    absent: int
    faults: list


def worker(hub):
    os.kill(random.choice(hub.worker_pids()), signal.SIGKILL)  # noqa: S311 - no secret


def database(hub):
    os.kill(hub.database_pid(), signal.SIGKILL)


def everything(hub):
    hub.kill()
    hub.start()


KILLS = (worker, database, everything)


def rounds(hub, kills):
    """Kill what `kills` say, one after the other, under load; return the ledger."""
    ledger = Ledger()
    for kill in kills:
        with load(hub, ledger):
            sleep(LOAD_SECONDS)
            kill(hub)
            before = len(ledger.kept)
            recovered = eventually(lambda before=before: len(ledger.kept) >= before + RECOVERED)
            assert recovered, hub.log()
    return ledger


@contextmanager
def load(hub, ledger):
    """Keep writers at work meanwhile; each error of theirs is raised at the end."""
    over, token = Event(), hub.token()
    with ThreadPoolExecutor(WRITERS) as pool:
        calls = [hub.caller(token) for _ in range(WRITERS)]
        writers = [pool.submit(write, call, ledger, over) for call in calls]
        try:
            yield
        finally:
            over.set()
    for each in writers:
        each.result()


def write(call, ledger, over):
    """Create a profile, update it a few times under guard, go on with the next."""
    while not over.is_set():
        body = send(call, ledger, a_profile())
        for _ in range(4):
            if body is None or over.is_set():
                break
            body = send(call, ledger, body)


def send(call, ledger, body):
    """Write `body` under a new mark; return what was acknowledged, None when nothing was."""
    mark = f"mark{next(ledger.marks):08d}"
    body = {**body, "lastName": mark}
    ledger.sent[mark] = body["pirlUniqueId"]
    method, path, headers = "POST", f"/{KIND}", None
    if "id" in body:
        method, path = "PUT", f"{path}/{body['id']}"
        headers = {"If-Match": f'W/"{body["meta"]["versionId"]}"'}
    try:
        reply = call(method, path, body, headers)
    except (OSError, HTTPException):
        ledger.answers.append("cut")
        sleep(0.05)
        return None
    ledger.answers.append(reply.status)
    if reply.status not in FINE:
        sleep(0.05)
        return None
    ledger.kept[reply.json["id"], int(reply.json["meta"]["versionId"])] = reply.json
    return reply.json


def judge(call, ledger):
    """Return what became of everything that was sent."""
    versions, marks = stored(call)
    faults = [
        *(f"stored {marks[mark]} times: {mark}" for mark in marks if marks[mark] > 1),
        *(f"stored and never sent: {mark}" for mark in marks if mark not in ledger.sent),
        *(fault for key in ledger.kept for fault in kept_faults(call, ledger, key)),
        *(fault for id in versions for fault in current_faults(call, id, versions[id])),
    ]
    held = {body["pirlUniqueId"] for numbers in versions.values() for body in numbers.values()}
    for key in set(ledger.sent.values()) - held:
        faults += key_faults(call, key)
    found = len(marks.keys() & ledger.sent.keys())
    return Verdict(len(ledger.kept), found, len(ledger.sent) - found, faults)


def stored(call):
    """Return id → number → resource of the whole type history, and how often each mark occurs."""
    versions, marks = defaultdict(dict), Counter()
    path = f"/{KIND}/_history?_count=200"
    while path:
        bundle = call("GET", path).json
        for entry in bundle.get("entry", ()):
            body = entry["resource"]
            versions[body["id"]][int(body["meta"]["versionId"])] = body
            marks[body["lastName"]] += 1
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        path = links["next"].partition("/v1")[2] if "next" in links else None
    return versions, marks


def kept_faults(call, ledger, key):
    id, number = key
    reply = call("GET", f"/{KIND}/{id}/_history/{number}")
    if reply.json != ledger.kept[key]:
        yield f"acknowledged version {key} is not there as it was answered: {reply.status}"


def current_faults(call, id, numbers):
    """Yield where history, current row, search keys and business key of one profile disagree."""
    last = max(numbers)
    if sorted(numbers) != list(range(1, last + 1)):
        yield f"the history of {id} is not dense: {sorted(numbers)}"
    body = numbers[last]
    if call("GET", f"/{KIND}/{id}").json != body:
        yield f"the current row of {id} is not its last version"
    query = f"pirl-unique-id={body['pirlUniqueId']}&last-name={body['lastName']}"
    if resources(call, query) != [body]:
        yield f"a search does not find {id} as it is"
    if call("POST", f"/{KIND}", a_profile(pirlUniqueId=body["pirlUniqueId"])).status != 409:
        yield f"the business key of {id} is not held"


def key_faults(call, key):
    """Yield what is left of a profile that was not stored; take its key to see that it is free."""
    if resources(call, f"pirl-unique-id={key}"):
        yield f"{key} is found but has no history"
    if call("POST", f"/{KIND}", a_profile(pirlUniqueId=key)).status != 201:
        yield f"{key} is held by nobody"


def resources(call, query):
    return [entry["resource"] for entry in call("GET", f"/{KIND}?{query}").json.get("entry", ())]


def main():
    """Run as many rounds as the first argument says and print what came of them."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "hub") as hub,
    ):
        ledger = rounds(hub, islice(cycle(KILLS), number))
        verdict = judge(hub.caller(), ledger)
    answers = ", ".join(
        f"{status}: {times}" for status, times in Counter(ledger.answers).most_common()
    )
    print(f"{number} rounds; {len(ledger.sent)} writes sent; answers {answers}")  # noqa: T201
    print(verdict)  # noqa: T201
    sys.exit(bool(verdict.faults) or 500 in ledger.answers)


if __name__ == "__main__":
    main()
