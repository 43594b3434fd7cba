"""Pairs of schemas with proven verdicts, and the two validators that confirm their witnesses."""

import json
import signal
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from jsonpatch import apply_patch
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from app.rules.compatibility.patterns.languages import included

PAIRS = Path(__file__).parent / "contract" / "compatibility"
SHIPPED = Path(__file__).parents[1] / "resource_schemas"
DATATYPES = json.loads((SHIPPED / "datatypes/1.0.0/schema.json").read_text())
DOCUMENTS = {DATATYPES["$id"]: DATATYPES}
LONGEST = 1.0
"""How long may be thought about two patterns, in seconds, as in the process that judges."""


class _TooLong(Exception):
    """The time for one question is over."""


@cache
def includes(narrow: str, wide: str) -> bool | None:
    """Return whether a pattern takes all that another takes; None when that takes too long."""

    def ring(*_: Any) -> None:
        raise _TooLong

    former = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        return included(narrow, wide)
    except _TooLong:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def pairs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every written pair with a name that says where it stands."""
    for path in sorted(PAIRS.glob("*.json")):
        for pair in json.loads(path.read_text()):
            yield f"{path.stem}: {pair['description']}", pair


def changes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every change of a shipped type as a pair, with witnesses made from its examples."""
    for change in json.loads((PAIRS / "shipped" / "changes.json").read_text()):
        folder = SHIPPED / change["type"] / "1.0.0"
        old = json.loads((folder / "schema.json").read_text())
        example = json.loads((folder / "valid" / f"{change['example']}.json").read_text())
        for verdict in (change["write"], change["read"]):
            if "witness" in verdict:
                verdict["witness"] = apply_patch(example, verdict["witness"])
        new = apply_patch(old, change["patch"])
        yield f"shipped: {change['description']}", {**change, "old": old, "new": new}


def accepts(schema: Any, value: Any, documents: Mapping[str, Any] = DOCUMENTS) -> set[bool]:
    """Return what the two validators say of a value: one answer when they agree."""
    return {each.is_valid(value) for each in validators(schema, documents)}


def validators(schema: Any, documents: Mapping[str, Any] = DOCUMENTS) -> tuple[Any, Any]:
    """Return the fast and the exact validator of a schema, both of which assert formats."""
    fast = jsonschema_rs.Registry(list(documents.items()))
    exact = Registry().with_resources(
        (url, DRAFT202012.create_resource(each)) for url, each in documents.items()
    )
    return (
        jsonschema_rs.Draft202012Validator(
            schema, registry=fast, validate_formats=True, offline=True
        ),
        jsonschema.Draft202012Validator(
            schema,
            registry=exact,
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        ),
    )
