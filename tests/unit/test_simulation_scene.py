"""The story happens on working days, and none of it in the future."""

from datetime import date
from random import Random

from app.simulation.elvis.scene import LASTS, Scene
from app.simulation.story import Story

SUNDAY = date(2026, 11, 22)
SCENE = Scene({}, Story(print), SUNDAY, Random(1))  # noqa: S311 - an invented person


def test_no_agency_works_at_the_weekend():
    days = [date.fromisoformat(SCENE.day(number)) for number in range(LASTS - 7)]

    assert {each.weekday() for each in days} == {0, 1, 2, 3, 4}
    assert days == sorted(days)


def test_what_happens_later_has_a_later_moment():
    moments = [SCENE.at(number) for number in range(LASTS - 7)]

    assert moments == sorted(set(moments))
    assert all(each.startswith(SCENE.day(number)) for number, each in enumerate(moments))


def test_the_story_ends_today():
    assert SCENE.day(LASTS) == "2026-11-22"
