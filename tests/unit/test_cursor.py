"""Signed cursors."""

from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.cursor import MAX_LENGTH, Cursors
from app.model.errors import BadParameter

CURSORS = Cursors(b"secret of this tenant")
BOUND = {"client_id": "c1", "query": "Thing?_count=20"}
POSITIONS = st.recursive(
    st.none()
    | st.text()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=5,
)


@given(POSITIONS, st.text(), st.text())
def test_a_cursor_opens_to_what_was_sealed(position, client_id, query):
    token = CURSORS.seal(position, client_id=client_id, query=query)

    assert CURSORS.open(token, client_id=client_id, query=query) == position
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.data())
def test_an_altered_cursor_is_refused(data):
    token = CURSORS.seal(["smith", "id-1"], **BOUND)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != token[place]))

    with pytest.raises(BadParameter):
        CURSORS.open(token[:place] + other + token[place + 1 :], **BOUND)


@pytest.mark.parametrize(
    ("cursors", "bound"),
    [
        pytest.param(CURSORS, {**BOUND, "client_id": "c2"}, id="another client"),
        pytest.param(CURSORS, {**BOUND, "query": "Thing?_count=21"}, id="another query"),
        pytest.param(
            CURSORS, {"client_id": 'c1","Thing', "query": "?_count=20"}, id="moved border"
        ),
        pytest.param(Cursors(b"secret of another tenant"), BOUND, id="another tenant"),
    ],
)
def test_a_cursor_serves_only_whom_it_was_given(cursors, bound):
    token = CURSORS.seal(["id-1"], **BOUND)

    with pytest.raises(BadParameter) as refusal:
        cursors.open(token, **bound)

    assert refusal.value.issues[0].pointer == "_cursor"


@pytest.mark.parametrize(
    "token", ["", "a", "AAAA", "===", "a" * 100, "é" * 60, "A" * (MAX_LENGTH + 1)]
)
def test_what_is_no_cursor_is_refused(token):
    with pytest.raises(BadParameter):
        CURSORS.open(token, **BOUND)


def test_a_cursor_with_added_padding_is_refused():
    token = CURSORS.seal(["id-1"], **BOUND)

    with pytest.raises(BadParameter):
        CURSORS.open(token + "=", **BOUND)


def test_a_cursor_does_not_show_the_values_it_holds():
    token = CURSORS.seal(["smith", "1990-01-08"], **BOUND)

    seen = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert b"smith" not in seen
    assert b"1990" not in seen
