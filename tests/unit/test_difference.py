"""The difference of two versions: applied to the one, it gives the other."""

import json

import jsonpatch
from hypothesis import given
from hypothesis import strategies as st

from app.model.patch import difference

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab~/", max_size=2), inner),
    max_leaves=8,
)
RESOURCES = st.dictionaries(st.text("abc~/", max_size=2), VALUES, max_size=5)


@given(RESOURCES, RESOURCES)
def test_the_difference_turns_the_one_into_the_other(old, new):
    patch = jsonpatch.JsonPatch(json.loads(difference(old, new)))

    assert patch.apply(old) == new


def test_only_what_changed_is_named():
    old = {"a": 1, "b": {"c": [1, 2], "d": 4}, "gone": True}
    new = {"a": 1, "b": {"c": [1, 2, 3], "d": 4}, "new": {"x": None}}

    assert json.loads(difference(old, new)) == [
        {"op": "remove", "path": "/gone"},
        {"op": "replace", "path": "/b/c", "value": [1, 2, 3]},
        {"op": "add", "path": "/new", "value": {"x": None}},
    ]


def test_what_the_hub_writes_is_left_out():
    old = {"id": "1", "meta": {"versionId": "1"}, "a": 1}
    new = {"id": "1", "meta": {"versionId": "2"}, "a": 1}

    assert difference(old, new) == "[]"
