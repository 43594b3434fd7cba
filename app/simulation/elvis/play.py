"""Plays all acts in order."""

from collections.abc import Mapping
from datetime import date
from random import Random

from app.simulation.elvis import first_visit, school, work
from app.simulation.elvis.ending import Fact, ending
from app.simulation.elvis.scene import Scene
from app.simulation.story import Story
from app.simulation.system import System


def play(systems: Mapping[str, System], story: Story, today: date, dice: Random) -> list[Fact]:
    """Play the story with the systems of `scene.CAST`; return what is true in the end.

    Raises Refused when the hub refuses a step, and Derailed.
    """
    scene = Scene(systems, story, today, dice)
    first_visit.prologue(scene)
    first_visit.walk_in(scene)
    first_visit.six_questions(scene)
    first_visit.first_plan(scene)
    school.food(scene)
    enrollment = school.class_begins(scene)
    school.gain(scene, enrollment)
    school.equivalency(scene, enrollment)
    work.licence(scene)
    work.on_the_road(scene)
    work.re_entry(scene)
    work.diesel(scene)
    return ending(scene)
