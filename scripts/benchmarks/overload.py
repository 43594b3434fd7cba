"""`scripts/overload`: what a hub still does when it is asked many times more than it can.

First as many clients as the hub has threads ask without a pause: what is answered rightly in a
second is the peak. Then many times that rate is offered, paced, whatever is answered; then the
first clients come back, and how long it takes until they are served as before is the recovery.
"""

import argparse
import heapq
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

from benchmarks.cases import Population, settle
from benchmarks.load import connected
from benchmarks.people import person, town
from benchmarks.targets import Target, hub

WINDOW_SECONDS = 0.25
"""The recovery is told to this precision."""
RIGHT, REFUSED = frozenset({200, 201}), 503
Asking = Callable[[int], tuple[str, bytes]]


@dataclass
class Client:
    """One keep-alive connection; `due` is when it sends next."""

    number: int
    wire: socket.socket
    buffer: bytes = b""
    sent: float = 0.0
    due: float = 0.0
    turn: int = 0
    kind: str = ""


@dataclass
class Seen:
    """What one phase saw: the moment and milliseconds of each answer, by its status."""

    seconds: float = 0.0
    answers: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    """Kind of request → how many were answered rightly."""

    def count(self, status: int) -> int:
        """Return how many answers had this status."""
        return len(self.answers.get(status, ()))

    def good(self) -> list[tuple[float, float]]:
        """Return the right answers."""
        return [each for status in RIGHT for each in self.answers.get(status, ())]

    @property
    def rate(self) -> float:
        """Right answers in a second: the goodput."""
        return len(self.good()) / self.seconds

    @property
    def offered(self) -> float:
        """All answers in a second."""
        return sum(map(len, self.answers.values())) / self.seconds


@contextmanager
def clients(port: int, count: int) -> Iterator[list[Client]]:
    """Yield open connections to a server on this machine."""
    found: list[Client] = []
    try:
        for number in range(count):
            wire = socket.create_connection(("127.0.0.1", port), timeout=15)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found.append(Client(number, wire))
        yield found
    finally:
        for each in found:
            each.wire.close()


def run(asking: Asking, crowd: list[Client], seconds: float, rate: float | None = None) -> Seen:
    """Let the crowd ask for some seconds, without a pause or at `rate` requests a second in all."""
    seen, began = Seen(), time.perf_counter()
    interval = len(crowd) / rate if rate else 0.0
    waiting = [(began + interval * each.number / len(crowd), each.number) for each in crowd]
    heapq.heapify(waiting)
    by_number = {each.number: each for each in crowd}
    with selectors.DefaultSelector() as ears:
        while (now := time.perf_counter()) - began < seconds:
            while waiting and waiting[0][0] <= now:
                due, number = heapq.heappop(waiting)
                _ask(asking, by_number[number], due, ears)
            pause = max(0.0, min(waiting[0][0] - now, 0.05)) if waiting else 0.05
            for key, _ in ears.select(pause):
                client: Client = key.data
                if _hear(client, seen, began):
                    ears.unregister(client.wire)
                    next_due = max(client.due + interval, time.perf_counter() - interval)
                    heapq.heappush(waiting, (next_due, client.number))
        seen.seconds = time.perf_counter() - began
        _drain(ears)
    return seen


def _ask(asking: Asking, client: Client, due: float, ears: selectors.BaseSelector) -> None:
    client.due, client.sent = due, time.perf_counter()
    client.turn += 1
    client.kind, message = asking(client.number + 1_000 * client.turn)
    client.wire.sendall(message)
    ears.register(client.wire, selectors.EVENT_READ, client)


def _hear(client: Client, seen: Seen, began: float) -> bool:
    part = client.wire.recv(1 << 18)
    if not part:
        raise ConnectionError("The hub closed a connection in the middle of the load.")
    client.buffer += part
    end = client.buffer.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = client.buffer[:end].lower()
    start = head.find(b"content-length:")
    size = int(head[start + 15 :].partition(b"\r\n")[0]) if start >= 0 else 0
    if len(client.buffer) < end + 4 + size:
        return False
    now = time.perf_counter()
    status = int(head[9:12])
    seen.answers.setdefault(status, []).append((now - began, (now - client.sent) * 1000))
    seen.kinds[client.kind] += status in RIGHT
    client.buffer = b""
    return True


