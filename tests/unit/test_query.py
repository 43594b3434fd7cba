"""The grammar of search. https://hl7.org/fhir/R4/search.html"""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.clause import (
    Contains,
    Exact,
    Identified,
    Missing,
    NoneOf,
    OneOf,
    Range,
    Within,
    overlap,
    union,
)
from app.model.errors import BadParameter, HubError, TooCostly
from app.model.query import parse
from search_builders import a_kind, a_query

KIND = a_kind()
DAY = 86_400_000


def asked(name, text):
    """Return what one parameter asks."""
    return a_query(KIND, (name, text)).clauses[0].match


def refused(*pairs):
    """Return the issues of a refusal."""
    with pytest.raises(HubError) as refusal:
        a_query(KIND, *pairs)
    return refusal.value.issues


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("name", "Zoë", Within((Range("zoe", "zof"),))),
        ("name", "smi,smith,b", Within((Range("b", "c"), Range("smi", "smj")))),
        ("name", r"a\,b", Within((Range("a,b", "a,c"),))),
        ("name:exact", r"Zoë,a\|\$\\b,Zoë", Exact(("Zoë", "a|$\\b"))),
        ("name:contains", "Mit,MIT", Contains(("mit",))),
        ("name:missing", "true", Missing(flag=True)),
        ("status", "open,closed,open", OneOf(("open", "closed"))),
        ("status", "|open", OneOf(("open",))),
        ("status:not", "open", NoneOf(("open",))),
        ("labels", r"a\|b", OneOf(("a|b",))),
        ("identifier", "v,s|v,s|,|v", OneOf(("v", "s|v", "s|", "|v"))),
        ("identifier", r"s\|t|50%", OneOf(("s%7Ct|50%25",))),
        ("owner", "Person/1", OneOf(("Person/1",))),
        ("owner", "1", OneOf(("Person/1", "Place/1"))),
        ("owner:Place", "1", OneOf(("Place/1",))),
        ("owner:identifier", r"v,s|v,s|,|v,a\|b", Identified(("v", "s|v", "s|", "|v", "a%7Cb"))),
        ("owner:Place", "Place/1", OneOf(("Place/1",))),
        ("born", "1970-01-02", Within((Range(DAY, DAY + 1),))),
        ("born", "1970-01-02T10:00Z", Within(())),
        ("born", "ne1970-01-02T10:00Z", Within((Range(None, None),))),
        ("born", "gt1970", Within((Range(365 * DAY - DAY + 1, None),))),
        ("seen", "le1970-01-01", Within((Range(None, DAY),))),
        ("size", "100", Within((Range(99.5, 100.5),))),
        ("size", "1e2", Within((Range(50.0, 150.0),))),
        ("size", "ne100", Within((Range(None, 99.5), Range(100.5, None)))),
        ("size", "gt0", Within((Range(1e-100, None),))),
        (
            "size",
            "0.1234567890123456789012",
            Within((Range(0.12345678901234568, 0.12345678901234569),)),
        ),
        ("_id", "a,b-1.x", OneOf(("a", "b-1.x"))),
        ("_id:missing", "false", Missing(flag=False)),
        ("_lastUpdated", "lt1970-01-01", Within((Range(None, 0),))),
    ],
)
def test_a_value_asks(name, text, match):
    assert asked(name, text) == match


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", ""),
        ("name", "a,"),
        ("name", ",a"),
        ("name", " "),
        ("name", "\u0301"),
        ("name", "a\\"),
        ("name", "a\\b"),
        ("name", "a\0"),
        ("name", "\ud800"),
        ("name", "a" * 1001),
        ("name", "\ufdfa" * 100),
        ("name:missing", "maybe"),
        ("name:missing", ""),
        ("status", "s|open"),
        ("status", "|"),
        ("identifier", "|"),
        ("identifier", "a|b|c"),
        ("owner", "Alien/1"),
        ("owner", "http://other.example/Person/1"),
        ("owner", "Person/"),
        ("owner", "Person/1/_history/2"),
        ("owner:Place", "Person/1"),
        ("owner:identifier", "|"),
        ("owner:identifier", "a|b|c"),
        ("born", "yesterday"),
        ("born", "xx2000"),
        ("born", "gt"),
        ("size", "big"),
        ("size", "1e999"),
        ("size", "1,000,"),
        ("size", "nan"),
        ("_id", "a b"),
        ("_count", "-1"),
        ("_count", "many"),
        ("_count", ""),
        ("_total", "all"),
        ("_summary", "true"),
        ("_summary", "text"),
        ("_elements", "nothing"),
        ("_elements", ""),
        ("_elements", "name,"),
        ("_elements", "identifier.value"),
        ("_sort", ""),
        ("_sort", "-"),
        ("_sort", "labels"),
        ("_sort", "note"),
        ("_sort", "name,-born"),
        ("_sort", "name,name"),
        ("_sort", "name,born,size,seen"),
    ],
)
def test_a_bad_value_is_refused_and_never_quoted(name, text):
    issue, *others = refused((name, text))

    assert not others
    assert issue.pointer == name
    assert issue.detail == "bad-parameter"
    assert len(text) < 2 or text not in issue.text


