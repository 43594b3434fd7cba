"""Gate G8: no live version's reader is shown what it refuses, and no writer loses a thing."""

import copy
import json

import pytest

from app.rules.publishing.finding import Example
from app.rules.publishing.laws import law_findings

LIVE = {
    "$id": "https://hub.wioa.example/schemas/Plan/1.0.0",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "status": {"enum": ["open", "closed"]},
        "outcome": {"type": "string", "maxLength": 5},
    },
    "allOf": [
        {
            "if": {"required": ["status"], "properties": {"status": {"const": "closed"}}},
            "then": {"required": ["outcome"]},
        },
    ],
}


def candidate(**status):
    found = copy.deepcopy(LIVE)
    found["$id"] = found["$id"].replace("1.0.0", "1.1.0")
    found["properties"] |= {"status": {**found["properties"]["status"], **status}, "seen": {}}
    found["properties"]["outcome"] = {"type": "string"}
    return found


def told(schema, *bodies):
    examples = [Example(f"example-{at}", True, text(each)) for at, each in enumerate(bodies)]
    return law_findings(schema, {"1.0.0": LIVE}, {}, examples)


def text(body):
    return body if isinstance(body, str) else json.dumps(body)


def test_an_added_element_breaks_nobody():
    assert told(candidate(), {"status": "open", "seen": 1}, {"status": "closed"}, {}) == []


def test_a_code_whose_fallback_is_bound_by_a_rule_is_told_with_the_example():
    schema = candidate(enum=["open", "closed", "ended"], **{"x-fallback": {"ended": "closed"}})

    (found,) = told(schema, {"status": "ended"}, {"status": "ended", "seen": 1})

    assert (found.code, found.against, found.witness) == (
        "projection-invalid", "1.0.0", ["example-0"]
    )  # fmt: skip
    assert found.instance_path == "/outcome"


def test_a_code_without_a_fallback_is_told():
    (found,) = told(candidate(enum=["open", "closed", "ended"]), {"status": "ended"})

    assert found.instance_path == "/status"


def test_readers_are_not_shown_more_than_they_take():
    (found,) = told(candidate(), {"outcome": "a long text"})

    assert found.instance_path == "/outcome"
    assert "a long text" not in found.text


@pytest.mark.parametrize("body", ["{", "[]", {"status": "no such code"}])
def test_an_example_that_is_not_valid_is_left_to_its_own_gate(body):
    assert told(candidate(), body) == []
