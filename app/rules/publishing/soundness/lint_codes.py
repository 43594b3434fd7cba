"""Lint of code lists: each code has its type and its meaning, and nothing speaks of other codes."""

from collections.abc import Iterator
from typing import Any

from app.model.element import Schema
from app.rules.publishing.finding import Finding

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def code_faults(pointer: str, raw: Schema, whole: Schema) -> Iterator[Finding]:
    """Yield what is wrong with the enum of an element and the annotations beside it."""
    if isinstance(whole.get("enum"), list) and "type" in whole:
        yield from _types(pointer, whole["enum"], whole["type"])
    inner = whole.get("items")
    codes = whole.get("enum", inner.get("enum") if isinstance(inner, dict) else None)
    if not isinstance(codes, list):
        return
    known = {str(each) for each in codes if isinstance(each, str | int)}
    yield from _meanings(pointer, raw.get("x-codes"), known)
    for word, named in _mentioned(raw):
        for code in sorted(named - known):
            text = f"{word} speaks of a code that the enum does not have: {code}."
            yield Finding("unknown-code", text, f"{pointer}/{word}")


def _types(pointer: str, codes: list[Any], named: Any) -> Iterator[Finding]:
    types = tuple(
        t for name in (named if isinstance(named, list) else [named]) for t in TYPES[name]
    )
    for index, code in enumerate(codes):
        is_flag = isinstance(code, bool) and bool not in types
        if is_flag or not isinstance(code, types):
            text = "The code is not of the type of its element, so it can never occur."
            yield Finding("dead-code", text, f"{pointer}/enum/{index}")


def _meanings(pointer: str, meanings: Any, known: set[str]) -> Iterator[Finding]:
    if not isinstance(meanings, dict):
        return
    for code in sorted(known - set(meanings)):
        text = f"x-codes does not say what the code {code} means."
        yield Finding("code-without-meaning", text, f"{pointer}/x-codes")
    for code in sorted(set(meanings) - known):
        text = f"x-codes speaks of a code that the enum does not have: {code}."
        yield Finding("unknown-code", text, f"{pointer}/x-codes")


def _mentioned(raw: Schema) -> Iterator[tuple[str, set[str]]]:
    moves = raw.get("x-transitions")
    if isinstance(moves, dict):
        yield "x-transitions", {*moves, *(code for after in moves.values() for code in after)}
    if isinstance(raw.get("x-initial"), list):
        yield "x-initial", set(raw["x-initial"])
    if isinstance(raw.get("x-fallback"), dict):
        yield "x-fallback", set(raw["x-fallback"])
