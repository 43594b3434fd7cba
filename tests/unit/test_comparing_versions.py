"""Two versions side by side, where no report compares them and the judge decides."""

import pytest

from app.interactions.publishing.comparison import comparison
from app.interactions.publishing.desk import no_judge
from app.model.errors import Unavailable
from app.rules.publishing.finding import Finding, Gate
from notes import a_publication, a_site_of

FORMER, LATER = a_publication("1.0.0"), a_publication("1.1.0")
REGISTRY = a_site_of(FORMER, LATER).hub.registry


def too_costly(_candidate, _library):
    """Return what a judge says whose time is over."""
    return [Gate("G0", "Safe to look at", (Finding("too-costly", "It took too long.", "#"),))]


def test_what_takes_too_long_to_judge_is_unknown_and_every_change_is_told_all_the_same():
    found = comparison(REGISTRY, too_costly, FORMER, LATER)

    assert found["write"] == found["read"] == {"answer": "unknown", "evidence": ""}
    assert any("mood" in each["text"] for each in found["changes"])


def test_while_nothing_judges_two_versions_are_not_compared():
    with pytest.raises(Unavailable):
        comparison(REGISTRY, no_judge, FORMER, LATER)
