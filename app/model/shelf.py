"""The contracts that ship with the hub: `<Type>/<version>/schema.json` with examples beside it."""

from collections.abc import Iterator
from pathlib import Path

from app.model.publication import Publication


def shelf(folder: Path) -> list[Publication]:
    """Return what a folder ships, all of it published; raise ValueError for an empty folder."""
    found = sorted(_publications(folder), key=lambda each: (each.type, each.version))
    if not found:
        raise ValueError(f"There is no schema in {folder}; it holds <Type>/<version>/schema.json.")
    return found


def _publications(folder: Path) -> Iterator[Publication]:
    for path in folder.glob("*/*/schema.json"):
        home = path.parent
        good, bad = (sorted((home / name).glob("*.json")) for name in ("valid", "invalid"))
        yield Publication(
            type=home.parent.name,
            version=home.name,
            text=path.read_bytes(),
            examples=tuple(each.read_bytes().strip() for each in good),
            counterexamples=tuple(each.read_bytes().strip() for each in bad),
            names=tuple(each.stem for each in (*good, *bad)),
        )
