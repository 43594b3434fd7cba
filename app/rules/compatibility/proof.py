"""Whether one schema takes every document that another takes, shown and not guessed.

Rules of our own come first, because they are bounded; what they do not show the engine is asked
(containment of jsonschema-rs, experimental and pinned). What neither shows is unknown.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import jsonschema_rs
from jsonschema_rs.canonical import Containment

from app.model.element import Schema
from app.rules.compatibility.proving.home import At, Home, references
from app.rules.compatibility.proving.judgement import Includes, Place, Where
from app.rules.compatibility.proving.members import beside
from app.rules.compatibility.proving.structure import Prover
from app.rules.compatibility.words import inner

__all__ = ["Answer", "Includes", "Place", "Proof", "covers", "prove"]

Answer = Literal["yes", "no", "unknown"]
MOST_CONDITIONS, MOST_COMBINATIONS = 3, 1_000
"""Most conditions, and combinations of branches, that the engine is asked about: it tells them all
apart, without a bound of its own."""

LARGEST = 8_000
"""Most characters of JSON in both schemas that the engine is asked about: larger ones it does not
decide, and no alarm ends its work."""


@dataclass(frozen=True)
class Proof:
    """What was shown; `by` is `covers` for the engine and `structure` for our own rules.

    `places` say where the proof fails, empty when it does not.
    """

    answer: Answer
    places: tuple[Place, ...] = ()
    by: Literal["covers", "structure", ""] = ""


def prove(new: Schema, old: Schema, includes: Includes) -> Proof:
    """Return whether `new` takes all that `old` takes; both are bundled.

    `includes` decides between patterns. A yes is always right, a no is the engine's.
    """
    if _is_endless(new) or _is_endless(old):
        return Proof("unknown")
    places = _guarded(lambda: _places(new, old, includes))
    if places == ():
        return Proof("yes", (), "structure")
    answer = covers(new, old)
    if answer == "yes":
        return Proof("yes", (), "covers")
    is_no = answer == "no"
    return Proof("no" if is_no else "unknown", places or (), "covers" if is_no else "")


def _is_endless(schema: Schema) -> bool:
    """Return whether a `$ref` leads back to itself on the same value: engines differ on it."""
    home = Home(schema, "urn:hub:any")
    ends: dict[str, bool] = {}

    def leads_back(at: At) -> bool:
        inside = [at.below("not")] if "not" in at.schema else []
        return any(_is_open(each) for each in (*beside(at), *inside) if each.schema)

    def _is_open(at: At) -> bool:
        if not isinstance(at.schema, dict):
            return False
        if at.path not in ends:
            ends[at.path] = True
            ends[at.path] = leads_back(at)
        return ends[at.path]

    starts = [home.at(ref) for ref in sorted(set(references(schema)))]
    found = _guarded(lambda: any(_is_open(each) for each in starts if each))
    return found is None or bool(found)


def _conditions(schema: Any) -> int:
    return sum((word == "if") + _conditions(each) for word, each in inner(schema))


def _combinations(schema: Any) -> int:
    """Return in how many ways the unions of a schema may be met together."""
    words = schema if isinstance(schema, dict) else {}
    own = prod(len(words[word]) for word in ("anyOf", "oneOf") if words.get(word))
    return own * prod(_combinations(each) for _, each in inner(schema))


def covers(new: Schema, old: Schema) -> Answer:
    """Return what the engine says; unknown where the schemas are too large or too odd for it."""
    return _guarded(lambda: _covers(new, old)) or "unknown"


def _covers(new: Schema, old: Schema) -> Answer:
    if max(_conditions(new), _conditions(old)) > MOST_CONDITIONS:
        return "unknown"
    if len(json.dumps(new)) + len(json.dumps(old)) > LARGEST:
        return "unknown"
    if max(_combinations(new), _combinations(old)) > MOST_COMBINATIONS:
        return "unknown"
    wide, narrow = _canonical(new), _canonical(old)
    found = wide.covers(narrow)
    if found == Containment.YES:
        return "yes"
    return "no" if found == Containment.NO else "unknown"


def _canonical(schema: Schema) -> jsonschema_rs.CanonicalSchema:
    return jsonschema_rs.canonicalize(dict(schema), validate_formats=True, offline=True)


def _places(new: Schema, old: Schema, includes: Includes) -> tuple[Place, ...]:
    wide, narrow = Home(new, "urn:hub:new"), Home(old, "urn:hub:old")
    prover = Prover((wide, narrow), includes)
    goal, fact = wide.at("#"), narrow.at("#")
    if goal is None or fact is None:
        raise ValueError("A schema is an object or a boolean.")
    return prover.holds(goal, prover.case(fact), Where())


def _guarded(work: Callable[[], Any]) -> Any:
    """Return what `work` comes to; None when a schema is too odd for it."""
    try:
        return work()
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError):
        return None
    except BaseException as fault:
        # The engine's panics are no Exceptions, and it exports no name for them.
        if type(fault).__name__ != "PanicException":
            raise
        return None
