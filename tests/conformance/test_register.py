"""The register: complete, well formed, and everything in it is judged, broken and explained."""

import tomllib
from pathlib import Path

import pytest

from conformance.evaluators import evaluators
from conformance.mutants import mutants
from conformance.requirements import (
    Misregistered,
    Requirement,
    digest,
    fingerprint,
    of,
    requirements,
)
from conformance.scenario import journey

ROOT = Path(__file__).parents[2]
COUNTS = {1: 33, 2: 12, 3: 12, 4: 11}
SHOULD = {"L1-05", "L2-11", "L2-12", "L3-10", "L4-11"}
FIRST_TWENTY = {
    "L1-13": {"lost-update", "gives-up-on-412"}, "L1-15": {"drops-unknown"},
    "L1-10": {"new-key-on-retry"}, "L1-33": {"impatient"}, "L1-27": {"first-page-only"},
    "L1-30": {"acts-twice"}, "L1-29": {"trusts-forged"}, "L1-31": {"rolls-back"},
    "L2-04": {"delete-and-recreate"}, "L2-06": {"time-zone-shift"}, "L2-08": {"resend-all"},
    "L3-02": {"rounds-scores"}, "L4-02": {"edits-others"}, "L4-04": {"overwrites-goal"},
    "L1-01": {"hard-coded-paths"}, "L1-04": {"personal-data-in-URL"}, "L1-06": {"never-searches"},
    "L1-11": {"retries-422"},
}  # fmt: skip
"""The mutants that the design names; the dead client breaks everything."""
UNSEEN = {
    "L1-29": "needs notifications; partners that fetch changes are not asked",
    "L3-10": "needs a hub that takes documents",
}
"""Requirement → why no mutant can be seen to break it yet."""


def an_entry(**changes):
    """Return an entry of the register, as it should be but for the changes; None leaves one out."""
    entry = {
        "id": "L1-13",
        "keyword": "MUST",
        "title": "Merges",
        "rule": "It merges.",
        "why": "Nothing is lost.",
        "profile": ["refers", "receives"],
        "evidence": "A",
        "fix": "Merge.",
        "exchange": {"request": "PUT /x", "answer": "412"},
        "mutants": ["lost-update"],
    } | changes
    return {name: value for name, value in entry.items() if value is not None}


def test_the_register_holds_all_sixty_eight():
    expected = [f"L{level}-{at:02}" for level in COUNTS for at in range(1, COUNTS[level] + 1)]

    assert list(requirements()) == expected


def test_only_five_are_not_demanded():
    assert {each.id for each in requirements().values() if not each.is_must} == SHOULD


def test_a_must_rests_on_what_the_hub_saw():
    assert {each.evidence for each in requirements().values() if each.is_must} == {"A", "B"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"id": "L5-1"}, "id is", id="an id that is none"),
        pytest.param({"keyword": "MAY"}, "keyword is", id="a third keyword"),
        pytest.param({"evidence": "D"}, "evidence is", id="a MUST on a person's word"),
        pytest.param({"profile": ["watches"]}, "profile is", id="an unknown side"),
        pytest.param({"faults": ["F19"]}, "faults are", id="a fault that nobody can play"),
        pytest.param({"mutants": []}, "mutants are", id="no mutant"),
        pytest.param({"why": None}, "title, rule, why", id="no reason"),
        pytest.param({"exchange": {"request": "GET /"}}, "exchange has", id="half a sample"),
        pytest.param({"severity": "high"}, "knows no severity", id="a misspelt element"),
    ],
)
def test_an_entry_that_is_not_as_it_must_be_is_refused(changes, fault):
    with pytest.raises(Misregistered, match=fault):
        Requirement.read(an_entry(**changes))


def test_an_entry_that_is_as_it_must_be_is_read():
    read = Requirement.read(an_entry(faults=["F1"], pull=True))

    assert (read.level, read.is_must, read.faults, read.pull) == (1, True, ("F1",), True)


def test_levels_are_cumulative():
    assert len(of(1, "both")) == 33
    assert len(of(4, "both")) == 68


def test_a_system_that_only_refers_answers_no_referrals():
    refers, receives = ({each.id for each in of(1, side)} for side in ("refers", "receives"))

    assert {"L1-23", "L1-26"} == set(requirements()) & receives - refers
    assert {"L1-19", "L1-20", "L1-21", "L1-24"} == refers - receives


def test_there_is_no_fifth_level():
    with pytest.raises(ValueError, match="Levels are 1 to 4"):
        of(5, "both")


def test_the_digest_is_of_what_it_says_and_not_of_how_it_is_written():
    written = [an_entry(), an_entry(id="L1-14")]
    turned = [dict(sorted(each.items())) for each in written]

    assert fingerprint(turned) == fingerprint(written)
    assert fingerprint([an_entry(), an_entry(id="L1-14", title="Other")]) != fingerprint(written)
    assert len(digest()) == 64


def test_the_mutants_that_the_design_names_stand_where_it_says():
    named = {id: set(requirements()[id].mutants) for id in FIRST_TWENTY}

    assert all(names <= named[id] for id, names in FIRST_TWENTY.items())


def test_a_mutant_is_named_for_one_requirement():
    names = [name for each in requirements().values() for name in each.mutants]

    assert len(names) == len(set(names))


def test_no_requirement_is_without_an_evaluator():
    missing = [id for id in requirements() if id not in evaluators()]

    assert not missing, f"{len(missing)} without an evaluator: {' '.join(missing)}"


def test_no_evaluator_judges_what_is_not_in_the_register():
    assert not set(evaluators()) - set(requirements())


def test_no_requirement_is_without_a_mutant_that_breaks_it():
    broken = {id for each in mutants().values() for id in each.breaks}
    missing = [id for id in requirements() if id not in broken and id not in UNSEEN]

    assert not missing, f"{len(missing)} without a mutant: {' '.join(missing)}"


def test_every_mutant_that_a_requirement_names_exists_and_breaks_it():
    there = mutants()
    missing = [
        f"{each.id} {name}"
        for each in requirements().values()
        for name in each.mutants
        if each.id not in UNSEEN and (name not in there or each.id not in there[name].breaks)
    ]

    assert not missing, f"{len(missing)} do not: {', '.join(missing)}"


def test_every_mutant_is_named_by_something_that_it_breaks():
    unnamed = [
        name
        for name, each in mutants().items()
        if each.breaks and not any(name in requirements()[id].mutants for id in each.breaks)
    ]

    assert not unnamed


def test_no_mutant_breaks_what_is_not_in_the_register():
    assert not {id for each in mutants().values() for id in each.breaks} - set(requirements())


def test_no_step_proves_what_is_not_in_the_register():
    proved = {id for each in journey(4, "both") for id in each.proves}

    assert not proved - set(requirements())


def test_what_is_not_code_is_installed_too():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["*"]
    left = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "conformance").rglob("*.*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and path.name != "README.md"
        if not any(path.match(pattern) for pattern in patterns)
    ]

    assert not left
