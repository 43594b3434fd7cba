"""Searches by a server with our indexes, without any, by mongomock, and by plain Python agree.

The plain Python below is written from the FHIR pages alone and imports nothing of the search code
but the door it tests. https://hl7.org/fhir/R4/search.html
"""

import calendar
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import mongomock
import pymongo
import pytest
from app.model.parameter import MODIFIERS
from app.store import query as searching
from app.store.indexes import collection_name, ensure
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from search_builders import MANY, a_kind, a_query, a_row

QUERIES = 300
PER_DATA_SET = 50
ROWS = 24

KIND = a_kind()
NAMES = ["Ana", "ana", "Änne", "Anna  Lee", "Bo", "BOB", "Zoë", "O'Neil, Jr", "a|b", "50%", "a.c", "a$c\\d"]
PLAIN = str.maketrans("äë", "ae")
TEXTS = ["a", "an", "AN", "ÄN", "ann", "zoe", "o'neil, jr", "a|", "b", ".", "50", "lee", "n", "a$c\\", "anna lee"]
DAYS = ["2000-01-01", "2000-01-02", "2000-02-29", "1999-12-31", "2000-12-31", "0001-01-01", "9999-12-31"]
INSTANTS = [
    "2000-01-01T00:00:00Z",
    "1999-12-31T23:59:59.999Z",
    "2000-01-01T05:30:00+05:00",
    "2000-01-01T00:00:00.500Z",
    "2000-02-29T12:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
]
WANTED_DATES = [
    *("2000", "2000-01", "2000-12", "1999", "0001", "9999", "9999-12", "2000-01-01", "2000-02-29"),
    *("2000-01-01T00:00Z", "2000-01-01T00:00:00", "2000-01-01T00:00:00.5Z", "1999-12-31T22:00-02:00"),
    *("9999-12-31", "0001-01-01", "2000-01-01T00:30Z"),
]
NUMBERS = [0, 1, 1.5, 99.5, 100, 100.5, -2, 0.001, 5.4, 89.5, 5.35]
WANTED_NUMBERS = ["100", "100.0", "1e2", "0", "-2", "5.4", "1.50", "1", "99.5", "0.0010", "5"]
CODES = ["a", "b", "a|b", "a,b", "%7C", "A"]
SYSTEMS = ["urn:s", "s|", "urn:t"]
REFERENCES = ["Person/1", "Person/2", "Place/1", "Place/x.y-z"]
STAMPS = [datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=n) for n in (0, 1, 999, 1000, 86_400_000)]
IDS = ["a", "A", "b", "B", "aa", "a-", "a.", "0", "9", "10", "Z", "z", *(f"r{n}" for n in range(30))]
TOKENS = {"status": ["open", "closed"], "is-old": ["true", "false"], "labels": CODES}


# What FHIR says, in plain Python


def days(text):
    """Return the milliseconds from year 1 to the ends of a date."""
    day, _, time = text.partition("T")
    parts = [int(part) for part in day.split("-")]
    year, month, of_month = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    start = (date(year, month, of_month).toordinal()) * 86_400_000
    if not time:
        months = 12 if len(parts) == 1 else 1
        length = 1
        if len(parts) < 3:
            length = sum(calendar.monthrange(year, month + n)[1] for n in range(months))
        return start, start + length * 86_400_000
    clock = time.removesuffix("Z")
    offset = 0
    if len(clock) > 6 and clock[-6] in "+-":
        offset = (int(clock[-5:-3]) * 60 + int(clock[-2:])) * (1 if clock[-6] == "+" else -1)
        clock = clock[:-6]
    hour, minute, *second = clock.split(":")
    start += ((int(hour) * 60 + int(minute)) - offset) * 60_000
    if not second:
        return start, start + 60_000
    start += int(Fraction(second[0]) * 1000)
    decimals = len(second[0].partition(".")[2])
    return start, start + 1000 // 10**decimals


def relates(prefix, value, wanted):
    """Whether the interval of a value relates to that of a search as the prefix says."""
    (a, b), (c, d) = value, wanted
    is_eq = c <= a and b <= d
    return {
        "eq": is_eq,
        "ne": not is_eq,
        "gt": b > d,
        "lt": a < c,
        "ge": b > d or is_eq,
        "le": a < c or is_eq,
        "sa": a >= d,
        "eb": b <= c,
        "ap": a < d + (d - c) and b > c - (d - c),
    }[prefix]


def compares(prefix, value, wanted):
    """Whether a number compares to the text of a search as the prefix says."""
    v, x = Fraction(str(value)), Fraction(wanted)
    mantissa, _, exponent = wanted.partition("e")
    half = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2])) / 2
    is_eq = x - half <= v < x + half
    return {
        "eq": is_eq,
        "ne": not is_eq,
        **dict.fromkeys(("gt", "sa"), v > x),
        **dict.fromkeys(("lt", "eb"), v < x),
        "ge": v >= x,
        "le": v <= x,
        "ap": x - half - abs(x) / 10 <= v < x + half + abs(x) / 10,
    }[prefix]


def plainly(text):
    return " ".join(text.lower().translate(PLAIN).split())


