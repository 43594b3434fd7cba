"""Group commit: callers share runs, and each is told its own fate."""

import threading

import pytest

from app.model.conflicts import Duplicate
from app.model.errors import Unavailable
from app.store.group import Group


class Runs:
    """A run that notes what it was given, waits for `gate`, and refuses the works named bad."""

    def __init__(self, bad=(), error=Duplicate):
        self.given = []
        self.bad = set(bad)
        self.error = error
        self.gate = threading.Event()
        self.begun = threading.Event()

    def __call__(self, works, seconds):
        self.given.append(list(works))
        self.begun.set()
        self.gate.wait(seconds)
        if self.bad & set(works):
            raise self.error("refused")


def submitted(group, runs, works):
    """Submit all works at once behind a first one, and return what became of each."""
    fates = {}

    def submit(work):
        try:
            group.submit(work)
            fates[work] = "done"
        except Exception as error:  # noqa: BLE001 - the fate is the test
            fates[work] = type(error).__name__

    threads = [threading.Thread(target=submit, args=(work,)) for work in ["first", *works]]
    threads[0].start()
    assert runs.begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    while group.waiting < len(works):
        pass
    runs.gate.set()
    for thread in threads:
        thread.join()
    return fates


def test_what_arrives_during_a_run_goes_together_in_the_next():
    runs = Runs()
    group = Group(runs, 10)

    fates = submitted(group, runs, ["a", "b", "c"])

    assert set(fates.values()) == {"done"}
    assert runs.given[0] == ["first"]
    assert sorted(runs.given[1]) == ["a", "b", "c"]


def test_one_bad_caller_does_not_spoil_the_others():
    runs = Runs(bad=["b"])
    group = Group(runs, 10)

    fates = submitted(group, runs, ["a", "b", "c"])

    assert fates == {"first": "done", "a": "done", "b": "Duplicate", "c": "done"}


def test_an_outage_is_told_to_all_without_trying_each_again():
    runs = Runs(bad=["b"], error=Unavailable)
    group = Group(runs, 10)

    fates = submitted(group, runs, ["a", "b"])

    assert fates == {"first": "done", "a": "Unavailable", "b": "Unavailable"}
    assert len(runs.given) == 2


def test_a_defect_is_never_told_as_success():
    runs = Runs(bad=["b"], error=ZeroDivisionError)
    group = Group(runs, 10)

    fates = submitted(group, runs, ["a", "b"])

    assert fates == {"first": "done", "a": "ZeroDivisionError", "b": "ZeroDivisionError"}


def test_a_run_holds_no_more_than_the_most():
    runs = Runs()
    group = Group(runs, 10, most=2)

    submitted(group, runs, ["a", "b", "c", "d", "e"])

    assert max(len(each) for each in runs.given) == 2
    assert sorted(work for each in runs.given for work in each) == [
        "a",
        "b",
        "c",
        "d",
        "e",
        "first",
    ]


def test_a_caller_waits_no_longer_than_its_time():
    given, begun, gate = [], threading.Event(), threading.Event()

    def run(works, _):
        given.append(works)
        begun.set()
        gate.wait(10)

    group = Group(run, 0.05)
    first = threading.Thread(target=group.submit, args=("first",))
    first.start()
    begun.wait(5)

    with pytest.raises(Unavailable):
        group.submit("late")

    gate.set()
    first.join()
    assert given == [["first"]]