@pytest.mark.parametrize(
    "name",
    [
        "nmae",
        "note",
        "name.born",
        "owner.name",
        "_has:Other:owner:status",
        "_include",
        "_type",
        "",
        "NAME",
    ],
)
def test_an_unknown_parameter_is_refused_with_all_that_are_known(name):
    (issue,) = refused((name, "x"))

    assert {*KIND.parameters, "_id", "_lastUpdated", "_count", "_sort"} <= set(issue.allowed)
    assert issue.pointer == (name or None)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("name:not", ("exact", "contains", "missing")),
        ("name:", ("exact", "contains", "missing")),
        ("status:exact", ("not", "missing")),
        ("owner:Alien", ("identifier", "missing", "Person", "Place")),
        ("born:contains", ("missing",)),
        ("name:exact:missing", ("exact", "contains", "missing")),
    ],
)
def test_an_unknown_modifier_is_refused_with_those_that_are_known(name, allowed):
    (issue,) = refused((name, "x"))

    assert issue.allowed == allowed


def test_every_fault_is_told_at_once():
    issues = refused(("nmae", "x"), ("born", "soon"), ("_count", "x"), ("_sort", "x"), ("<b>", "x"))

    assert sorted(str(each.pointer) for each in issues) == [
        "None",
        "_count",
        "_sort",
        "born",
        "nmae",
    ]


@pytest.mark.parametrize("name", ["_count", "_sort", "_cursor", "_elements", "_total", "_summary"])
def test_a_result_parameter_given_twice_is_refused(name):
    good = {
        "_count": "5",
        "_sort": "name",
        "_elements": "name",
        "_total": "none",
        "_summary": "false",
    }
    text = good.get(name, "x")

    (issue,) = refused((name, text), (name, text))

    assert issue.pointer == name


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param([("name", ",".join(map(str, range(101))))], id="one long list"),
        pytest.param([("size", ",".join(f"{n}0" for n in range(70)))], id="many ranges"),
        pytest.param(
            [("size", "1,3,5,7,9"), ("sizes", "1,3,5,7,9"), ("born", "ne2000"), ("seen", "ne2000")],
            id="many combinations",
        ),
        pytest.param([("name", "a")] * 65, id="many conditions"),
    ],
)
def test_what_would_cost_too_much_is_refused(pairs):
    with pytest.raises(TooCostly):
        a_query(KIND, *pairs)


def test_a_fault_outweighs_cost():
    with pytest.raises(BadParameter):
        a_query(KIND, ("name", ",".join(map(str, range(101)))), ("nmae", "x"))


@pytest.mark.parametrize(
    ("pairs", "count", "only_count"),
    [
        pytest.param([], 20, False, id="a page has 20 entries"),
        pytest.param([("_count", "7")], 7, False, id="or as many as asked"),
        pytest.param([("_count", "5000")], 100, False, id="within the bound"),
        pytest.param([("_count", "0")], 0, True, id="0 only counts"),
        pytest.param([("_summary", "count")], 20, True, id="so does a summary"),
        pytest.param([("_summary", "false")], 20, False, id="no summary is the rule"),
    ],
)
def test_the_page_size(pairs, count, only_count):
    query = a_query(KIND, *pairs)

    assert (query.count, query.only_count) == (count, only_count)
    assert dict(parse_qsl(query.canonical))["_count"] == str(count)


def test_the_default_page_keeps_to_a_smaller_bound():
    assert parse(KIND, [], max_count=5).count == 5


def test_what_real_clients_add_is_known_and_without_effect():
    pairs = [
        ("_format", "json"),
        ("_pretty", "true"),
        ("_totalMethod", "count"),
        ("_format", "json"),
    ]

    assert a_query(KIND, *pairs).clauses == ()


def test_a_query_is_the_same_in_any_order_and_without_its_cursor():
    one = a_query(KIND, ("name", "a"), ("name", "b"), ("_sort", "-born,-_id"), ("_cursor", "x"))
    other = a_query(KIND, ("_sort", "-born,-_id"), ("name", "b"), ("name", "a"))

    assert one.canonical == other.canonical
    assert [each.name for each in one.sort] == ["born", "_id"]
    assert one.descending


def test_a_query_says_what_else_was_asked():
    query = a_query(KIND, ("_elements", "name,born,name"), ("_total", "accurate"))

    assert (query.elements, query.total, query.type) == (("name", "born"), "accurate", "Thing")
    assert a_query(KIND).total == "none"


NAMES = st.sampled_from([*KIND.parameters, "_id", "_lastUpdated", "_sort", "_count", "x"])
MODIFIERS = st.sampled_from(["", ":exact", ":contains", ":not", ":missing", ":Person", ":x"])
TEXTS = st.text(st.sampled_from("a1-+.eE,|$\\/:TZ%\0 geé\ud800"), max_size=12) | st.text()


@given(st.lists(st.tuples(st.tuples(NAMES, MODIFIERS).map("".join) | st.text(), TEXTS), max_size=4))
def test_any_text_is_understood_or_refused(pairs):
    try:
        found = a_query(KIND, *pairs).canonical
    except (BadParameter, TooCostly) as refusal:
        found = repr(refusal.issues)

    assert found


RANGES = st.lists(
    st.tuples(*[st.none() | st.integers(0, 9)] * 2).map(lambda pair: Range(*pair)), max_size=4
)


def members(ranges):
    return {
        n
        for n in range(-1, 11)
        for low, high in ranges
        if (low is None or low <= n) and (high is None or n < high)
    }


@given(RANGES, RANGES)
def test_sets_of_ranges_unite_and_overlap(one, other):
    united = union([*one, *other])

    assert members(united) == members(one) | members(other)
    assert sum(len(members([each])) for each in united) == len(members(united))
    assert members(overlap(one, other)) == members(one) & members(other)