def listed(body, name):
    """Return the values that a parameter looks at."""
    element = "".join(part.title() if n else part for n, part in enumerate(name.split("-")))
    found = body.get(element, [])
    found = found if isinstance(found, list) else [found]
    if name in ("owner", "friends"):
        return [each["reference"] for each in found]
    if name == "account":
        return [(each.get("bank", {}).get("reference", ""), each["number"]) for each in found]
    if name == "identifier":
        return [(each.get("system", ""), each["value"]) for each in found]
    return [str(each).lower() if isinstance(each, bool) else each for each in found]


def written(text):
    return "".join(f"\\{each}" if each in ",|$\\" else each for each in text)


# Searches, each with the test that a body must pass


@st.composite
def strings(draw):
    name = draw(st.sampled_from(["name", "other-names"]))
    modifier = draw(st.sampled_from(["", ":exact", ":contains"]))
    texts = draw(st.lists(st.sampled_from(NAMES if modifier == ":exact" else TEXTS), min_size=1, max_size=3))
    test = {
        "": lambda value, text: plainly(value).startswith(plainly(text)),
        ":exact": lambda value, text: value == text,
        ":contains": lambda value, text: plainly(text) in plainly(value),
    }[modifier]
    asked = ",".join(map(written, texts))
    return name + modifier, asked, lambda body: any(
        test(value, text) for value in listed(body, name) for text in texts
    )


@st.composite
def tokens(draw):
    name = draw(st.sampled_from(sorted(TOKENS)))
    modifier = draw(st.sampled_from(["", ":not"]))
    codes = draw(st.lists(st.sampled_from(TOKENS[name]), min_size=1, max_size=3))

    def test(body):
        return bool(set(listed(body, name)) & set(codes)) == (modifier == "")

    return name + modifier, ",".join(map(written, codes)), test


@st.composite
def identifiers(draw):
    name, systems = draw(st.sampled_from([("identifier", SYSTEMS), ("account", REFERENCES)]))
    modifier = draw(st.sampled_from(["", ":not"]))
    pairs = st.tuples(st.sampled_from([None, "", *systems]), st.sampled_from([*CODES, None]))
    wanted = draw(st.lists(pairs.filter(lambda pair: pair[0] or pair[1]), min_size=1, max_size=2))
    asked = [written(c) if s is None else f"{written(s)}|{written(c or '')}" for s, c in wanted]

    def test(body):
        found = any(
            s in (None, system) and c in (None, code)
            for system, code in listed(body, name)
            for s, c in wanted
        )
        return found == (modifier == "")

    return name + modifier, ",".join(asked), test


@st.composite
def references(draw):
    name = draw(st.sampled_from(["owner", "friends"]))
    if draw(st.booleans()):
        ids = draw(st.lists(st.sampled_from(["1", "2", "x.y-z"]), min_size=1, max_size=2))
        return name, ",".join(ids), lambda body: any(v.split("/")[1] in ids for v in listed(body, name))
    modifier = draw(st.sampled_from(["", ":Person"]))
    wanted = draw(st.lists(st.sampled_from(REFERENCES), min_size=1, max_size=2))
    if modifier:
        asked = [each.split("/")[1] for each in wanted]
        wanted = [f"Person/{each}" for each in asked]
    else:
        asked = wanted
    return name + modifier, ",".join(asked), lambda body: bool(set(listed(body, name)) & set(wanted))


PREFIXES = st.sampled_from(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"])


def any_relates(asked, values):
    return any(relates(prefix or "eq", value, days(text)) for value in values for prefix, text in asked)


@st.composite
def dates(draw):
    name = draw(st.sampled_from(["born", "visits", "seen", "calls"]))
    asked = draw(st.lists(st.tuples(PREFIXES, st.sampled_from(WANTED_DATES)), min_size=1, max_size=2))

    def test(body):
        starts = [days(value) for value in listed(body, name)]
        lasting = [(a, b if name in ("born", "visits") else a + 1) for a, b in starts]
        return any_relates(asked, lasting)

    return name, ",".join(map("".join, asked)), test


@st.composite
def numbers(draw):
    name = draw(st.sampled_from(["size", "sizes"]))
    asked = draw(st.lists(st.tuples(PREFIXES, st.sampled_from(WANTED_NUMBERS)), min_size=1, max_size=2))
    return name, ",".join(map("".join, asked)), lambda body: any(
        compares(prefix or "eq", value, text) for value in listed(body, name) for prefix, text in asked
    )


@st.composite
def missing(draw):
    name = draw(st.sampled_from(sorted(KIND.parameters)))
    flag = draw(st.booleans())
    return f"{name}:missing", str(flag).lower(), lambda body: (not listed(body, name)) == flag


@st.composite
def ids(draw):
    wanted = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=20))
    return "_id", ",".join(wanted), lambda body: body["id"] in wanted


@st.composite
def stamps(draw):
    text = st.sampled_from(["2000-01-01", "2000-01-01T00:00:00.001Z", "2000-01-01T00:00:00Z", "2000", "9999"])
    asked = draw(st.lists(st.tuples(PREFIXES, text), min_size=1, max_size=2))

    def test(body):
        a, _ = days(body["at"])
        return any_relates(asked, [(a, a + 1)])

    return "_lastUpdated", ",".join(map("".join, asked)), test


