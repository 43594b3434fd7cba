"""What changed in the annotations of a whole type: whose it is, how it is written, its keys."""

from collections.abc import Iterator

from app.rules.publishing.changes.change import Change
from app.rules.publishing.changes.pairs import Pair
from app.rules.publishing.changes.sameness import text

FIXED = {
    "x-kind": "The kind of the type",
    "x-owner": "Who owns the resource",
    "x-compartment": "Which element names the participant",
}
"""Annotations that decide who may see and write a resource: any change breaks clients."""


def root_changes(root: Pair) -> Iterator[Change]:
    """Yield what changed in the annotations at the root of a type."""
    for word, what in FIXED.items():
        if root.before.get(word) != root.after.get(word):
            yield Change(f"{word[2:]}-changed", root, f"{what} changed", "write", word)
    yield from _level(root)
    yield from _versioning(root)
    yield from _unique(root)


def _level(root: Pair) -> Iterator[Change]:
    word = "x-level"
    old, new = root.before.get(word), root.after.get(word)
    if isinstance(old, int) and isinstance(new, int) and old != new:
        what = f"The onboarding level that writing takes went from {old} to {new}"
        if new > old:
            yield Change("level-raised", root, what, "write", word)
        else:
            yield Change("level-lowered", root, what, word=word)


def _versioning(root: Pair) -> Iterator[Change]:
    word = "x-versioning"
    old, new = root.before.get(word), root.after.get(word)
    if (old, new) == ("optional", "required"):
        what = "An update must say which version it saw now (If-Match)"
        yield Change("versioning-required", root, what, "write", word)
    elif (old, new) == ("required", "optional"):
        what = "An update need not say which version it saw, so that one may undo another unseen"
        yield Change("versioning-optional", root, what, word=word, level="warning")


def _unique(root: Pair) -> Iterator[Change]:
    word = "x-unique"
    old, new = (
        {text(sorted(key)): key for key in each.get(word, ())} for each in (root.before, root.after)
    )
    for name, key in new.items():
        if name not in old:
            what = f"No two resources may have the same {' and '.join(key)} now"
            hint = "Leave it out: the rows that are stored hold no key of it"
            yield Change("unique-added", root, what, "write", word, hint, level="error")
    for name, key in old.items():
        if name not in new:
            what = f"Two resources may have the same {' and '.join(key)} now"
            yield Change("unique-removed", root, what, "read", word)
