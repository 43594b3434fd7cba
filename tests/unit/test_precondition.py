"""If-Match as clients really send it."""

import pytest

from app.model.errors import Malformed
from app.model.precondition import Precondition


@pytest.mark.parametrize("text", ['W/"3"', '"3"', "3", ' W/"3" ', '"9", W/"3"', 'W/"x","3"', "2,3"])
def test_every_spelling_of_version_3_matches_it(text):
    named = Precondition.parse(text, "If-Match")

    assert named.matches(3)
    assert not named.matches(4)


def test_a_star_matches_whatever_there_is():
    assert Precondition.parse("*", "If-Match").matches(17)


@pytest.mark.parametrize("text", ['W/"4"', '"abc"', '"3-gzip"', '"33"', '"\u0663"', '"-3"', '""'])
def test_another_tag_does_not_match(text):
    assert not Precondition.parse(text, "If-Match").matches(3)


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "W/3", '"3', '3"', "3,", ",3", '"3" "4"', "*,3", "3;4", 'w/"3"']
)
def test_nonsense_is_refused_rather_than_ignored(text):
    with pytest.raises(Malformed):
        Precondition.parse(text, "If-Match")