CONDITIONS = st.one_of(
    *(strings(), tokens(), identifiers(), references(), dates(), numbers(), missing(), ids(), stamps())
)
SORTS = ["_id", "_lastUpdated", *(name for name in sorted(KIND.parameters) if name not in MANY)]


@st.composite
def searches(draw):
    conditions = draw(st.lists(CONDITIONS, max_size=3))
    keys = draw(st.lists(st.sampled_from(SORTS), max_size=3, unique=True))
    sign = draw(st.sampled_from(["", "-"]))
    count = draw(st.integers(3, 9))
    return conditions, keys, sign, count


def optional(**elements):
    return st.fixed_dictionaries({}, optional=elements)


def several(values):
    return st.lists(values, min_size=1, max_size=3)


NAMED = st.sampled_from(REFERENCES).map(lambda text: {"reference": text})
BODIES = optional(
    name=st.sampled_from(NAMES),
    otherNames=several(st.sampled_from(NAMES)),
    status=st.sampled_from(TOKENS["status"]),
    isOld=st.booleans(),
    labels=several(st.sampled_from(CODES)),
    identifier=several(
        st.fixed_dictionaries(
            {"value": st.sampled_from(CODES)}, optional={"system": st.sampled_from(SYSTEMS)}
        )
    ),
    account=st.fixed_dictionaries({"number": st.sampled_from(CODES)}, optional={"bank": NAMED}),
    owner=NAMED,
    friends=several(NAMED),
    born=st.sampled_from(DAYS),
    visits=several(st.sampled_from(DAYS)),
    seen=st.sampled_from(INSTANTS),
    calls=several(st.sampled_from(INSTANTS)),
    size=st.sampled_from(NUMBERS),
    sizes=several(st.sampled_from(NUMBERS)),
)
DATA_SETS = st.tuples(
    st.lists(st.tuples(BODIES, st.sampled_from(STAMPS)), min_size=ROWS, max_size=ROWS),
    st.permutations(IDS),
    st.lists(searches(), min_size=PER_DATA_SET, max_size=PER_DATA_SET),
)


def sort_value(body, name):
    if name in ("_id", "_lastUpdated"):
        return True, body["id" if name == "_id" else "at"]
    found = listed(body, name)
    if not found:
        return False, 0
    if KIND.parameters[name].type == "date":
        return True, days(found[0])[0]
    return True, plainly(found[0]) if name == "name" else found[0]


def expected(bodies, conditions, keys, sign):
    found = [body for body in bodies if all(test(body) for _, _, test in conditions)]
    found.sort(key=lambda body: [sort_value(body, key) for key in [*keys, "_id"]], reverse=sign == "-")
    return [body["id"] for body in found]


def paged(collection, query):
    """Return all ids, page by page; the position goes through JSON as it does in a cursor."""
    ids = []
    while True:
        page = searching.find(collection, query)
        ids += [version.key.id for version in page.versions]
        assert len(page.versions) == query.count or page.next is None
        if page.next is None:
            return ids
        query = replace(query, position=json.loads(json.dumps(page.next)))


@pytest.fixture(scope="module")
def databases(embedded_uri):
    """Yield a function that makes three collections of rows: indexed, bare and mongomock."""
    with pymongo.MongoClient(embedded_uri, tz_aware=True) as client:
        database = client[f"differential{uuid4().hex[:8]}"]

        class Published:
            types = {"Thing": KIND}

        def collections(rows):
            name = collection_name("Thing")
            for each in (name, "bare"):
                database.drop_collection(each)
            ensure(database, Published)
            found = [database[name], database["bare"], mongomock.MongoClient(tz_aware=True).db.rows]
            for each in found:
                each.insert_many([dict(row) for row in rows])
            return found

        yield collections
        client.drop_database(database.name)


@settings(
    max_examples=QUERIES // PER_DATA_SET,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data_set=DATA_SETS)
def test_every_search_finds_what_fhir_says_with_and_without_indexes(databases, data_set):
    contents, names, asked = data_set
    stamped = list(zip(names, contents, strict=False))
    collections = databases([a_row(KIND, id, body, at=at) for id, (body, at) in stamped])
    bodies = [
        {**body, "id": id, "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        for id, (body, at) in stamped
    ]
    for conditions, keys, sign, count in asked:
        pairs = [(name, text) for name, text, _ in conditions]
        if keys:
            pairs.append(("_sort", ",".join(sign + key for key in keys)))
        query = a_query(KIND, *pairs, ("_count", str(count)))
        wanted = expected(bodies, conditions, keys, sign if keys else "")

        for which, collection in zip(("indexed", "bare", "mongomock"), collections, strict=True):
            assert paged(collection, query) == wanted, (which, pairs)
            assert searching.count(collection, query) == len(wanted), (which, pairs)


def test_the_searches_above_use_every_modifier():
    tried = {"exact", "contains", "not", "missing"}

    assert {each for names in MODIFIERS.values() for each in names} == tried
