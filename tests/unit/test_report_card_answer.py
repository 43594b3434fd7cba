"""What the answer of $report-card says where figures are missing."""

import pytest

from app.interactions.operations.report_card_answer import (
    NO_COUNTY,
    NO_LOCAL,
    NO_WAGE,
    TOP_CODED,
    answer,
)
from app.reference import load
from app.rules.careers.background import Fit, Job
from app.rules.careers.labour_market import Occupation, WageArea
from app.rules.careers.report_card import Card, Place, Recommendation

JACKSON = WageArea("0027140", "Jackson, MS")
HERE = Place("28049", "southcentral-ms-works", JACKSON)


def notes(place=HERE, median=50_000, local=51_000, is_top_coded=False):
    """Return the notes of an answer, and those of its one recommendation."""
    figures = (1_000, median, 40_000, 60_000, is_top_coded)
    each = Recommendation(
        Occupation("51-4041", "Machinists", 1, "", *figures),
        None,
        Fit(3, Job("51-4041", "work history")),
        0,
        None,
        local,
        "The same occupation as in your work history.",
    )
    plan_card = {"generatedAt": "2026-03-02T15:00:00Z", "recommendations": [each.element()]}
    given = answer(Card(1, place, [each], None), [each], plan_card, load(), is_partial=False)
    [parts] = [one["part"] for one in given["parameter"] if one["name"] == "recommendation"]
    return tuple(
        [one["valueString"] for one in those if one["name"] == "note"]
        for those in (given["parameter"], parts)
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, ([], []), id="all is published"),
        pytest.param({"median": None}, ([], [NO_WAGE]), id="no wage in the state"),
        pytest.param({"median": None, "is_top_coded": True}, ([], [TOP_CODED]), id="top-coded"),
        pytest.param({"local": None}, ([], [NO_LOCAL]), id="no wage in the area"),
        pytest.param(
            {"place": Place(None, "delta", None), "local": None}, ([NO_COUNTY], []), id="no county"
        ),
    ],
)
def test_a_figure_that_is_missing_is_told_of(given, expected):
    assert notes(**given) == expected


def test_without_an_area_none_is_named():
    place = Place(None, None, None)

    given = answer(Card(0, place, [], "why"), [], {"generatedAt": "now", "recommendations": []},
                   load(), is_partial=False)  # fmt: skip

    assert "area" not in [each["name"] for each in given["parameter"]]
