"""Candidates made to harm: each is refused by a finding, in a process that ends, and in time."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.judging import Judging
from app.rules.publishing.finding import Example
from candidates import a_candidate, a_library, codes, schema_of

TOLD = {"description": "An element that is here for a test.", "x-sensitivity": "PUBLIC"}
TEXT = {**TOLD, "type": "string", "maxLength": 50}

BEFORE = []


@pytest.fixture(autouse=True)
def before():
    """Return the processes that were there before a judgement, such as a database under test."""
    BEFORE[:] = children()


def children():
    """Return the processes that this one has started and that have not ended."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def with_element(**words):
    """Return the text of a schema with one more element."""
    found = schema_of()
    found["properties"]["extra"] = {**TEXT, **words}
    return json.dumps(found)


def with_definitions(**named):
    """Return the text of a schema with definitions of its own."""
    return json.dumps({**schema_of(), "$defs": named})


def doubling(steps):
    """Return definitions each of which names the next one twice."""
    found = {f"s{n}": {"allOf": [{"$ref": f"#/$defs/s{n + 1}"}] * 2} for n in range(steps)}
    return {**found, f"s{steps}": {"type": "string"}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(
            with_element(**{"$ref": "http://127.0.0.1:9/x"}), "foreign-reference", id="remote"
        ),
        pytest.param(
            with_element(**{"$ref": "file:///etc/passwd"}), "foreign-reference", id="a file"
        ),
        pytest.param(with_element(**{"$dynamicRef": "#meta"}), "forbidden-word", id="dynamic"),
        pytest.param(with_element(**{"$id": "http://127.0.0.1/"}), "forbidden-word", id="inner id"),
        pytest.param(
            json.dumps({**schema_of(), "$id": "https://hub.wioa.example/schemas/Agency/1.0.0"}),
            "foreign-id",
            id="the address of another type",
        ),
        pytest.param(
            with_definitions(a={"$ref": "#/$defs/b"}, b={"$ref": "#/$defs/a"}),
            "reference-cycle",
            id="a ring of references",
        ),
        pytest.param(with_definitions(**doubling(60)), "reference-cycle", id="a long chain"),
        pytest.param(
            with_definitions(**doubling(30)), "too-costly", id="a thousand million objects"
        ),
        pytest.param(with_element(pattern="^(a+)+$"), "pattern-costly", id="(a+)+"),
        pytest.param(with_element(pattern="^(a|a)*$"), "pattern-costly", id="(a|a)*"),
        pytest.param(with_element(pattern="^(a|aa)+$"), "pattern-costly", id="(a|aa)+"),
        pytest.param(with_element(pattern="^(.*)*x$"), "pattern-costly", id="(.*)*x"),
        pytest.param(with_element(pattern="^a{1,99999}$"), "pattern-costly", id="a long repeat"),
        pytest.param(
            with_element(pattern="^((((a{1,999}){1,999}){1,999}){1,999})$"),
            "pattern-costly",
            id="repeats of repeats",
        ),
        pytest.param(with_element(pattern="^(?=a)a$"), "pattern-costly", id="lookahead"),
        pytest.param(
            with_element(anyOf=[{"const": f"c{n}"} for n in range(10_000)]),
            "too-costly",
            id="a union of 10,000 branches",
        ),
        pytest.param(with_element(enum=[f"c{n}" for n in range(20_000)]), "too-costly", id="codes"),
        pytest.param(with_element(minLength=2**40, maxLength=2**41), "too-costly", id="lengths"),
        pytest.param(
            '{"not":' * 100 + "true" + "}" * 100, "not-strict-json", id="a hundred levels"
        ),
        pytest.param("[" * 300_000, "not-strict-json", id="300,000 levels"),
        pytest.param('"' + "x" * 3_000_000 + '"', "not-strict-json", id="a huge text"),
        pytest.param('{"maximum": NaN}', "not-strict-json", id="NaN"),
        pytest.param('{"a": 1, "a": 2}', "not-strict-json", id="the same name twice"),
        pytest.param('{"a": "\\ud800"}', "not-strict-json", id="half a surrogate pair"),
        pytest.param("\ud800", "not-strict-json", id="half a surrogate pair, unescaped"),
        pytest.param("null", "not-an-object", id="no schema"),
    ],
)
def test_a_candidate_made_to_harm_is_refused_with_a_finding(text, code):
    gates = Judging()(a_candidate(text=text), a_library("Credential"))

    assert [each.code for each in gates] == ["G0"]
    assert not gates[0].is_open
    assert code in codes(gates[0])
    assert set(children()) <= set(BEFORE)


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"seconds": 0.05}, id="time"),
        pytest.param({"memory_mib": 8}, id="memory"),
    ],
)
def test_a_judgement_that_meets_a_limit_shuts_the_first_gate_and_raises_nothing(limits):
    gates = Judging(**limits)(a_candidate(version="1.1.0"), a_library("Credential"))

    assert codes(gates[0]) == ["too-costly"]
    assert not gates[0].is_open
    assert set(children()) <= set(BEFORE)


