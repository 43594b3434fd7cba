"""What the gates judge: the candidate of a row, and the library that it is to stand in."""

from app.model.codec import Resource
from app.model.registry import Registry
from app.rules.publishing.finding import Candidate, Example, Library


def candidate(row: Resource) -> Candidate:
    """Return what a SchemaVersion resource proposes."""
    examples = [
        Example(each["name"], is_valid=each["isValid"], text=each["text"])
        for each in row.get("examples", ())
    ]
    return Candidate(row["type"], row["version"], row["text"], row.get("base", ""), examples)


def library(registry: Registry, name: str) -> Library:
    """Return what is published, as a new version of a type sees it."""
    versions = {v: each for (kind, v), each in registry.publications.items() if kind == name}
    return Library(
        documents=registry.by_url,
        types=frozenset(registry.types),
        live={v: each.schema for v, each in versions.items() if each.is_live},
        former={v: each.schema for v, each in versions.items() if not each.is_live},
    )
