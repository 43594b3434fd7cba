"""The report that is kept with a version: complete, in camelCase, and readable again."""

import json
from hashlib import sha256

from app.model.publication import digest
from app.rules.publishing.finding import Finding, Gate
from app.rules.publishing.report import gates_of, report
from candidates import a_candidate

FULL = Finding(
    "enum-added",
    "A code was added.",
    path="#/properties/x/enum",
    direction="read",
    against="1.0.0",
    old_path="#/properties/x/enum",
    instance_path="/x",
    evidence="witness",
    witness=({"x": "new"},),
    stored=3,
    bump="major",
    hint="Say what older readers get.",
    waiver="Agreed with every reader.",
)
VERDICT = {"answer": "yes", "evidence": "proof"}
COMPARISON = {"against": "1.0.0", "write": VERDICT, "read": VERDICT}
GATES = [
    Gate("G1", "Dialect", (), {"words": 5}),
    Gate("G5", "Compatible", (FULL,), {"comparisons": [COMPARISON]}),
    Gate("G9", "Number", (), {"bump": {"computed": "minor", "declared": "minor"}}),
]


def test_a_report_becomes_the_gates_again():
    found = json.loads(json.dumps(report(a_candidate(), GATES)))

    assert gates_of(found) == GATES


def test_what_is_empty_is_left_out_and_names_are_camel_case():
    shown = [Gate("G1", "Dialect", (Finding("bad-word", "A fault.", instance_path="/x"),))]

    found = report(a_candidate(), shown)

    assert found["gates"][0]["findings"] == [
        {"code": "bad-word", "text": "A fault.", "level": "error", "instancePath": "/x"}
    ]
    assert found["isOpen"] is False


def test_verdicts_and_the_bump_stand_on_top():
    found = report(a_candidate(), GATES)

    assert found["comparisons"] == [COMPARISON]
    assert found["bump"] == {"computed": "minor", "declared": "minor"}
    assert found["isOpen"] is True


def test_the_digest_is_that_of_the_rfc_8785_bytes():
    canonical = b'{"a":1,"b":1e+21}'

    assert digest('{"b": 1000000000000000000000.0, "a": 1.0}') == sha256(canonical).hexdigest()


def test_a_text_that_cannot_be_read_has_no_digest():
    assert report(a_candidate(text="{"), [])["digest"] == ""
