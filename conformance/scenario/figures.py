"""What the steps about services, scores and credentials tell, made of the secret seed.

Scenario and evaluators ask here, so that what is told and what is expected are one thing. The
days are those that a shift by time zone would move: 29 February, 1 January, those on which clocks
change.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conformance.stage import World

SPRING = {2022: "03-13", 2023: "03-12", 2024: "03-10", 2025: "03-09"}
AUTUMN = {2022: "11-06", 2023: "11-05", 2024: "11-03", 2025: "11-02"}
"""Days on which clocks change in the United States, by year."""
ADULT = "Program/title1-adult"
CENTER = "LocalCenter/win-jackson"
PLANNING, LITERACY = "Career planning and case management", "Financial literacy services"
"""Services by the names that staff use; the second one gets a new code during the journey."""
TRAINING = "Occupational skills training (Adult/DW)"
RETIRED = "Service/financial-literacy"
READING, INTERESTS, BASIC = (
    "Assessment/casas-goals",
    "Assessment/onet-interest-profiler",
    "Assessment/tabe-11-12",
)
EQUIVALENCY, LICENCE = "Credential/hse-diploma", "Credential/cdl-a"
RESTS_ON = "https://hub.wioa.example/extension/rests-on"
"""URL of the extension by which an enrollment names the credential on which it rests."""
BELONGS_TO = "https://hub.wioa.example/extension/belongs-to"
"""URL of the extension by which a score names the enrollment during which the test was taken."""
CORRECTED_BECAUSE = "https://hub.wioa.example/extension/corrected-because"
"""URL of the extension by which a record taken back says why."""
CLASS = ("class1", "class2", "class3", "class4")
DAYS = 5
REPLACED, MISTAKEN = 3, 2
"""How many rows of the attendance list have a code that is retired, and a wrong day."""


@dataclass(frozen=True)
class Figures:
    """Days as `YYYY-MM-DD`, numbers as they are written on paper, texts that only a run knows."""

    leap: str
    planned_end: str
    new_year: str
    spring: str
    returned: str
    reason: str
    new_code: str
    instrument: str
    pre_on: str
    post_on: str
    retest_on: str
    late_on: str
    awarded: str
    licensed: str
    rows: tuple[dict[str, Any], ...]
    """The attendance list: key, who, service, from, to."""


def figures(world: World) -> Figures:
    """Return the figures of the run; the same seed makes the same."""
    dice = random.Random(f"{world['seed']} figures")  # noqa: S311 - no secrets of anybody
    year, tested = dice.choice((2022, 2023, 2025)), date(2024, 4, 1) + _days(dice, 20)
    return Figures(
        leap="2024-02-29",
        planned_end=f"2024-{AUTUMN[2024]}",
        new_year=f"{year}-01-01",
        spring=f"{year}-{SPRING[year]}",
        returned=f"{year}-{AUTUMN[year]}",
        reason=f"wrong person chosen, slip {dice.randrange(16**6):06x}",
        new_code=f"financial-skills-{dice.randrange(16**6):06x}",
        instrument=f"digital-skills-{dice.randrange(16**6):06x}",
        pre_on=tested.isoformat(),
        post_on=(tested + timedelta(70) + _days(dice, 9)).isoformat(),
        retest_on=(tested + timedelta(140) + _days(dice, 9)).isoformat(),
        late_on=(date(year, 2, 1) + _days(dice, 25)).isoformat(),
        awarded=(tested + timedelta(180) + _days(dice, 9)).isoformat(),
        licensed=(date(2023, 5, 1) + _days(dice, 60)).isoformat(),
        rows=tuple(_rows(dice)),
    )


def mistaken(world: World) -> list[str]:
    """Return the keys of the rows whose last day is before the first."""
    return [each["key"] for each in figures(world).rows if each["to"] < each["from"]]


def _rows(dice: random.Random) -> list[dict[str, Any]]:
    first = date(2024, 6, 3) + timedelta(7 * dice.randrange(8))
    places = dice.sample(range(len(CLASS) * DAYS), REPLACED + MISTAKEN)
    found = []
    for at in range(len(CLASS) * DAYS):
        on = first + timedelta(at // len(CLASS))
        ends = on - timedelta(3) if at in places[REPLACED:] else on
        found.append(
            {
                "key": f"attendance-{at + 1}",
                "who": CLASS[at % len(CLASS)],
                "service": LITERACY if at in places[:REPLACED] else PLANNING,
                "from": on.isoformat(),
                "to": ends.isoformat(),
            }
        )
    return found


def _days(dice: random.Random, most: int) -> timedelta:
    return timedelta(dice.randrange(most))
