"""Two ways to prove, held against one another and against documents that both validators judge."""

from itertools import islice

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import schema_pairs
from app.rules.compatibility.bundling import bundled, opened
from app.rules.compatibility.projection import image
from app.rules.compatibility.proof import covers, prove
from app.rules.compatibility.searching.instances import Instances
from schema_pairs import DOCUMENTS, includes, validators
from schema_strategies import pairs, plain, schemas, universe

UNIVERSE = universe()
WRITTEN = dict([*schema_pairs.pairs(), *schema_pairs.changes()])
MOST = 300
"""Most documents that are made from each of two schemas."""
SEEDED = settings(
    max_examples=40,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def documents(old, new):
    """Yield documents made from both schemas, then those that every pair is asked about."""
    yield from islice(Instances(old, new).along(), MOST)
    yield from islice(Instances(new, old).along(), MOST)
    yield from UNIVERSE


def refused(new, old):
    """Return the first document that old takes and new refuses, by both validators, in a list."""
    (fast_old, slow_old), (fast_new, slow_new) = validators(old, {}), validators(new, {})
    likely = (
        each
        for each in documents(old, new)
        if fast_old.is_valid(each) and not fast_new.is_valid(each)
    )
    found = (each for each in likely if slow_old.is_valid(each) and not slow_new.is_valid(each))
    return list(islice(found, 1))


def contradicts(new, old):
    """Say whether our rules show what the engine denies, or a yes that a document denies."""
    shown = prove(new, old, includes)
    if shown.answer != "yes":
        return []
    denied = ["the engine"] if shown.by == "structure" and covers(new, old) == "no" else []
    return [*denied, *refused(new, old)]


@seed(6)
@SEEDED
@given(st.one_of(pairs(plain), pairs(schemas)))
def test_what_is_shown_of_a_generated_pair_no_document_and_no_engine_denies(pair):
    old, new = pair

    assert contradicts(new, old) == []
    assert contradicts(opened(old), image(new, old)) == []


@pytest.mark.parametrize("name", [name for name in WRITTEN if not name.startswith("shipped")])
def test_what_our_rules_show_of_a_written_pair_the_engine_never_denies(name):
    old, new = (bundled(WRITTEN[name][each], DOCUMENTS) for each in ("old", "new"))

    shown = prove(new, old, includes)

    assert shown.by != "structure" or covers(new, old) != "no"