def _drain(ears: selectors.BaseSelector) -> None:
    """Wait for the answers that are still on their way; they count for nobody."""
    ignored, began = Seen(), time.perf_counter()
    while ears.get_map() and time.perf_counter() - began < 30:  # noqa: PLR2004 - seconds
        for key, _ in ears.select(1):
            if _hear(key.data, ignored, began):
                ears.unregister(key.fileobj)


class Mix:
    """Of ten requests six are reads, two searches and two updates, over all the people."""

    def __init__(self, target: Target, people: Population) -> None:
        self._target, self._people = target, people
        self._change = 0

    def __call__(self, number: int) -> tuple[str, bytes]:
        """Return the kind and the bytes of a request; the same kinds come round and round."""
        which = (number // 1_000 + number) % 10
        index = number * 7919 % len(self._people.ids)
        if which < 6:  # noqa: PLR2004 - of ten
            return "reads", self._target.ask("GET", f"/{self._people.ids[index]}")
        if which < 8:  # noqa: PLR2004 - of ten
            return "searches", self._target.ask("GET", f"?address-city={town(index)}&_count=20")
        self._change += 1
        body = person(index, self._change % 80_000)
        path = f"/{self._people.ids[index]}"
        return "updates", self._target.ask("PUT", path, "If-Match: *\r\n", body)


def main() -> None:
    """Run the three phases and print what was seen."""
    parser = argparse.ArgumentParser(prog="scripts/overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="of all three phases together")
    parser.add_argument("--times", type=float, default=10, help="the peak's rate that is offered")
    parser.add_argument("--clients", type=int, default=16, help="that ask without a pause")
    parser.add_argument("--people", type=int, default=400)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="hub-overload-") as place, hub(Path(place)) as target:
        people = Population(target, asked.clients)
        target.refresh()
        with connected(target.port, asked.clients) as load:
            settle(people, load, asked.people)
        for line in _phases(target, Mix(target, people), asked):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


def _phases(target: Target, mix: Mix, asked: argparse.Namespace) -> Iterator[str]:
    part = asked.seconds / 3
    with clients(target.port, asked.clients) as few:
        run(mix, few, 2)
        peak = run(mix, few, part)
        yield f"peak: {peak.rate:.0f} right answers/s, {_spread(peak.good())}; {_kinds(peak)}"
        with clients(target.port, int(asked.clients * asked.times * 5)) as crowd:
            flood = run(mix, crowd, part, peak.rate * asked.times)
        yield from _flooded(target, peak, flood)
        after = run(mix, few, part)
        yield (
            f"after: {after.rate:.0f} right answers/s, {_spread(after.good())}; "
            f"as before within {_recovery(peak, after):.2f} s"
        )


def _flooded(target: Target, peak: Seen, flood: Seen) -> Iterator[str]:
    statuses = Counter({status: len(found) for status, found in flood.answers.items()})
    offered, share = flood.offered, flood.rate / peak.rate
    yield f"offered: {offered:.0f}/s, {offered / peak.rate:.1f} times the peak"
    yield f"goodput: {flood.rate:.0f}/s, {share:.0%} of the peak, {_spread(flood.good())}"
    yield f"         {_kinds(flood)}"
    refused = flood.answers.get(REFUSED, [])
    yield f"refused: {len(refused) / statuses.total():.0%} with 503, {_spread(refused)}"
    yield f"statuses: {dict(statuses)}; ready meanwhile: {_is_ready(target)}"


def _recovery(peak: Seen, after: Seen) -> float:
    """Return the seconds until a window first has 90 % of the peak's right answers."""
    least = 0.9 * peak.rate * WINDOW_SECONDS
    windows = Counter(int(at / WINDOW_SECONDS) for at, _ in after.good())
    last = int(after.seconds / WINDOW_SECONDS)
    fit = (number for number in range(last) if windows[number] >= least)
    return (next(fit, last) + 1) * WINDOW_SECONDS


def _spread(answers: list[tuple[float, float]]) -> str:
    if len(answers) < 2:  # noqa: PLR2004 - no spread
        return "no times"
    taken = [milliseconds for _, milliseconds in answers]
    return f"median {median(taken):.1f} ms, 99 % below {quantiles(taken, n=100)[98]:.1f} ms"


def _kinds(seen: Seen) -> str:
    rates = {kind: count / seen.seconds for kind, count in sorted(seen.kinds.items())}
    return ", ".join(f"{rate:.0f} {kind}/s" for kind, rate in rates.items())


def _is_ready(target: Target) -> bool:
    with closing(HTTPConnection("127.0.0.1", target.port, timeout=5)) as connection:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK


if __name__ == "__main__":
    main()