def test_words_that_are_no_schema_are_faults_of_the_dialect_and_no_crash():
    odd = {"properties": [], "allOf": {}, "items": 5, "enum": "x", "required": 7, "x-target": {}}

    gates = Judging()(a_candidate(text=with_element(**odd)), a_library("Credential"))

    assert [each.code for each in gates] == ["G0", "G1"]
    assert gates[0].is_open
    assert not gates[1].is_open


def test_a_sound_candidate_is_judged_by_every_gate_that_needs_nothing_else():
    gates = Judging()(a_candidate(version="1.1.0"), a_library("Credential"))

    assert [each.code for each in gates] == ["G0", "G1", "G2", "G3", "G4", "G5", "G6", "G8", "G9"]
    assert all(each.is_open for each in gates[:-1])


def doubled(depth):
    """Return words that say the same of a text in two ways, so many times over."""
    found = {"type": "string"}
    for size in range(depth):
        found = {"if": {"minLength": size}, "then": found, "else": {"maxLength": size}}
    return found


def refusing(depth):
    """Return words that refuse what is refused, so many times over."""
    return {"not": refusing(depth - 1)} if depth else {"type": "integer"}


CHOICES = [{"oneOf": [{"required": [f"{name}{n}"]} for name in "abc"]} for n in range(12)]
FORMS = {f"^(a|b|c){{0,{n}}}x{n}$": {**TEXT} for n in range(300)}
ROUND = {"enum": ["a", "b", "c"], "x-fallback": {"a": "b", "b": "c", "c": "a"}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(with_element(description="x" * 400_000), "not-strict-json", id="400 KB"),
        pytest.param(
            with_element(enum=[f"{n}" * 100_000 for n in range(5)]),
            "not-strict-json",
            id="a huge code",
        ),
        pytest.param(with_element(maximum=10**400), "not-strict-json", id="400 digits"),
        pytest.param(with_definitions(**doubling(14)), "too-costly", id="doubling 14 times"),
        pytest.param(
            with_element(type="object", minProperties=100_000), "too-costly", id="100,000 names"
        ),
    ],
)
def test_what_is_too_large_is_not_looked_at(text, code):
    gates = Judging()(a_candidate(text=text), a_library("Credential"))

    assert [each.code for each in gates] == ["G0"]
    assert code in codes(gates[0])
    assert set(children()) <= set(BEFORE)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(with_element(type="object", patternProperties=FORMS), id="many forms"),
        pytest.param(with_element(type="number", multipleOf=1e-300), id="a tiny step"),
        pytest.param(with_element(**ROUND), id="codes that fall back in a ring"),
        pytest.param(with_element(**refusing(25)), id="refusing what is refused"),
        pytest.param(with_element(**doubled(25)), id="a tower of conditions"),
        pytest.param(json.dumps({**schema_of(), "allOf": CHOICES}), id="choices of choices"),
    ],
)
def test_what_is_odd_but_small_is_judged_by_every_gate_in_time(text):
    text = text.replace("Credential/1.0.0", "Credential/1.1.0")

    gates = Judging()(a_candidate(text=text, version="1.1.0"), a_library("Credential"))

    assert gates[0].is_open
    assert gates[-1].code == "G9"
    assert set(children()) <= set(BEFORE)


def test_examples_made_to_harm_cost_no_more_than_a_finding():
    deep = Example("deep", is_valid=True, text="[" * 200_000 + "]" * 200_000)
    large = Example("large", is_valid=True, text='{"extra": ' + "9" * 100_000 + "}")

    for examples in ([deep], [large], [replace(large, text="{}")] * 20_000):
        gates = Judging()(a_candidate(examples=examples), a_library("Credential"))

        assert codes(gates[0]) == ["too-costly"]
        assert set(children()) <= set(BEFORE)
