"""Client bytes: what two readers could understand differently is refused."""

import pytest

from app.model.errors import Malformed, TooCostly
from app.model.strict_json import parse


def test_plain_json_is_read_as_it_is():
    value = parse('{"a": [1, 2.5, "é", true, null], "b": {"c": ""}}'.encode())

    assert value == {"a": [1, 2.5, "é", True, None], "b": {"c": ""}}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"a": 1', id="broken off"),
        pytest.param(b'{"a": 1} x', id="something after the end"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="byte order mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"a": "\xff"}', id="bytes that are not UTF-8"),
        pytest.param(b'{"a": 1, "a": 2}', id="the same name twice"),
        pytest.param(b'{"x": {"a": 1, "\\u0061": 2}}', id="the same name twice, one escaped"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="infinity"),
        pytest.param(b'{"a": 1e999}', id="a number that overflows to infinity"),
        pytest.param(b'{"a": 9223372036854775808}', id="an integer over 64 bits"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", id="an integer of 5,000 digits"),
        pytest.param(b'{"a": "\\ud800"}', id="half a surrogate pair"),
        pytest.param(b'{"a": "\\udc00\\ud800"}', id="a surrogate pair the wrong way round"),
        pytest.param(b'{"a": "x\\u0000"}', id="NUL in a text"),
        pytest.param(b'{"x\\u0000": 1}', id="NUL in a name"),
        pytest.param(b'{"$where": 1}', id="a name that begins with $"),
        pytest.param(b'{"a": {"b.c": 1}}', id="a name with a dot"),
        pytest.param(b'{"__proto__": 1}', id="a name that begins with __"),
        pytest.param(b'{"_id": 1}', id="the database's own name"),
    ],
)
def test_what_is_not_strict_json_is_refused(data):
    with pytest.raises(Malformed):
        parse(data)


@pytest.mark.parametrize(
    "data", [b"[" * 62 + b"]" * 62, b"[" * 100_000, b'{"a":' * 3000 + b"1" + b"}" * 3000]
)
def test_deep_nesting_is_refused_before_it_costs_anything(data):
    with pytest.raises((TooCostly, Malformed)):
        parse(data)


def test_nesting_at_the_limit_is_read():
    assert parse(b"[" * 60 + b"]" * 60)


def test_whole_surrogate_pairs_and_escapes_are_read():
    assert parse(b'{"a": "\\ud83d\\ude00 \\\\u0000"}') == {"a": "\U0001f600 \\u0000"}


def test_an_error_does_not_quote_what_was_sent():
    with pytest.raises(Malformed) as refused:
        parse(b'{"ssn": "000123456", "ssn": "000123457"}')

    assert "000123" not in str(refused.value)
