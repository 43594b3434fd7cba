"""Verdicts on generated schemas, held against a universe of values and two validators."""

from hypothesis import HealthCheck, given, settings

from app.model.lens import Lens
from app.rules.compatibility.bundling import opened
from app.rules.compatibility.compare import compare
from schema_pairs import accepts, includes, validators
from schema_strategies import pairs, plain, universe

UNIVERSE = universe()
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def refused(new, old):
    """Return the values of the universe that old takes and new refuses, by both validators."""
    (fast_old, exact_old), (fast_new, exact_new) = validators(old, {}), validators(new, {})
    found = [each for each in UNIVERSE if fast_old.is_valid(each) and not fast_new.is_valid(each)]
    return [each for each in found if exact_old.is_valid(each) and not exact_new.is_valid(each)]


def holds(verdict, new, old):
    """Say whether a verdict on two schemas stands up to the universe and to its own witness."""
    if verdict.answer == "yes":
        return not refused(new, old)
    return all(
        accepts(old, each) == {True} and accepts(new, each) == {False} for each in verdict.witness
    )


@BOUNDED
@given(pairs())
def test_no_verdict_on_a_generated_pair_is_wrong(pair):
    old, new = pair

    comparison = compare(old, new, {}, includes)

    assert holds(comparison.write, new, old)
    assert holds(comparison.read, opened(old), new)


@BOUNDED
@given(pairs(plain))
def test_what_can_be_read_is_valid_in_the_view_that_readers_get(pair):
    old, new = pair
    (fast_old, _), (fast_new, _) = validators(old, {}), validators(new, {})
    views = map(Lens(old, new, {}).projected, filter(fast_new.is_valid, UNIVERSE))
    broken = [each for each in views if not fast_old.is_valid(each)]

    verdict = compare(old, new, {}, includes).read

    assert verdict.answer != "yes" or broken == []
