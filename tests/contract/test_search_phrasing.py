"""Every filter the search can produce keeps the rules that make databases answer it right.

All parameters, modifiers and prefixes, alone and in pairs, with alternatives, sorts and positions.
"""

from dataclasses import replace
from itertools import product

import pytest
from mongomock import MongoClient

from app.model.parameter import MODIFIERS
from app.model.query_value import PREFIXES
from app.store.filters import filters
from app.store.indexes import collection_name, ensure, indexes
from app.store.query import phases, sort_of
from search_builders import MANY, a_kind, a_query

KIND = a_kind()
OPERATORS = {"$gt", "$gte", "$lt", "$in", "$nin", "$ne", "$regex", "$all", "$elemMatch"}
VALUES = {
    "string": ("smith", "o'neil (jr)", "a,b,smith"),
    "token": ("open", "open,closed"),
    "reference": ("Person/1", "1", "Person/1,Place/2"),
    "date": (
        *(f"{each}2000-01-01" for each in PREFIXES),
        "2000,ne1999-02-03T04:05Z",
    ),
    "number": (
        *(f"{each}5.4" for each in PREFIXES),
        "0,ne100,gt1e99",
    ),
}
POSITIONS = {"string": "smith", "token": "open", "reference": "Person/1", "date": 5, "number": 0.0}
SORTABLE = ["_id", "_lastUpdated", *(name for name in KIND.parameters if name not in MANY)]


def conditions():
    """Yield every form a condition on each parameter can take."""
    for name, parameter in KIND.parameters.items():
        yield f"{name}:missing", "true"
        yield f"{name}:missing", "false"
        for modifier, value in product(("", *MODIFIERS[parameter.type]), VALUES[parameter.type]):
            if modifier != "missing":
                yield f"{name}:{modifier}".rstrip(":"), value
        if parameter.type == "reference":
            yield f"{name}:Person", "1"
    for system in ("s|a", "s|", "|a", "s|a,|b"):
        yield "owner:identifier", system
        yield "friends:identifier", system
        yield "identifier", system
        yield "identifier:not", system
    yield "_id", "a"
    yield "_id", "a,b"
    yield "_id:not", "a"
    yield from (("_lastUpdated", value) for value in VALUES["date"])


CONDITIONS = list(conditions())


def queries():
    """Yield queries of one and of two conditions, and every sort from every kind of position."""
    for each in CONDITIONS:
        yield a_query(KIND, each)
    for pair in product(CONDITIONS, CONDITIONS):
        yield a_query(KIND, *pair)
    few = CONDITIONS[::7]
    for name, sign in product(SORTABLE, ("", "-")):
        for each in few:
            query = a_query(KIND, each, ("_sort", f"{sign}{name}"))
            yield query
            yield from (replace(query, position=position) for position in positions(name))
    for sign in ("", "-"):
        query = a_query(KIND, ("_sort", ",".join(sign + each for each in ("born", "name", "size"))))
        for position in product((None, 5), (None, "smith"), (None, 1.0), ("id",)):
            yield replace(query, position=list(position))


def positions(name):
    if name == "_id":
        return [["a"]]
    if name == "_lastUpdated":
        return [[5, "a"]]
    return [[None, "a"], [POSITIONS[KIND.parameters[name].type], "a"]]


def produced():
    for query in queries():
        for phase in phases(query):
            for each in filters([*query.clauses, *phase]):
                yield query, each


@pytest.fixture(scope="module")
def all_filters():
    """Return all filters, each once, with a query that makes it."""
    return list({repr(each): (query, each) for query, each in produced()}.values())


def operators(value):
    """Yield (operator, operand) at every depth of a condition."""
    if isinstance(value, dict):
        for name, operand in value.items():
            yield name, operand
            yield from operators(operand)
    if isinstance(value, list):
        for each in value:
            yield from operators(each)


def test_the_enumeration_meets_every_operator(all_filters):
    met = {name for _, each in all_filters for name, _ in operators(list(each.values()))}

    assert met == OPERATORS
    assert len(all_filters) > 5000


def test_filters_are_flat_fields_of_rows(all_filters):
    known = {"_id", "at", "refs", *(f"{part}.{name}" for part in "ke" for name in KIND.parameters)}

    assert not [each for _, each in all_filters if not set(each) <= known]


