"""No road to rows past the access decision: who may touch the store, for what, and why."""

import ast
from pathlib import Path

import pytest

from app.interactions import Store

ROOT = Path(__file__).parents[2] / "app"
STORES = ("store", "_store")
METHODS = {name for name in vars(Store) if not name.startswith("_")}
READING = {"read", "read_many", "vread", "latest", "search", "values", "count", "history"}
ALLOWED = {
    "records.py": (
        {"present", "read_many"},
        "it is the road: what is visible of references, and of the past as it is now",
    ),
    "consents.py": (
        {"read_many", "search"},
        "it reads the consents that decisions rest on, for nobody's eyes",
    ),
    "view.py": (
        {"read", "vread", "latest", "search", "count", "values"},
        "it answers for one type only what Records lets through",
    ),
    "policies.py": ({"search"}, "it reads the lookups that decisions rest on, for nobody's eyes"),
    "writer.py": ({"read", "latest"}, "it looks at what is there to refuse it as Records sees it"),
    "stale.py": ({"vread"}, "it redacts both versions by Records before it compares them"),
    "settling.py": ({"commit", "receipt", "vread"}, "it commits; a replay is told by Records"),
    "transaction.py": ({"receipt", "vread"}, "a replay is told by Records"),
    "facts.py": ({"read", "read_many", "search"}, "rules judge all rows, and tell nobody of them"),
    "batch.py": ({"commit", "receipt"}, "it takes an idempotency key, which names no resource"),
    "bundle_plan.py": ({"read_many"}, "it reads at once what Writer then looks at through Records"),
    "exits.py": ({"commit", "search"}, "the hub itself finds exits; nobody is shown a row"),
    "level.py": ({"commit", "read"}, "the hub itself opens a level; nobody is shown a row"),
    "overdue.py": ({"commit", "search"}, "the hub itself finds them; nobody is shown a row"),
    "history.py": ({"history"}, "each version of the page goes through Records"),
    "include.py": ({"read_many"}, "each row that is brought along goes through Records"),
    "publications.py": (
        {"numbers", "read_many"},
        "the hub itself takes up schemas, which are published for everybody; no other type",
    ),
    "scanning.py": (
        {"count", "find_by", "read_many", "search"},
        "for state staff only, who see every row; it tells numbers, places and agencies, no row",
    ),
    "steps.py": ({"prepare"}, "it makes indexes for a type about to be published; it reads none"),
}
"""Module of the interactions → the methods of the store it may use, and why that is no bypass."""
FOR_NOBODY = {"policies.py", "publications.py", "consents.py"}
"""Modules that read what the hub itself goes by; they show nobody a row."""
FEED = {"changes.py": "each version of the feed goes through Records"}
"""Module → why it may take versions from the change feed."""


def uses(source):
    """Return the methods of a store that a module uses, `?` for a store used in another way."""
    tree = ast.parse(source)
    aliases = {*STORES, *_aliases(tree)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_store(node.value, aliases):
            found.add(node.attr)
    escaping = {*_escaping(tree, aliases)}
    return found | escaping


def _is_store(node, names):
    if isinstance(node, ast.Attribute):
        return node.attr in names
    return isinstance(node, ast.Name) and node.id in names


def _aliases(tree):
    """Yield the names, own attributes included, that a store is assigned to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from (name for name, value in _pairs(node) if _is_store(value, STORES))


def _pairs(node):
    for target in node.targets:
        many = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
        names = target.elts if many else [target]
        values = node.value.elts if many else [node.value]
        for name, value in zip(names, values, strict=True):
            found = getattr(name, "id", None) or getattr(name, "attr", None)
            if found:
                yield found, value


def _escaping(tree, aliases):
    """Yield `?` where a store is handed on, so that others might use it unseen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = [*node.args, *(each.value for each in node.keywords)]
            if any(_is_store(each, aliases) for each in given):
                yield "?"
            if getattr(node.func, "id", "") in ("getattr", "vars"):
                yield "?"
        elif isinstance(node, ast.Return) and node.value and _is_store(node.value, aliases):
            yield "?"


def modules(floor):
    return sorted((ROOT / floor).rglob("*.py"))


@pytest.mark.parametrize("path", modules("interactions"), ids=lambda path: path.name)
def test_an_interaction_uses_of_the_store_only_what_it_has_a_reason_for(path):
    allowed, _ = ALLOWED.get(path.name, (set(), ""))

    assert uses(path.read_text("utf-8")) & (METHODS | {"?"}) == allowed & METHODS


@pytest.mark.parametrize("path", modules("web"), ids=lambda path: path.name)
def test_the_web_never_touches_the_store(path):
    assert not uses(path.read_text("utf-8")) & (METHODS | {"?"})


def test_versions_leave_the_change_feed_in_one_place():
    found = {
        path.name
        for path in (*modules("interactions"), *modules("web"))
        if ".versions([" in path.read_text("utf-8") or "feed.versions" in path.read_text("utf-8")
    }

    assert found == set(FEED)


@pytest.mark.parametrize("name", sorted({*ALLOWED, *FEED} - FOR_NOBODY))
def test_whoever_reads_rows_knows_the_road(name):
    (path,) = (ROOT / "interactions").rglob(name)
    source = path.read_text("utf-8")
    reads = uses(source) & READING or name in FEED

    assert not reads or "Records" in source


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("hub.store.read(key)", {"read"}, id="by the hub"),
        pytest.param("self._records.hub.store.search(q)", {"search"}, id="by a longer way"),
        pytest.param("rows = hub.store\nrows.latest(key)", {"latest"}, id="under another name"),
        pytest.param("a, b = hub.store, 1\na.count(q)", {"count"}, id="in a tuple"),
        pytest.param("self.x = hub.store\nself.x.vread(k, 1)", {"vread"}, id="kept for later"),
        pytest.param("f = hub.store.history", {"history"}, id="a method as a value"),
        pytest.param("peek(hub.store)", {"?"}, id="handed on"),
        pytest.param("peek(store=hub.store)", {"?"}, id="handed on by name"),
        pytest.param("def f(hub):\n    return hub.store", {"?"}, id="returned"),
        pytest.param("getattr(hub, name)", {"?"}, id="by a name made up"),
    ],
)
def test_a_new_road_would_be_found(source, found):
    assert uses(source) == found
