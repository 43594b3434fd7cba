"""What must not be written in the app at all; each rule is shown to catch what it is for."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "app").rglob("*.py"))
EGRESS = {"requests", "httpx", "urllib3", "aiohttp", "urllib.request", "http.client"}
"""Libraries that can call others."""
MAY_CALL = {
    *("serving/web_server.py", "fetch.py", "simulation/system.py"),
    *("cli/access_token.py", "cli/schema/hub.py"),
}
"""Modules that call others: our own probe, commands and simulation, and the key sets of clients."""
LOGGED = {"debug", "info", "warning", "error", "exception", "critical", "log"}
QUERIES = {
    *("find", "find_one", "find_one_and_update", "find_one_and_replace", "find_one_and_delete"),
    *("aggregate", "count_documents", "distinct", "insert_one", "insert_many", "bulk_write"),
    *("update_one", "update_many", "replace_one", "delete_one", "delete_many"),
}
"""Methods of a collection."""
TEXTS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
SECOND_OPINION = "rules/compatibility/validity.py"
"""Believes what a document shows only when two validators agree; asked where time is bounded."""
UNSAFE = {"eval", "exec", "compile", "__import__"}


def dotted(node):
    """Return the dotted name of an expression, empty when it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def foreign_schemas(tree, path):
    """`jsonschema` follows references to anywhere and is slow by design; jsonschema_rs is not."""
    if path == SECOND_OPINION:
        return []
    names = [name for node in ast.walk(tree) for name in imports(node)]
    return [name for name in names if name.split(".")[0] in ("jsonschema", "fastjsonschema")] + [
        dotted(call.func)
        for call in calls(tree)
        if dotted(call.func).endswith(".Draft202012Validator")
        and not any(word.arg == "offline" for word in call.keywords)
    ]


def unread_forms(tree, _):
    """What a client sent never becomes a filter as it is: `find(request.args.to_dict())`."""
    return [
        dotted(inner.func)
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr in QUERIES
        for inner in calls(call)
        if isinstance(inner.func, ast.Attribute) and inner.func.attr in ("to_dict", "get_json")
    ]


def patterns_of_others(tree, _):
    """A pattern for `re` is written in the code; one of a client's may take for ever."""
    return [
        dotted(call.func)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for call in calls(function)
        if dotted(call.func).startswith("re.")
        and call.func.attr in TEXTS
        and call.args
        and not is_written(call.args[0])
    ]


def is_written(node):
    """Whether a text is a literal, built of literals and of names in capitals only."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, ast.BinOp):
        return is_written(node.left) and is_written(node.right)
    if isinstance(node, ast.JoinedStr):
        return all(is_written(each) for each in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_written(node.value)
    return False


def calls_to_others(tree, path):
    """Only modules named here send anything anywhere."""
    if path in MAY_CALL:
        return []
    names = [name for node in ast.walk(tree) for name in imports(node)]
    return [name for name in names if {name, name.rpartition(".")[0]} & EGRESS]


def imports(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def made_log_lines(tree, _):
    """A log line is a fixed sentence with fields, so that no value slips into it."""
    return [
        dotted(call.func)
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in LOGGED
        and dotted(call.func.value).split(".")[-1].lstrip("_") in ("log", "logger", "shedding")
        and any(is_made(each) for each in call.args)
    ]


def is_made(node):
    """Whether a text is put together here."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "format"
    return isinstance(node, ast.JoinedStr)


def rows_elsewhere(tree, path):
    """Rows are reached in the store only."""
    if path.startswith("store/"):
        return []
    return [
        dotted(call.func)
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in QUERIES
        and not isinstance(call.func.value, ast.Constant)
        and not is_text_find(call)
    ]


def is_text_find(call):
    """Whether this is `find` of a text, which takes a text."""
    first = call.args[0] if call.args else None
    return call.func.attr == "find" and isinstance(first, ast.Constant | ast.JoinedStr)


def code_from_data(tree, _):
    """Data never becomes code: no eval, pickle, marshal or YAML with tags."""
    names = [name for node in ast.walk(tree) for name in imports(node)]
    called = [call.func.id for call in calls(tree) if isinstance(call.func, ast.Name)]
    return [name for name in called if name in UNSAFE] + [
        name for name in names if name.split(".")[0] in ("pickle", "marshal", "shelve", "yaml")
    ]


def shells(tree, _):
    """No command goes through a shell."""
    return [
        dotted(call.func)
        for call in calls(tree)
        if dotted(call.func) in ("os.system", "os.popen")
        or any(word.arg == "shell" for word in call.keywords)
    ]


SNIPPETS = {
    foreign_schemas: (
        "import jsonschema\njsonschema.validate(1, {})",
        "x.Draft202012Validator({})",
    ),
    unread_forms: ("rows.find(request.args.to_dict())",),
    patterns_of_others: (
        "def f(sent): re.compile(sent)",
        "def f(sent): re.search(f'^{sent}', text)",
        "found = lambda sent: re.match('a' + sent, text)",
    ),
    calls_to_others: ("import requests", "from urllib.request import urlopen", "import httpx"),
    made_log_lines: (
        "_log.info(f'{name} came')",
        "logger.warning('came: %s' % name)",
        "log.error('x {}'.format(name))",
    ),
    rows_elsewhere: ("self.rows.find_one({'_id': 1})", "database['x'].aggregate([])"),
    code_from_data: ("eval(sent)", "import pickle", "from yaml import load"),
    shells: ("os.system('ls')", "subprocess.run('ls', shell=True)"),
}
"""Rule → what it must catch."""


@pytest.mark.parametrize("rule", SNIPPETS, ids=lambda rule: rule.__name__)
def test_nothing_in_the_app_breaks_the_rule(rule):
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in FILES
        if (found := rule(tree(path), name(path)))
    }

    assert not wrong, rule.__doc__


@pytest.mark.parametrize("rule", SNIPPETS, ids=lambda rule: rule.__name__)
def test_the_rule_catches_what_it_is_for(rule):
    for snippet in SNIPPETS[rule]:
        assert rule(ast.parse(snippet), "web/new.py"), snippet


def name(path):
    return str(path.relative_to(ROOT / "app"))


@cache
def tree(path):
    """Return the syntax of a file, which every rule looks at."""
    return ast.parse(path.read_text("utf-8"))