def test_only_sound_operators_are_used(all_filters):
    """Above all no $lte, no logical operator and no $exists."""
    for _, each in all_filters:
        assert {name for name, _ in operators(list(each.values()))} <= OPERATORS, each


def test_expressions_are_strings_never_compiled(all_filters):
    for _, each in all_filters:
        for name, operand in operators(list(each.values())):
            assert name != "$regex" or type(operand) is str, each
            values = operand if isinstance(operand, list) else [operand]
            assert not [value for value in values if hasattr(value, "pattern")], each


def leaves(value):
    """Yield every plain value inside a condition."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


def test_numbers_keep_to_magnitudes_that_indexes_order_right(all_filters):
    """The embedded database misplaces doubles below 1e-128 and above 1e128."""
    met = [leaf for _, each in all_filters for leaf in leaves(each) if isinstance(leaf, float)]

    assert met
    assert all(leaf == 0 or 1e-101 < abs(leaf) < 1e101 for leaf in met)


def test_arrays_have_two_sided_ranges_only_inside_elem_match(all_filters):
    for _, each in all_filters:
        for field, condition in each.items():
            if field == "refs" or field.partition(".")[2] in MANY:
                outside = set(condition) if isinstance(condition, dict) else set()
                assert len(outside & {"$gt", "$gte", "$lt", "$regex", "$in", "$all"}) < 2, each


def test_scalars_are_never_asked_as_arrays(all_filters):
    for _, each in all_filters:
        for field, condition in each.items():
            if field != "refs" and field.partition(".")[2] not in MANY:
                met = {name for name, _ in operators(condition)}
                assert not met & {"$all", "$elemMatch"}, each


def place(condition):
    """Return how much a condition narrows a search down: equality, range, the rest."""
    used = set(condition) if isinstance(condition, dict) else set()
    if not used or used == {"$in"}:
        return 0
    if used & {"$gt", "$gte", "$lt"}:
        return 1
    return 3 if used & {"$ne", "$nin"} and len(used) == 1 else 2


def test_equalities_come_before_ranges_and_those_before_the_rest(all_filters):
    for _, each in all_filters:
        places = [
            place(condition)
            for field, condition in each.items()
            if field[:2] != "e." and condition is not None
        ]
        plain = [each for each in places if each != 2]
        assert plain == sorted(plain), each


def test_an_equality_in_default_order_goes_on_by_id_alone():
    query = replace(a_query(KIND, ("status", "open")), position=["last"])

    found = [each for phase in phases(query) for each in filters([*query.clauses, *phase])]

    assert found == [{"k.status": "open", "_id": {"$gt": "last"}}]
    assert sort_of(query) == [("_id", 1)]
    assert list(found[0]) == ["k.status", "_id"]


def test_every_sort_goes_in_one_direction_and_ends_with_the_id(all_filters):
    for query, _ in all_filters:
        keys = sort_of(query)
        assert len({direction for _, direction in keys}) == 1
        assert keys[-1][0] == "_id"


def test_every_filter_begins_with_an_indexed_field(all_filters):
    indexed = {fields[0] for _, fields in indexes(KIND)}

    assert not [each for _, each in all_filters if each and next(iter(each)) not in indexed]


def test_every_search_parameter_of_every_type_has_its_index(registry):
    database = MongoClient().db

    ensure(database, registry.types.values())
    ensure(database, registry.types.values())

    for name, kind in registry.types.items():
        keys = [
            list(each["key"])
            for each in database[collection_name(name)].index_information().values()
        ]
        for parameter in kind.parameters:
            assert [(f"k.{parameter}", 1), ("_id", 1)] in keys, (name, parameter)
        for field in ("at", "refs"):
            assert [(field, 1), ("_id", 1)] in keys
        assert [("_id", 1), ("n", 1)] in keys
        assert all(direction == 1 for key in keys for _, direction in key)


def test_more_parameters_than_a_collection_can_index_stop_the_start():
    many = {f"e{n}": {"type": "string", "x-search": "string"} for n in range(61)}

    with pytest.raises(ValueError, match=r"Thing 1\.0\.0 declares 61 search parameters; .* of 59"):
        indexes(a_kind(many))
