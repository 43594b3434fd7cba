"""Sends the same creates again and again under idempotency keys while workers are killed.

`scripts/retry-rounds 500` runs it by hand; test_idempotency_crash.py runs a few keys.
"""

import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import crash
from builders import a_category
from live import serving

THREADS = 16
REPLAYS = 5
KILL_SECONDS = 1.0
PATIENCE_SECONDS = 300
KIND = "ServiceCategory"
"""A type without a business key, so that nothing but the idempotency key keeps a twin out."""
SAID = ("etag", "location", "content-type")


@dataclass
class Answers:
    """What came back: key → how often each answer was given, every status, and the kills."""

    given: dict = field(default_factory=lambda: defaultdict(Counter))
    statuses: list = field(default_factory=list)
    replayed: list = field(default_factory=list)
    kills: int = 0

    @property
    def faults(self):
        """Say which keys were answered in more than one way."""
        return [f"{key}: {list(each)}" for key, each in self.given.items() if len(each) > 1]


def storm(hub, keys):
    """Send one create for each key, from all threads, REPLAYS times each; return the answers."""
    answers, bodies = Answers(), {key: a_category(name=f"Storm {key}") for key in keys}
    token = hub.token()
    calls = [hub.caller(token) for _ in range(THREADS)]
    with killing(hub, answers), ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(insist, call, answers, bodies) for call in calls]:
            done.result()
    return answers


@contextmanager
def killing(hub, answers):
    """Kill one worker each second meanwhile."""
    over = Event()

    def kill():
        while not over.wait(KILL_SECONDS):
            if hub.worker_pids():
                crash.worker(hub)
                answers.kills += 1

    thread = Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def insist(call, answers, bodies):
    """Send every key until it was answered REPLAYS times."""
    for key, body in bodies.items():
        for _ in range(REPLAYS):
            reply = answered(call, answers, key, body)
            text = (*(reply.headers.get(name) for name in SAID), str(reply.json))
            answers.given[key][reply.status, *text] += 1


def answered(call, answers, key, body):
    """Send a create until something other than an outage comes back."""
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        try:
            reply = call("POST", f"/{KIND}", body, {"Idempotency-Key": key})
        except (OSError, HTTPException):
            answers.statuses.append("cut")
        else:
            answers.statuses.append(reply.status)
            answers.replayed.append("idempotent-replayed" in reply.headers)
            if reply.status != 503:
                return reply
        sleep(0.05)
    raise TimeoutError(key)


def names(call):
    """Return how many resources there are of each name."""
    found, path = Counter(), f"/{KIND}?_count=200"
    while path:
        bundle = call("GET", path).json
        found.update(entry["resource"]["name"] for entry in bundle.get("entry", ()))
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        path = links["next"].partition("/v1")[2] if "next" in links else None
    return found


def main():
    """Run with as many keys as the first argument says and print what came of it."""
    keys = [f"key-{number}" for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 500)]
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "hub") as hub:
        begin = monotonic()
        answers = storm(hub, keys)
        seconds = monotonic() - begin
        found = names(hub.caller())
    statuses = ", ".join(f"{each}: {n}" for each, n in Counter(answers.statuses).most_common())
    print(  # noqa: T201
        f"{len(keys)} keys x {THREADS} threads x {REPLAYS} in {seconds:.0f} s, "
        f"{answers.kills} workers killed; answers {statuses}; "
        f"{sum(answers.replayed)} replayed; {found.total()} resources; faults {answers.faults}"
    )
    is_exact = len(found) == found.total() == len(keys)
    sys.exit(bool(answers.faults) or not is_exact or not set(answers.statuses) <= {201, 503, "cut"})


if __name__ == "__main__":
    main()
