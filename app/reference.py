"""Reads the facts that ship with the hub: documents once, tables each time they are asked for.

Tables are large as Python objects; rules keep of them what they need.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from app.rules.reference import Reference, Row

FOLDER = files("app") / "data" / "reference"


class _Tables(Mapping[str, Sequence[Row]]):
    """The tables by name, read when they are asked for."""

    def __getitem__(self, name: str) -> Sequence[Row]:
        file = FOLDER / f"{name}.csv"
        if not file.is_file():
            raise KeyError(name)
        return tuple(csv.DictReader(file.read_text("utf-8").splitlines()))

    def __iter__(self) -> Iterator[str]:
        return iter(_names(".csv"))

    def __len__(self) -> int:
        return len(_names(".csv"))


@cache
def load() -> Reference:
    """Return the documents and tables of `app/data/reference`."""
    return Reference({name: _document(name) for name in _names(".json")}, _Tables())


def _document(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def _names(ending: str) -> list[str]:
    names = sorted(file.name for file in FOLDER.iterdir())
    return [name.removesuffix(ending) for name in names if name.endswith(ending)]
