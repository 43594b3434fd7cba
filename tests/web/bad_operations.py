"""Makes the requests of the corpus that ask operations (tests/web/corpus/operations.json)."""

import json

from bad_input import JSON, Case, corpus, spelt

MANY = 5000
SCHEMA = "SchemaVersion/Agency-1.0.0"
ALIKE = (
    *(f"{SCHEMA}/${name}" for name in ("scan", "submit", "revise", "publish", "reject", "retire")),
    *("SchemaVersion/@C/$submit", "SchemaVersion/Agency-1.0.0.0/$scan"),
    *("SchemaVersion/Agency/$publish", "SchemaVersion/annotations-1.0.0/$deprecate"),
)
"""Operations that read a body as others do."""


def operations():
    """Yield bad bodies, inputs, resources and addresses for the operations that take such."""
    found = corpus("operations")
    yield from _bodies(found)
    for path, told in found["inputs"].items():
        for why, wrong in told["bad"].items():
            given = {**told["good"], **wrong} if wrong else {}
            body = _parameters(given)
            yield Case(f"{why}: {path}", "POST", f"/v1/{path}", "", JSON, body)
    for path, resources in found["resources"].items():
        for why, resource in resources.items():
            by_itself = json.dumps(resource).encode()
            for how, body in (
                ("by itself", by_itself),
                ("in Parameters", _parameters({"resource": {"resource": resource}})),
            ):
                yield Case(f"{why} {how}: {path}", "POST", f"/v1/{path}", "", JSON, body)
    for path, asked in found["queries"].items():
        for why, query in asked.items():
            yield Case(f"{why}: {path}", "GET", f"/v1/{path}", query)


def _bodies(found):
    """Yield what no operation takes, whichever it is."""
    bodies = {why: json.dumps(value).encode() for why, value in found["parameters"].items()}
    many = found["many"] | {"parameter": found["many"]["parameter"] * MANY}
    bodies["5,000 inputs"] = json.dumps(many).encode()
    for kind in ("malformed", "invalid"):
        bodies |= {why: spelt(value) for why, value in corpus("bodies")[kind].items()}
    for path in (each for each in found["inputs"] if each not in ALIKE):
        for why, body in bodies.items():
            yield Case(f"no inputs, {why}: {path}", "POST", f"/v1/{path}", "", JSON, body)


def _parameters(given):
    """Return Parameters; what is null is left out."""
    told = [{"name": name, **_spelt(value)} for name, value in given.items() if value]
    return json.dumps({"resourceType": "Parameters", "parameter": told}).encode()


def _spelt(value):
    """Return a value in which repetitions are spelt out."""
    if not isinstance(value, dict):
        return value
    if "repeat" in value:
        return spelt(value).decode()
    return {name: _spelt(each) for name, each in value.items()}
