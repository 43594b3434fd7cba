"""Small schemas, changes of them, and a universe of small values that tells them apart."""

from itertools import product
from typing import Any

from hypothesis import strategies as st

NAMES = ("a", "b", "c")
TEXTS = ("", "a", "b", "ab", "aa", "1", "1a", "\U0001f600")
NUMBERS = (-1, 0, 1, 1.0, 2, 0.5, 3, 6)
ATOMS = (None, True, False, *NUMBERS, *TEXTS)
FEW = (None, 0, 1, 0.5, "", "a", "ab")


def universe() -> list[Any]:
    """Return some thousand values, the same each time: atoms, lists and objects of them."""
    lists = [list(each) for size in (0, 1, 2) for each in product(FEW, repeat=size)]
    lists += [[1, 1.0, 1], ["a", "a", "b"], [0, 1, 2]]
    flat = [
        {name: value for name, value in zip(NAMES, values, strict=True) if value is not ...}
        for values in product((..., *FEW), repeat=len(NAMES))
    ]
    inner = [*({"a": value} for value in FEW), {}, {"b": 1}, [], [1], ["a"]]
    nested = [{"a": each} for each in inner] + [{"a": each, "b": 1} for each in inner]
    return [*ATOMS, *lists, *flat, *nested, *([each] for each in inner)]


def bounds(low: str, high: str, numbers: tuple[float, ...]) -> Any:
    """Draw limits, either of which may be missing."""
    limit = st.sampled_from(numbers)
    return st.fixed_dictionaries({}, optional={low: limit, high: limit})


def joined(*parts: Any) -> Any:
    """Draw one schema that says what all the parts say."""
    return st.tuples(*parts).map(lambda each: {k: v for part in each for k, v in part.items()})


numbers = joined(
    st.sampled_from([{"type": "integer"}, {"type": "number"}]),
    bounds("minimum", "maximum", (0, 0.5, 1, 2)),
    st.sampled_from([{}, {}, {"multipleOf": 2}, {"multipleOf": 0.5}, {"exclusiveMinimum": 0}]),
)
strings = joined(
    st.just({"type": "string"}),
    bounds("minLength", "maxLength", (0, 1, 2)),
    st.sampled_from([{}, {}, *({"pattern": p} for p in ("^a", "^[ab]*$", "^a(b)?$", "[0-9]"))]),
)
codes = st.lists(st.sampled_from(["a", "b", "ab", 1, None]), min_size=1, max_size=3, unique=True)
scalars = st.one_of(
    numbers,
    strings,
    codes.map(lambda values: {"enum": values}),
    st.sampled_from([{"type": "boolean"}, {"type": ["string", "null"]}, {"const": 1}, {}]),
)


def lists(inner: Any) -> Any:
    """Draw schemas of lists."""
    return joined(
        inner.map(lambda items: {"type": "array", "items": items}),
        bounds("minItems", "maxItems", (0, 1, 2)),
        st.sampled_from([{}, {}, {"uniqueItems": True}]),
        st.one_of(st.just({}), scalars.map(lambda each: {"contains": each})),
    )


def objects(inner: Any) -> Any:
    """Draw schemas of objects, more often closed ones."""
    return joined(
        st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=3).map(
            lambda properties: {"type": "object", "properties": properties}
        ),
        st.sampled_from([{"additionalProperties": False}, {"additionalProperties": False}, {}]),
        st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(
            lambda names: {"required": names}
        ),
        st.sampled_from([{}, {}, {}, {"minProperties": 1}, {"dependentRequired": {"a": ["b"]}}]),
    )


def unions(inner: Any) -> Any:
    """Draw schemas made of others."""
    return st.one_of(
        st.builds(
            lambda word, parts: {word: parts},
            st.sampled_from(["anyOf", "oneOf", "allOf"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        inner.map(lambda each: {"not": each}),
        st.tuples(inner, inner, inner).map(
            lambda parts: dict(zip(("if", "then", "else"), parts, strict=True))
        ),
    )


plain = st.recursive(scalars, lambda inner: st.one_of(lists(inner), objects(inner)), max_leaves=4)
"""Schemas without unions, as most elements are."""
schemas = st.recursive(
    scalars, lambda inner: st.one_of(lists(inner), objects(inner), unions(inner)), max_leaves=4
)


@st.composite
def changed(draw: Any, schema: Any, others: Any) -> Any:
    """Draw a schema that differs from another in one place or two."""
    if not isinstance(schema, dict) or not schema or draw(st.integers(0, 4)) == 0:
        return draw(others)
    word = draw(st.sampled_from(sorted(schema)))
    value = schema[word]
    if word == "properties":
        name = draw(st.sampled_from(NAMES))
        each = draw(changed(value.get(name, {}), others))
        return {**schema, word: {**value, name: each}}
    if word in ("items", "contains", "not", "if", "then", "else"):
        return {**schema, word: draw(changed(value, others))}
    if word in ("anyOf", "oneOf", "allOf"):
        last = draw(changed(value[-1], others))
        return {**schema, word: draw(st.sampled_from([[*value[:-1], last], [*value, last]]))}
    return {name: each for name, each in schema.items() if name != word}


@st.composite
def pairs(draw: Any, of: Any = schemas) -> tuple[Any, Any]:
    """Draw a schema and another that mostly is a change of it."""
    old = draw(of)
    new = draw(changed(old, of))
    return draw(st.sampled_from([(old, new), (new, old), (old, draw(changed(new, of)))]))
