"""All that is published, by type and version, with what depends on what."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from app.model.errors import NotFound
from app.model.publication import Publication
from app.model.registry import Registry

_PARTIAL = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:\.(?:0|[1-9][0-9]{0,3}))?\Z")


class Catalog:
    """The publications of one registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._versions: dict[str, list[Publication]] = {}
        for each in registry.publications.values():
            self._versions.setdefault(each.type, []).append(each)

    @property
    def names(self) -> tuple[str, ...]:
        """The types, and the schemas that they share, in alphabetical order."""
        return tuple(sorted(self._versions))

    def versions(self, name: str) -> list[Publication]:
        """Return all versions of a schema, the oldest first; raise NotFound for a foreign name."""
        try:
            return self._versions[name]
        except KeyError:
            text = "No schema of this name is published here."
            raise NotFound(text, allowed=self.names) from None

    def live(self, name: str) -> list[Publication]:
        """Return the versions under which data are read and written, the oldest first."""
        return [each for each in self.versions(name) if each.is_live]

    def current(self, name: str) -> Publication:
        """Return the version that a client is given which names none.

        Raises NotFound when no version is live any more.
        """
        live = self.live(name)
        chosen = [each for each in live if each.is_current] or live[-1:]
        if not chosen:
            raise NotFound("No version of this schema is in force any more.")
        return chosen[0]

    def found(self, name: str, version: str) -> Publication:
        """Return version `2.1.0`, or the newest live one of `2.1` or `2`.

        Raises NotFound, with the live versions, for any other: a client that asks for a version
        is never given another one.
        """
        for each in reversed(self.versions(name)):
            is_within = each.is_live and each.version.startswith(f"{version}.")
            if each.version == version or (is_within and _PARTIAL.match(version)):
                return each
        live = tuple(each.version for each in self.live(name))
        text = f"This version is not published here; live are: {', '.join(live) or 'none'}."
        raise NotFound(text, allowed=live)

    def neighbours(self, one: Publication) -> tuple[Publication | None, Publication | None]:
        """Return the versions before and after one, None where there is none."""
        mine = self.versions(one.type)
        place = mine.index(one)
        before = mine[place - 1] if place else None
        return before, mine[place + 1] if place + 1 < len(mine) else None

    def needed(self, one: Publication) -> tuple[Publication, ...]:
        """Return the schemas that one refers to, in the order of their addresses."""
        return tuple(self._by_id[each] for each in self._needs[one.id] if each in self._by_id)

    def needing(self, one: Publication) -> tuple[Publication, ...]:
        """Return the schemas that refer to one."""
        return tuple(each for each in self._by_id.values() if one in self.needed(each))

    @cached_property
    def _by_id(self) -> Mapping[str, Publication]:
        every = self.registry.publications.values()
        return {str(each.schema["$id"]): each for each in every}

    @cached_property
    def _needs(self) -> Mapping[str, tuple[str, ...]]:
        return {
            each.id: tuple(sorted(set(_referred(each.schema)) - {address}))
            for address, each in self._by_id.items()
        }


def _referred(value: object) -> Iterator[str]:
    """Yield the documents that the `$ref`s anywhere in a schema lead to."""
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str) and not target.startswith("#"):
            yield target.partition("#")[0]
        for each in value.values():
            yield from _referred(each)
    elif isinstance(value, list):
        for each in value:
            yield from _referred(each)
