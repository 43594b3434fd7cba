"""Laws of the way between versions, on pairs made by chance and on every type that is published."""

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

import newer_types
from app.model.lens import Lens
from app.model.schema_check import Validators

DOCUMENTS = newer_types.documents()
VALIDATORS = Validators(DOCUMENTS)
TYPES = sorted(
    path.parent.parent.name
    for path in newer_types.SCHEMAS.glob("*/1.0.0/schema.json")
    if path.parent.parent.name not in ("annotations", "datatypes")
)
CHANCES = st.integers(0, 2**32).map(Random)


def case(chance):
    """Return two versions made by chance and a resource that is valid under the newest one."""
    while True:
        kind = newer_types.kind_of_chance(chance)
        older = newer_types.version_of(kind, is_newest=False)
        newest = newer_types.version_of(kind, is_newest=True)
        resource = newer_types.value_of(kind, chance)
        if Draft202012Validator(newest).is_valid(resource):
            return older, newest, resource


@settings(deadline=None, max_examples=400)
@given(CHANCES)
def test_what_is_shown_is_valid_under_the_older_version_and_comes_back_whole(chance):
    older, newest, resource = case(chance)
    lens = Lens(older, newest, {})

    seen = lens.projected(resource)

    assert Draft202012Validator(older).is_valid(seen)
    assert lens.rejoined(seen, resource) == resource
    assert lens.projected(seen) is seen
    assert (seen is resource) == (seen == resource)
    assert not lens.is_identity or seen is resource


@settings(deadline=None, max_examples=400)
@given(CHANCES)
def test_what_was_written_under_the_older_version_is_what_it_shows_afterwards(chance):
    older, newest, resource = case(chance)
    lens = Lens(older, newest, {})
    body = newer_types.edited(lens.projected(resource), chance)
    assume(Draft202012Validator(older).is_valid(body))

    whole = lens.rejoined(body, resource)

    assert lens.projected(whole) == body
    assert lens.rejoined(body, whole) == whole


@settings(deadline=None, max_examples=100)
@given(CHANCES)
def test_a_version_shows_all_of_itself(chance):
    _, newest, resource = case(chance)

    lens = Lens(newest, newest, {})

    assert lens.is_identity
    assert lens.projected(resource) is resource
    assert lens.rejoined(resource, {}) is resource


def of_type(name):
    older = DOCUMENTS[f"https://hub.wioa.example/schemas/{name}/1.0.0"]
    newest = newer_types.newer(older)
    return VALIDATORS.of(older), VALIDATORS.of(newest), Lens(older, newest, DOCUMENTS)


@pytest.mark.parametrize("name", TYPES)
def test_newer_elements_at_every_depth_are_hidden_and_kept(name):
    older, newest, lens = of_type(name)

    for example in newer_types.examples(name):
        resource = newer_types.filled(example)
        assert newest.is_valid(resource)
        assert older.is_valid(lens.projected(resource))
        assert lens.projected(resource) == example
        assert lens.rejoined(example, resource) == resource
        assert lens.projected(example) is example


@pytest.mark.parametrize("name", TYPES)
def test_an_edit_of_any_element_keeps_every_newer_element_around_it(name):
    _, _, lens = of_type(name)

    for example in newer_types.examples(name):
        resource = newer_types.filled(example)
        for element, value in example.items():
            if isinstance(value, str):
                edited = {**example, element: "changed"}
                assert lens.rejoined(edited, resource) == {**resource, element: "changed"}
            if isinstance(value, list) and value not in ([], value[::-1]):
                turned = {**example, element: value[::-1]}
                assert lens.rejoined(turned, resource) == {
                    **resource, element: resource[element][::-1]
                }  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
def test_newer_codes_are_shown_as_older_ones_and_kept(name):
    _, newest, lens = of_type(name)
    fullest = max(newer_types.examples(name), key=lambda each: len(str(each)))

    changed = list(newer_types.recoded(newer_types.filled(fullest), newest.is_valid))

    assert changed
    for resource in changed:
        seen = lens.projected(resource)
        assert lens.rejoined(seen, resource) == resource
