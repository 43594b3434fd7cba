"""`scripts/bench`: one interleaved run of all targets, or the hub alone at two sizes."""

import argparse
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles

from app.store.process import CannotStart
from benchmarks import processes, scale, table
from benchmarks.cases import Population, cases, settle, smallest
from benchmarks.load import Case, Outcome, connected
from benchmarks.targets import TARGETS, Target, hub

SIZES = (1_000, 10_000)


def main() -> None:
    """Run what the arguments ask for; whatever was started is ended, whatever happens."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _run(asked)
    except (CannotStart, OSError, ValueError) as error:
        sys.exit(f"The run was given up: {error}")


def _run(asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as place, ExitStack() as stack:
        if asked.scale:
            target = stack.enter_context(hub(_folder(place, "hub")))
            for line in scale.grow(target, SIZES):
                _say(line)
            return
        targets = {
            name: stack.enter_context(TARGETS[name](_folder(place, name))) for name in asked.only
        }
        _compare(targets, asked)


def _compare(targets: dict[str, Target], asked: argparse.Namespace) -> None:
    populations = {}
    for name, target in targets.items():
        _say(f"{name}: making {asked.people} people")
        populations[name] = Population(target, asked.connections)
        if name != "hello":
            target.refresh()
            with connected(target.port, asked.connections) as load:
                settle(populations[name], load, asked.people)
    samples: dict[tuple[str, str], list[table.Sample]] = {
        (case, name): []
        for case in table.CASES
        for name in targets
        if name != "hello" or case == "read"
    }
    began = time.process_time()
    for number in range(asked.rounds):
        _say(f"round {number + 1} of {asked.rounds}")
        for (case, name), found in samples.items():
            found.append(_sample(populations[name], case, asked.seconds))
    _report(targets, samples, asked)
    spent = (time.process_time() - began) * 1000
    requests = sum(each.requests for found in samples.values() for each in found)
    _say(f"\nThe load itself took {spent / requests:.3f} ms of CPU per request.")


def _sample(people: Population, name: str, seconds: float) -> table.Sample:
    target = people.target
    target.refresh()
    case: Case = cases(people)[name] if target.name != "hello" else _Hello(target)
    app, database = target.application, target.database
    with connected(target.port, people.connections) as load:
        before = processes.cpu_ms(app), processes.cpu_ms(database)
        outcome = load.run(case, seconds)
        after = processes.cpu_ms(app), processes.cpu_ms(database)
    return _summed(outcome, after[0] - before[0], after[1] - before[1])


def _summed(outcome: Outcome, app: float, database: float) -> table.Sample:
    right = outcome.milliseconds
    cuts = quantiles(right, n=20) if len(right) > 1 else [0.0] * 19
    requests = max(outcome.requests, 1)
    rate = len(right) / outcome.seconds
    return table.Sample(
        requests, rate, cuts[9], cuts[18], app / requests, database / requests, outcome.errors
    )


def _report(
    targets: dict[str, Target],
    samples: dict[tuple[str, str], list[table.Sample]],
    asked: argparse.Namespace,
) -> None:
    _say(
        f"\n{asked.connections} connections, {asked.people} people, {asked.rounds} rounds of "
        f"{asked.seconds:g} s; medians. Every database syncs each commit to disk."
    )
    for line in (*table.figures(samples), "", *table.ratios(samples)):
        _say(line)
    _say("\nMemory of each worker")
    for name, target in targets.items():
        _say(table.memory(name, [processes.resident_mb(pid) for pid in target.application[1:]]))


class _Hello:
    """The same GET again and again."""

    expected = 200

    def __init__(self, target: Target) -> None:
        self._request = target.ask("GET", "/hello")

    def request(self, _connection: int) -> bytes:
        return self._request

    def answered(self, connection: int, reply: object) -> None:
        """Learn nothing."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3, help="of load per case and round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=list(TARGETS), help="targets")
    parser.add_argument("--scale", action="store_true", help="the hub alone at 1,000 and 10,000")
    asked = parser.parse_args()
    if asked.connections < 1 or asked.people < smallest(asked.connections):
        parser.error(f"that many connections take {smallest(asked.connections)} people or more")
    return asked


def _folder(place: str, name: str) -> Path:
    folder = Path(place) / name
    folder.mkdir()
    return folder


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
