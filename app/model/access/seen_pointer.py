"""Where a fault lies in the resource as a client sees it, which may lack entries of lists."""

from collections.abc import Iterable
from dataclasses import replace

from app.model.access.redaction import mentions
from app.model.codec import Resource
from app.model.errors import Issue


def seen_by(issues: Iterable[Issue], body: Resource, barred: frozenset[str]) -> tuple[Issue, ...]:
    """Return issues about a whole body with their places as they are without its hidden entries.

    `barred` are the references by which entries are hidden. A place further down would tell that
    there is an entry before it.
    """
    return tuple(_seen(each, body, barred) for each in issues) if barred else tuple(issues)


def _seen(issue: Issue, body: Resource, barred: frozenset[str]) -> Issue:
    _, name, index, *rest = [*(issue.pointer or "").split("/", 3), "", ""]
    entries = body.get(name)
    if not isinstance(entries, list) or not (index.isascii() and index.isdigit()):
        return issue
    hidden = sum(mentions(each, barred) for each in entries[: int(index)])
    place = ["", name, str(int(index) - hidden), *filter(None, rest)]
    return replace(issue, pointer="/".join(place))
