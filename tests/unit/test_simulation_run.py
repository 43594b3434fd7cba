"""Batches run side by side; the first that fails ends the year."""

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.simulation.memory import family_peak, own_peak
from app.simulation.people import Place
from app.simulation.year import Lost, Year
from app.simulation.year_plan import AGENCIES, OUTCOMES, visits
from app.simulation.year_run import Tally, run

HERE = Place("delta", "Clarksdale", "28027", "LocalCenter/win-clarksdale")


class Served:
    """Plays a batch by taking the plan at its word."""

    def play(self, batch):
        return Counter(each.fate for visit in batch for each in visit.referrals)


class Failing:
    """Fails at every batch."""

    def play(self, batch):
        raise Lost(f"{len(batch)} people are lost.")


class EmptyHub:
    """A system of an agency on whose worklist nothing ever arrives."""

    def transaction(self, entries):
        return [each["resource"] | {"id": str(at)} for at, each in enumerate(entries)]

    def found(self, _path):
        return []


def test_all_batches_count():
    everybody, ticks = visits(400, 1), []
    with ThreadPoolExecutor(2) as pool:
        tally = run(Served(), everybody, pool, ticks.append)

    assert tally.created == sum(ticks) == 800
    assert tally.shares == OUTCOMES
    assert tally.closed == 720


def test_a_year_without_anybody_has_no_shares():
    assert Tally(Counter()).shares == dict.fromkeys(OUTCOMES, 0)


def test_the_first_batch_that_fails_ends_the_year():
    with ThreadPoolExecutor(1) as pool, pytest.raises(Lost):
        run(Failing(), visits(400, 1), pool, print)


def test_a_referral_that_never_arrives_is_noticed():
    year = Year(dict.fromkeys(AGENCIES, EmptyHub()), [HERE], 1)

    with pytest.raises(Lost, match="never reached"):
        year.play(visits(4, 1)[:1])


def test_memory_is_measured():
    assert own_peak() > 1_000_000
    assert family_peak(2**30) is None
    if sys.platform == "linux":
        assert family_peak(os.getpid()) > 1_000_000
