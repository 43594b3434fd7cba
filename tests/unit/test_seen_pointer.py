"""A fault lies where the client sees it: hidden entries before it are not counted."""

import pytest

from app.model.access.seen_pointer import seen_by
from app.model.errors import Issue

VR = {"reference": "Program/title4-vr"}
BODY = {"schedule": [{"program": VR}, {"itemId": "a"}, {"provider": [VR]}, {"itemId": "b"}]}
BARRED = frozenset({"Program/title4-vr"})


@pytest.mark.parametrize(("stored", "seen"), [
    ("/schedule/1", "/schedule/0"),
    ("/schedule/1/itemId", "/schedule/0/itemId"),
    ("/schedule/3/service/reference", "/schedule/1/service/reference"),
    ("/schedule/9", "/schedule/7"),
    ("/schedule", "/schedule"),
    ("/schedule/-/itemId", "/schedule/-/itemId"),
    ("/status", "/status"),
    ("", ""),
    (None, None),
])  # fmt: skip
def test_a_place_is_told_as_it_is_seen(stored, seen):
    issue = Issue("required", "schema-required", "This element is required.", stored)

    assert [each.pointer for each in seen_by([issue], BODY, BARRED)] == [seen]
    assert [each.pointer for each in seen_by([issue], BODY, frozenset())] == [stored]
