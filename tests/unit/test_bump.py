"""Which number a version takes, and what is refused of the number it declares."""

import pytest

from app.rules.compatibility.compare import Comparison, Verdict
from app.rules.publishing.bump import bump_findings, computed, next_version
from app.rules.publishing.finding import Candidate, Finding

YES = Comparison(Verdict("yes", "proof"), Verdict("yes", "proof"))
NO = Comparison(Verdict("no", "witness", ({},)), Verdict("yes", "proof"))
UNKNOWN = Comparison(Verdict("yes", "proof"), Verdict("unknown"))
WORDS = Finding("description-changed", "", level="note", against="1.1.0", bump="patch")
ADDED = Finding("property-added", "", level="note", against="1.1.0", bump="minor")
REMOVED = Finding("search-removed", "It went.", against="1.1.0", bump="major")
UNPROVEN = Finding("not-proven", "Nobody knows.", against="1.1.0", bump="major")
WAIVED = Finding("not-proven", "", against="1.1.0", bump="major", waiver="Seen by two.")
SHOWN = Finding("required-added", "Now required.", against="1.1.0", bump="major", witness=[{}])


@pytest.mark.parametrize(
    ("findings", "comparisons", "bump"),
    [
        pytest.param([], {"1.1.0": YES}, "patch", id="nothing changed"),
        pytest.param([WORDS], {"1.1.0": YES}, "patch", id="words for people"),
        pytest.param([WORDS, ADDED], {"1.1.0": YES}, "minor", id="an element added"),
        pytest.param([ADDED, REMOVED], {"1.1.0": YES}, "major", id="an annotation broken"),
        pytest.param([], {"1.1.0": NO}, "major", id="a write broken"),
        pytest.param([], {"1.1.0": YES, "1.0.0": NO}, "major", id="an older live version broken"),
        pytest.param([UNPROVEN], {"1.1.0": UNKNOWN}, "major", id="what is not known"),
        pytest.param([WAIVED], {"1.1.0": UNKNOWN}, "minor", id="what is not known and waived"),
        pytest.param([], {"1.1.0": YES, "2.0.0": NO}, "patch", id="another major is no measure"),
        pytest.param(
            [Finding("property-added", "", against="1.0.0", bump="minor")],
            {"1.1.0": YES, "1.0.0": YES},
            "patch",
            id="what an earlier minor version added",
        ),
    ],
)
def test_the_step_is_computed_from_what_changed_and_what_was_proved(findings, comparisons, bump):
    assert computed("1.1.0", findings, comparisons) == bump


@pytest.mark.parametrize(
    ("version", "base", "bump", "published", "codes"),
    [
        pytest.param("1.2.0", "1.1.0", "minor", (["1.0.0", "1.1.0"], []), [], id="as computed"),
        pytest.param("2.0.0", "1.1.0", "patch", (["1.1.0"], []), [], id="a greater step"),
        pytest.param("1.0.0", "", "patch", ([], []), [], id="the first version"),
        pytest.param(
            "1.2", "1.1.0", "patch", (["1.1.0"], []), ["version-not-semver"], id="two numbers"
        ),
        pytest.param(
            "1.02.0", "1.1.0", "patch", (["1.1.0"], []), ["version-not-semver"], id="zeros"
        ),
        pytest.param(
            "1.1.1", "1.1.0", "minor", (["1.1.0"], []), ["bump-too-small"], id="too small"
        ),
        pytest.param(
            "1.1.0",
            "1.0.0",
            "patch",
            (["1.0.0"], ["1.1.0"]),
            ["version-exists"],
            id="retired number",
        ),
        pytest.param(
            "1.1.1",
            "1.0.0",
            "patch",
            (["1.0.0"], ["1.2.0"]),
            ["version-behind"],
            id="behind a retired",
        ),
        pytest.param(
            "1.2.0", "1.0.0", "minor", (["1.0.0", "1.1.0"], []), ["stale-base"], id="stale base"
        ),
        pytest.param("1.1.0", "", "minor", (["1.0.0"], []), ["stale-base"], id="no base"),
        pytest.param("1.1.0", "0.9.0", "minor", (["1.0.0"], []), ["stale-base"], id="unknown base"),
        pytest.param(
            "1.0.1", "1.0.0", "patch", (["1.0.0", "2.0.0"], []), [], id="fix of an older major"
        ),
        pytest.param(
            "2.1.0",
            "1.0.0",
            "patch",
            (["1.0.0", "2.0.0"], []),
            ["stale-base"],
            id="base of another major",
        ),
        pytest.param(
            "3.0.0", "1.0.0", "major", (["1.0.0", "2.0.0"], []), ["stale-base"], id="over a major"
        ),
        pytest.param("1.10.0", "1.9.0", "minor", (["1.9.0"], []), [], id="numbers and not letters"),
    ],
)
def test_the_declared_version_is_held_against_what_is_published(
    version, base, bump, published, codes
):
    candidate = Candidate("Thing", version, "{}", base)

    assert [each.code for each in bump_findings(candidate, bump, *published)] == codes


def test_a_step_that_is_too_small_names_the_change_and_the_document_that_show_it():
    candidate = Candidate("Thing", "1.2.0", "{}", "1.1.0")

    [found] = bump_findings(candidate, "major", ["1.1.0"], because=[UNPROVEN, REMOVED, SHOWN])

    assert (found.level, found.witness, found.bump) == ("error", [{}], "major")
    assert "Now required." in found.text
    assert found.hint == "Publish 2.0.0, or change less."


def test_a_step_that_is_too_small_only_for_what_is_not_proved_waits_for_the_waiver():
    candidate = Candidate("Thing", "1.2.0", "{}", "1.1.0")

    [found] = bump_findings(candidate, "major", ["1.1.0"], because=[UNPROVEN, ADDED])

    assert (found.code, found.level) == ("bump-too-small", "warning")


def test_what_is_published_already_is_told_the_next_number():
    candidate = Candidate("Thing", "1.1.0", "{}", "1.1.0")

    [found] = bump_findings(candidate, "minor", ["1.1.0"])

    assert (found.code, found.hint) == ("version-exists", "Publish 1.1.1 or later.")


def test_a_minor_step_that_is_missing_is_named():
    candidate = Candidate("Thing", "1.1.1", "{}", "1.1.0")

    [found] = bump_findings(candidate, "minor", ["1.1.0"], because=[UNPROVEN, ADDED])

    assert (found.level, found.hint) == ("error", "Publish 1.2.0, or change less.")


def test_a_type_without_a_version_begins_with_the_first():
    assert next_version("", "minor") == "1.0.0"
