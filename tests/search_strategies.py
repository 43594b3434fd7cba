"""Generated things, and searches each with the test that a thing must pass to be found."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from search_builders import MANY, a_kind
from search_meaning import any_relates, compares, days, listed, named, plainly, written

ROWS = 24
PER_DATA_SET = 100

KIND = a_kind()
NAMES = [
    "Ana",
    "ana",
    "Änne",
    "Anna  Lee",
    "Bo",
    "BOB",
    "Zoë",
    "O'Neil, Jr",
    "a|b",
    "50%",
    "a.c",
    "a$c\\d",
]
TEXTS = [
    "a",
    "an",
    "AN",
    "ÄN",
    "ann",
    "zoe",
    "o'neil, jr",
    "a|",
    "b",
    ".",
    "50",
    "lee",
    "n",
    "a$c\\",
    "anna lee",
]
DAYS = [
    "2000-01-01",
    "2000-01-02",
    "2000-02-29",
    "1999-12-31",
    "2000-12-31",
    "0001-01-01",
    "9999-12-31",
]
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
    *(
        "2000-01-01T00:00Z",
        "2000-01-01T00:00:00",
        "2000-01-01T00:00:00.5Z",
        "1999-12-31T22:00-02:00",
    ),
    *("9999-12-31", "0001-01-01", "2000-01-01T00:30Z"),
]
NUMBERS = [0, 1, 1.5, -0.0, 1e99, 99.5, 100, 100.5, -2, 0.001, 5.4, 89.5, 5.35]
WANTED_NUMBERS = ["100", "100.0", "1e2", "0", "-2", "5.4", "1.50", "1", "99.5", "0.0010", "5"]
CODES = ["a", "b", "a|b", "a,b", "%7C", "A"]
SYSTEMS = ["urn:s", "s|", "urn:t"]
REFERENCES = ["Person/1", "Person/2", "Place/1", "Place/x.y-z"]
STAMPS = [
    datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=n)
    for n in (0, 1, 999, 1000, 86_400_000)
]
IDS = [
    "a",
    "A",
    "b",
    "B",
    "aa",
    "a-",
    "a.",
    "0",
    "9",
    "10",
    "Z",
    "z",
    *(f"r{n}" for n in range(30)),
]
TOKENS = {"status": ["open", "closed"], "is-old": ["true", "false"], "labels": CODES}


@st.composite
def strings(draw):
    name = draw(st.sampled_from(["name", "other-names"]))
    modifier = draw(st.sampled_from(["", ":exact", ":contains"]))
    texts = draw(
        st.lists(st.sampled_from(NAMES if modifier == ":exact" else TEXTS), min_size=1, max_size=3)
    )
    test = {
        "": lambda value, text: plainly(value).startswith(plainly(text)),
        ":exact": lambda value, text: value == text,
        ":contains": lambda value, text: plainly(text) in plainly(value),
    }[modifier]
    asked = ",".join(map(written, texts))
    return (
        name + modifier,
        asked,
        lambda body: any(test(value, text) for value in listed(body, name) for text in texts),
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
def identified(draw):
    name = draw(st.sampled_from(["owner", "friends"]))
    pairs = st.tuples(st.sampled_from([None, "", *SYSTEMS]), st.sampled_from([*CODES, None]))
    wanted = draw(st.lists(pairs.filter(lambda pair: pair[0] or pair[1]), min_size=1, max_size=2))
    asked = [written(c) if s is None else f"{written(s)}|{written(c or '')}" for s, c in wanted]

    def test(body):
        return any(
            s in (None, each.get("system", "")) and c in (None, each["value"])
            for each in named(body, name)
            for s, c in wanted
        )

    return f"{name}:identifier", ",".join(asked), test


@st.composite
def references(draw):
    name = draw(st.sampled_from(["owner", "friends"]))
    if draw(st.booleans()):
        ids = draw(st.lists(st.sampled_from(["1", "2", "x.y-z"]), min_size=1, max_size=2))
        return (
            name,
            ",".join(ids),
            lambda body: any(v.split("/")[1] in ids for v in listed(body, name)),
        )
    modifier = draw(st.sampled_from(["", ":Person"]))
    wanted = draw(st.lists(st.sampled_from(REFERENCES), min_size=1, max_size=2))
    if modifier:
        asked = [each.split("/")[1] for each in wanted]
        wanted = [f"Person/{each}" for each in asked]
    else:
        asked = wanted
    return (
        name + modifier,
        ",".join(asked),
        lambda body: bool(set(listed(body, name)) & set(wanted)),
    )


PREFIXES = st.sampled_from(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"])


@st.composite
def dates(draw):
    name = draw(st.sampled_from(["born", "visits", "seen", "calls"]))
    asked = draw(
        st.lists(st.tuples(PREFIXES, st.sampled_from(WANTED_DATES)), min_size=1, max_size=2)
    )

    def test(body):
        starts = [days(value) for value in listed(body, name)]
        lasting = [(a, b if name in ("born", "visits") else a + 1) for a, b in starts]
        return any_relates(asked, lasting)

    return name, ",".join(map("".join, asked)), test


@st.composite
def numbers(draw):
    name = draw(st.sampled_from(["size", "sizes"]))
    asked = draw(
        st.lists(st.tuples(PREFIXES, st.sampled_from(WANTED_NUMBERS)), min_size=1, max_size=2)
    )
    return (
        name,
        ",".join(map("".join, asked)),
        lambda body: any(
            compares(prefix or "eq", value, text)
            for value in listed(body, name)
            for prefix, text in asked
        ),
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
    text = st.sampled_from(
        ["2000-01-01", "2000-01-01T00:00:00.001Z", "2000-01-01T00:00:00Z", "2000", "9999"]
    )
    asked = draw(st.lists(st.tuples(PREFIXES, text), min_size=1, max_size=2))

    def test(body):
        a, _ = days(body["at"])
        return any_relates(asked, [(a, a + 1)])

    return "_lastUpdated", ",".join(map("".join, asked)), test


CONDITIONS = st.one_of(
    *(
        strings(),
        tokens(),
        identifiers(),
        references(),
        identified(),
        dates(),
        numbers(),
        missing(),
        ids(),
        stamps(),
    )
)
SORTS = ["_id", "_lastUpdated", *(name for name in sorted(KIND.parameters) if name not in MANY)]


@st.composite
def searches(draw):
    conditions = draw(st.lists(CONDITIONS, max_size=3))
    keys = draw(st.lists(st.sampled_from(SORTS), max_size=3, unique=True))
    sign = draw(st.sampled_from(["", "-"]))
    count = draw(st.sampled_from([3, 10, ROWS]))
    return conditions, keys, sign, count


def optional(**elements):
    return st.fixed_dictionaries({}, optional=elements)


def several(values):
    return st.lists(values, min_size=1, max_size=3)


IDENTIFIER = st.fixed_dictionaries(
    {"value": st.sampled_from(CODES)}, optional={"system": st.sampled_from(SYSTEMS)}
)
NAMED = st.fixed_dictionaries(
    {"reference": st.sampled_from(REFERENCES)}, optional={"identifier": IDENTIFIER}
)
BODIES = optional(
    name=st.sampled_from(NAMES),
    otherNames=several(st.sampled_from(NAMES)),
    status=st.sampled_from(TOKENS["status"]),
    isOld=st.booleans(),
    labels=several(st.sampled_from(CODES)),
    identifier=several(IDENTIFIER),
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
