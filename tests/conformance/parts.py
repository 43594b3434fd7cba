"""Plays parts of the journey, so that a bad habit is met in seconds instead of a whole run."""

import os
from types import SimpleNamespace

import pytest

from conformance import requirements, scenario
from conformance.mutants import mutants

FIRST = frozenset({
    "dead", "lost-update", "gives-up-on-412", "drops-unknown", "new-key-on-retry", "impatient",
    "first-page-only", "acts-twice", "trusts-forged", "rolls-back", "delete-and-recreate",
    "time-zone-shift", "resend-all", "rounds-scores", "edits-others", "overwrites-goal",
    "hard-coded-paths", "personal-data-in-URL", "never-searches", "retries-422",
})  # fmt: skip
"""The bad habits that are played whenever the tests run; the others when all are asked for."""
IS_ALL = "HUB_ALL_MUTANTS" in os.environ
"""Whether all bad habits are asked for."""
WHOLE = tuple(scenario.journey(4, "both"))
"""All steps, whatever is left out while a test runs."""


def narrow(monkeypatch, *wanted):
    """Let runs play only these parts (modules) and steps (keys), and what their parts set up."""
    kept = [(part, [s for s in part.STEPS if {part, s.key} & {*wanted}]) for part in scenario.PARTS]
    parts = [SimpleNamespace(__name__=p.__name__, STEPS=steps) for p, steps in kept if steps]
    setup = [deed for part, steps in kept if steps for deed in getattr(part, "SETUP", ())]
    monkeypatch.setattr(scenario, "PARTS", parts)
    monkeypatch.setattr(scenario, "SETUP", setup)


def played(level):
    """Return the MUSTs up to a level of which every step is played."""
    here = {step.key for step in scenario.journey(level, "both")}
    shown = {id for step in WHOLE if step.key in here for id in step.proves}
    left_out = {id for step in WHOLE if step.key not in here for id in step.proves}
    musts = {each.id for each in requirements.of(level, "both") if each.is_must}
    return musts & (shown - left_out)


def broken(report):
    """Return what a report says is broken: a MUST fails, a SHOULD is a warning."""
    return {each["id"] for each in report["verdicts"] if each["verdict"] in ("FAIL", "WARN")}


def passed(report):
    """Return what a report says holds."""
    return {each["id"] for each in report["verdicts"] if each["verdict"] == "PASS"}


def is_asked(name):
    """Return whether a mutant is played in this run of the tests."""
    return name in FIRST or IS_ALL


def each_of(*groups):
    """Return the mutants of groups (modules) as parameters of a test, with the skips."""
    modules = {f"conformance.mutants.{each}" for each in groups}
    return [
        pytest.param(name, marks=_marks(name))
        for name, each in mutants().items()
        if modules & {each.hub.__module__, each.product.__module__}
    ]


def _marks(name):
    return [] if is_asked(name) else [pytest.mark.skip(reason="Played by scripts/mutants.")]
