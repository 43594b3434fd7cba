"""Every bad habit of levels 2 to 4 is met in a real sandbox, by what it breaks and nothing else."""

import json

import pytest

from agencies import a_state
from conformance.mutants import mutants
from conformance.scenario import identity, leaving, plans, scores, services, training
from parts import IS_ALL, broken, each_of, narrow, passed, played
from playing import Run

ENROLLED = (identity.REGISTER, services, leaving.EXIT, leaving.RETURN)
SCORED = (identity.REGISTER, services.ENROLL, services.NEW_YEAR, scores, training, leaving)
QUICK = {
    "delete-and-recreate": (identity.REGISTER, services.ENROLL, services.UPDATE),
    "time-zone-shift": (
        *(identity.REGISTER, services.ENROLL, services.UPDATE, services.NEW_YEAR),
        *(leaving.EXIT, leaving.RETURN),
    ),
    "resend-all": (identity.REGISTER, services.ENROLL, services.BATCH, services.REST),
    "rounds-scores": (
        *(identity.REGISTER, services.ENROLL, scores.POST_TEST, scores.PRE_TEST, scores.RETEST),
        *(scores.CORRECT, scores.ZERO, scores.UNKNOWN),
    ),
    "edits-others": (plans.JOIN, plans.ADD, plans.OUTAGE, plans.FOLLOW),
    "overwrites-goal": (plans.JOIN, plans.CHANGE),
}
"""Mutant → steps that are enough to meet its habit, for those that the tests always play."""


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("mutants-above")) as found:
        yield found


def is_caught(state, name, level):
    """Play a mutant; assert that the MUSTs it breaks fail, and that what else is played holds."""
    breaks = set(mutants()[name].breaks)

    report = Run(state, mutant=name, level=level).play()

    told = json.dumps([each for each in report["verdicts"] if each["verdict"] != "NOT-EXERCISED"])
    assert broken(report) == breaks, told
    assert played(level) - breaks <= passed(report), told
    assert report["reached"] is False


def steps_of(name, part):
    """Return what is played of a mutant: the whole part when all mutants are asked for."""
    return part if IS_ALL else QUICK[name]


@pytest.mark.parametrize("name", each_of("services"))
def test_a_bad_habit_with_enrollments_is_caught(state, monkeypatch, name):
    narrow(monkeypatch, *steps_of(name, ENROLLED))

    is_caught(state, name, 2)


@pytest.mark.parametrize("name", each_of("scores"))
def test_a_bad_habit_with_scores_and_credentials_is_caught(state, monkeypatch, name):
    narrow(monkeypatch, *steps_of(name, SCORED))

    is_caught(state, name, 3)


@pytest.mark.parametrize("name", each_of("plans"))
def test_a_bad_habit_with_success_plans_is_caught(state, monkeypatch, name):
    narrow(monkeypatch, *steps_of(name, (plans,)))

    is_caught(state, name, 4)
