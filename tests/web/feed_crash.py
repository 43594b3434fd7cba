"""Kills and freezes sequencers and restarts the database while writers write and readers follow.

`scripts/feed-rounds 60` runs it by hand for 60 seconds; test_feed_crash.py runs a short form.
"""

import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPException
from multiprocessing import get_context
from pathlib import Path
from threading import Event

from builders import a_profile
from feed_judge import Seen, differing, drained, entries, follow, following, join, judge
from live import CHECKOUT, HUB, Caller, children, command, eventually, serving

READERS = 3
FAULT_SECONDS = 2.0
KIND = "ParticipantProfile"
CHANCE = random.Random()  # noqa: S311 - no secret
LATEST = "/$changes?cursor=latest"


class Sequencers:
    """Some `hub worker` processes beside the one of `hub serve`, to be killed and frozen."""

    def __init__(self, hub, number):
        self.hub = hub
        self.own = [None] * number
        self.faults = 0

    def keep(self):
        """Start those that ended."""
        for index, each in enumerate(self.own):
            if each is None or each.poll() is not None:
                with self.hub.errors.open("ab") as errors:
                    self.own[index] = subprocess.Popen(
                        [*HUB, "worker", "--data", self.hub.folder],
                        cwd=CHECKOUT,
                        env=self.hub.environment(),
                        stderr=errors,
                    )

    def pids(self):
        supervised = [
            pid
            for pid in children(self.hub.process.pid)
            if command(pid).split("\0")[1:4] == ["-m", "app.cli", "worker"]
        ]
        return supervised + [each.pid for each in self.own if each.poll() is None]

    def disturb(self):
        """Kill one and freeze another until the next time."""
        pids = self.pids()
        CHANCE.shuffle(pids)
        for pid in pids[:1]:
            os.kill(pid, signal.SIGKILL)
        frozen = pids[1:2]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(FAULT_SECONDS)
        for pid in frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.faults += len(pids[:2])
        self.keep()

    def stop(self):
        for each in self.own:
            if each is not None:
                each.kill()
                each.wait()


def a_new_profile():
    """Return a profile whose business key no other process can have made."""
    return a_profile(pirlUniqueId=secrets.token_hex(6).upper())


def write_for(url, token, seconds, threads):
    """Write from some threads for a while; return how many writes were acknowledged."""
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(lambda _: write(url, token, end), range(threads)))


def write(url, token, end):
    """Create profiles, change some twice and delete some; errors are as good as silence."""
    acknowledged = 0
    with closing(Caller(url, token)) as call:
        while time.monotonic() < end:
            try:
                made = call("POST", f"/{KIND}", a_new_profile())
                acknowledged += made.status == 201
                body = made.json
                for name in ("Eins", "Zwei")[: CHANCE.randrange(3)]:
                    if made.status >= 400:
                        break
                    made = change(call, "PUT", {**body, "firstName": name})
                    acknowledged += made.status == 200
                    body = made.json
                if made.status < 400 and CHANCE.random() < 0.2:
                    acknowledged += change(call, "DELETE", body).status == 204
            except (OSError, HTTPException):
                time.sleep(0.05)
    return acknowledged


def change(call, method, body):
    headers = {"If-Match": f'W/"{body["meta"]["versionId"]}"'}
    sent = None if method == "DELETE" else body
    return call(method, f"/{KIND}/{body['id']}", sent, headers)


def rounds(hub, seconds, *, writers, restarts, workers=2):
    """Run the whole thing; return what each reader saw, how much was acknowledged, and faults.

    `writers` are how many processes write and how many threads in each.
    """
    processes, threads = writers
    token, over = hub.token(), Event()
    sequencers = Sequencers(hub, workers)
    sequencers.keep()
    seen, late = [Seen() for _ in range(READERS)], [Seen() for _ in range(READERS)]
    paths = ["/$changes?_count=7", "/$changes?_count=1000", "/$changes?_count=50&wait=1"]
    began = time.monotonic()
    spawned = get_context("spawn")
    try:
        with (
            ProcessPoolExecutor(processes, mp_context=spawned) as pool,
            ThreadPoolExecutor(2 * READERS) as readers,
        ):
            written = [
                pool.submit(write_for, hub.url, token, seconds, threads) for _ in range(processes)
            ]
            followed = [
                readers.submit(follow, hub.caller(token), path, each, over)
                for path, each in zip(paths, seen, strict=True)
            ]
            joined = [
                readers.submit(join, hub.caller(token), CHANCE.uniform(0, seconds), each, over)
                for each in late
            ]
            try:
                due = [began + seconds * (n + 1) / (restarts + 1) for n in range(restarts)]
                while not all(each.done() for each in written):
                    sequencers.disturb()
                    if due and time.monotonic() > due[0]:
                        due.pop(0)
                        os.kill(hub.database_pid(), signal.SIGKILL)
                acknowledged = sum(each.result() for each in written)
                assert eventually(lambda: drained(hub)), hub.log()
            finally:
                over.set()
            for each in followed + joined:
                each.result()
    finally:
        sequencers.stop()
    assert not differing(late, seen[0].rows), differing(late, seen[0].rows)
    return seen, acknowledged, sequencers.faults


def latencies(hub, number):
    """Return seconds from the answer to a write until a waiting reader has it, one after another.

    The reader has another connection and waits before the write begins; the hub is idle.
    """
    writer, reader, found = hub.caller(), hub.caller(), []
    path = following(reader("GET", LATEST).json)
    with ThreadPoolExecutor(1) as pool:
        for _ in range(number):
            waiting = pool.submit(received, reader, f"{path}&wait=20")
            time.sleep(CHANCE.uniform(0.2, 0.6))
            assert writer("POST", f"/{KIND}", a_new_profile()).status == 201
            acknowledged = time.monotonic()
            path, at = waiting.result()
            found.append(at - acknowledged)
    return sorted(found)


def received(reader, path):
    bundle = reader("GET", path).json
    assert list(entries(bundle))
    return following(bundle).replace("&wait=20", ""), time.monotonic()


def main():
    """Run for as many seconds as the first argument says and print what came of it."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "hub") as hub:
        idle = latencies(hub, 100)
        seen, acknowledged, faults = rounds(hub, seconds, writers=(4, 8), restarts=2)
        broken = judge(hub, seen)
        errors = [each.errors for each in seen]
    p50, p99 = idle[len(idle) // 2], idle[len(idle) * 99 // 100]
    print(f"idle to visible, ms: p50 {p50 * 1000:.0f}, p99 {p99 * 1000:.0f}")  # noqa: T201
    print(  # noqa: T201
        f"{acknowledged} writes acknowledged, {len(seen[0].rows)} rows read by each of {READERS} "
        f"readers, {faults} sequencers killed or frozen, 2 database kills, {errors} retried reads"
    )
    print(broken or "every promise was kept")  # noqa: T201
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
