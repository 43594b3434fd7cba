"""What of a value is seen through a gap between two versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import canonical

from app.model.lens.gap import Gap


@dataclass(frozen=True)
class Seen:
    """An entry of a list as a reader sees it; `at` is its index in the whole list.

    `alike` are the indices of later entries that look the same to him, in a list in which no
    entry may occur twice: he is shown one for all of them.
    """

    at: int
    value: Any
    alike: tuple[int, ...] = ()


def shown(gap: Gap, value: Any) -> Any:
    """Return what is seen of a value: the value itself when that is all of it."""
    if isinstance(value, str):
        return gap.codes.get(value, value)
    if isinstance(value, dict):
        seen = dict(_elements(gap, value))
        is_same = len(seen) == len(value) and all(seen[name] is value[name] for name in seen)
        return value if is_same else seen
    if isinstance(value, list) and gap.entries:
        kept = [each.value for each in entries(gap, value)]
        is_same = len(kept) == len(value) and all(map(_is_one, kept, value))
        return value if is_same else kept
    return value


def is_hidden(gap: Gap, name: str, value: Any) -> bool:
    """Whether nothing is shown of an element that an object has."""
    return name not in dict(_elements(gap, {name: value}))


def entries(gap: Gap, value: Sequence[Any]) -> list[Seen]:
    """Return the entries of a list that are shown."""
    inner = gap.entries
    if inner is None:
        return [Seen(at, each) for at, each in enumerate(value)]
    seen = [shown(inner, each) for each in value]
    kept = [
        Seen(at, one)
        for at, (one, each) in enumerate(zip(seen, value, strict=True))
        if not _is_too_small(inner, one, each)
    ]
    return kept if all(map(_is_one, seen, value)) or not gap.older.is_unique else _once(kept)


def same(value: Any) -> str:
    """Return the text that two values share exactly when JSON holds them for equal."""
    return canonical.json.to_string(value)


def _elements(gap: Gap, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        if not gap.knows(name):
            continue
        inner = gap.below(name)
        if inner is None:
            yield name, each
            continue
        seen = shown(inner, each)
        if name in gap.older.required or not _is_too_small(inner, seen, each):
            yield name, seen


def _is_too_small(gap: Gap, seen: Any, whole: Any) -> bool:
    """Whether so little is seen of a value that the older version would refuse the rest."""
    return seen is not whole and gap.older.is_too_small(seen)


def _once(kept: Sequence[Seen]) -> list[Seen]:
    alike: dict[str, list[Seen]] = {}
    for each in kept:
        alike.setdefault(same(each.value), []).append(each)
    return [
        Seen(one.at, one.value, tuple(each.at for each in rest)) for one, *rest in alike.values()
    ]


def _is_one(one: Any, two: Any) -> bool:
    return one is two
