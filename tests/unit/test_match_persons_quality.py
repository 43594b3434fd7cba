"""How well synthetic people are found again; `scripts/match-quality` measures it at full size."""

import pytest

from app.rules.persons.matching import Grade
from match_quality import measured, profile_type

CERTAIN, PROBABLE, POSSIBLE = Grade
PEOPLE = 400


@pytest.fixture(scope="module")
def tally():
    return measured(profile_type(), PEOPLE)


def test_no_certain_match_is_wrong(tally):
    assert tally.wrong[CERTAIN] == 0


def test_hardly_a_probable_match_is_wrong(tally):
    assert tally.precision(PROBABLE) > 0.98


def test_most_people_are_found_again(tally):
    assert tally.recall(CERTAIN) > 0.55
    assert tally.recall(CERTAIN, PROBABLE) > 0.93
    assert tally.recall(CERTAIN, PROBABLE, POSSIBLE) > 0.97


def test_few_profiles_are_looked_at_for_each_person(tally):
    assert tally.looked_at / tally.asked < 10
