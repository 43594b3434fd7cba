"""Finds a document that breaks: one that an old schema takes and a new one refuses.

The search asks only the schemas, and neither a clock nor dice: the same pair gives the same
witness everywhere. A witness is made up, never taken from what is stored.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from app.model.element import Schema
from app.model.pointer import unescaped
from app.rules.compatibility.proving.judgement import Place
from app.rules.compatibility.searching.instances import Instances, Path
from app.rules.compatibility.searching.plain_values import is_synthetic
from app.rules.compatibility.searching.shrinking import shrunk
from app.rules.compatibility.validity import Validity

MOST_CHECKED = 20_000
"""Most documents that the fast validators look at."""
COMMON = 200_000
"""Size of a common pair of schemas, in characters; of larger pairs fewer documents are tried."""
MOST_AT_A_PLACE = 3_000
"""Most of them that are spent on one place named by the proof."""
MOST_CONFIRMED = 50
"""Most documents that the slow validator is asked about; beyond, the two disagree on principle."""
LOOKED_ON, MOST_COMPARED = 300, 2
"""How many more documents are looked at for a smaller witness, and how many are compared."""


View = Callable[[Any], Any]
"""What of a document is shown."""


def _whole(document: Any) -> Any:
    return document


def witness(
    new: Schema, old: Schema, places: Sequence[Place] = (), view: View = _whole
) -> list[Any]:
    """Return one document in a list, valid under `old` and not under `new`; or an empty list.

    Both schemas are bundled; `new` judges what `view` shows of the document. That no document is
    found proves nothing. Raise ValueError for a schema that is itself broken.
    """
    try:
        candidates = _candidates(Instances(old, new), places)
        return _found(Validity(old), Validity(new), candidates, view)
    except (RecursionError, OverflowError):  # nested too deeply, or numbers beyond floats
        return []


def _found(before: Validity, after: Validity, candidates: Iterator[Any], view: View) -> list[Any]:
    def is_likely(value: Any) -> bool:
        return before.likely(value) and not after.likely(view(value)) and is_synthetic(value)

    def is_witness(value: Any) -> bool:
        return before(value) is True and after(view(value)) is False

    size = before.size + after.size
    candidates = islice(candidates, MOST_CHECKED * COMMON // max(size, COMMON))
    for value in islice(filter(is_likely, candidates), MOST_CONFIRMED):
        if is_witness(value):
            others = filter(is_likely, islice(candidates, LOOKED_ON))
            found = [value, *filter(is_witness, islice(others, MOST_COMPARED))]
            small = filter(is_witness, [shrunk(each, is_likely) for each in found])
            return [min((*small, value), key=_size)]
    return []


def _size(value: Any) -> int:
    return len(json.dumps(value))


def _candidates(instances: Instances, places: Iterable[Place]) -> Iterator[Any]:
    paths = dict.fromkeys(_path(each.instance_path) for each in places)
    focused = (islice(instances.along(path), MOST_AT_A_PLACE) for path in paths if path)
    return chain(chain.from_iterable(focused), instances.along())


def _path(pointer: str) -> Path:
    steps = pointer.removeprefix("#").split("/")[1:]
    names = (unescaped(step) for step in steps)
    return tuple("*" if name.isdigit() or name == "-" else name for name in names)
