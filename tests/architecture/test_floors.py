"""Who may import whom: a floor imports only lower ones (the house is drawn in the README)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "app").rglob("*.py"))
FLOORS = {
    "model": {"model"},
    "rules": {"model", "rules"},
    "reports": {"model", "reports"},
    "interactions": {"model", "rules", "reports", "interactions"},
    "store": {"model", "interactions", "store"},
    "web": {"model", "interactions", "web"},
}
HOMES = {
    "flask": {"web", "top"},
    "werkzeug": {"web", "top"},
    "pymongo": {"store", "top"},
    "bson": {"store"},
    "secantus": set(),
}
"""Library → the floors that may import it; `top` is app itself with its commands."""

FUNCTION_LINES, FILE_LINES = 40, 250


def floor(path):
    """Return the floor that a file stands on."""
    parts = path.relative_to(ROOT / "app").parts
    return parts[0] if parts[0] in FLOORS else "top"


def imported(path):
    """Yield the dotted names that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_floor_imports_only_lower_ones(path):
    here = floor(path)
    if here == "top":
        return

    wrong = [
        name
        for name in imported(path)
        if name == "app" or (name.startswith("app.") and name.split(".")[1] not in FLOORS[here])
    ]

    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_stays_in_its_home(path):
    wrong = [
        name
        for name in imported(path)
        for library, homes in HOMES.items()
        if name.split(".")[0] == library and floor(path) not in homes
    ]

    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path):
    text = path.read_text("utf-8")
    long = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= FUNCTION_LINES
    ]

    assert len(text.splitlines()) <= FILE_LINES
    assert not long


def test_the_environment_the_clock_and_the_dice_have_one_home():
    wrong = [
        (str(path.relative_to(ROOT)), word)
        for path in FILES
        for word, homes in {
            "os.environ": ("settings.py", "store/process.py"),
            "datetime.now": ("composition.py",),
            "uuid4": (),
        }.items()
        if word in path.read_text("utf-8") and str(path.relative_to(ROOT / "app")) not in homes
    ]

    assert not wrong


def test_conformance_imports_nothing_of_the_app():
    for path in (ROOT / "conformance").rglob("*.py"):
        assert not [name for name in imported(path) if name.split(".")[0] == "app"]
