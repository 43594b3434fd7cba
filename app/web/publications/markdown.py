"""The page of a version in Markdown, for tools and for reading in a terminal."""

from collections.abc import Iterator

from app.web.publications.page import Page
from app.web.publications.rows import Row

_HEAD = "| Element | Type | Required | Codes | Sensitivity | Search | Source |"
_RULE = "|---|---|---|---|---|---|---|"
_SPECIAL = str.maketrans({each: f"\\{each}" for each in "\\`*_[]<>|#"} | {"\n": " ", "\r": " "})


def markdown(page: Page) -> str:
    """Return the page as GitHub's Markdown; texts of the schema cannot break out of their cell."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    one = page.one
    yield f"# {_plain(page.title)} {one.version}"
    yield f"\n> **{one.status}** {_plain(page.standing)}"
    yield f"\n{_plain(str(one.schema.get('description', '')))}\n"
    yield f"- Canonical: <{one.schema['$id']}>"
    yield f"- SHA-256 (RFC 8785): `{one.digest}`"
    for name, text in page.facts:
        yield f"- {name}: {_plain(text)}"
    yield f"\n## Elements\n\n{_HEAD}\n{_RULE}"
    yield from map(_row, page.rows)
    if page.conditions:
        yield "\n## Conditions\n"
        yield from (f"- {each}" for each in page.conditions)
    yield "\n## Versions\n"
    for version in page.versions:
        day = version.published_at[:10]
        yield f"- {version.version}, {version.status} {day} {_plain(version.summary)}".rstrip()
    for title, examples in (
        ("Examples", page.examples),
        ("Examples that are refused", page.counterexamples),
    ):
        if examples:
            yield f"\n## {title}"
        for each in examples:
            yield f"\n### {_plain(each.name)}\n\n````json\n{each.text}\n````"


def _row(row: Row) -> str:
    kind = f"list of {row.type}" if row.is_list else row.type
    more = [*row.limits, *row.marks, *(f"→ {each}" for each in row.targets)]
    cells = (
        f"**{_plain(row.path)}** {_plain(row.description)}",
        _plain("; ".join([kind, *more])),
        "yes" if row.is_required else "",
        "; ".join(_plain(f"{code}: {said}" if said else code) for code, said in row.codes),
        _plain(row.sensitivity),
        _plain(", ".join(row.searches)),
        _plain(row.source),
    )
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a text in which no sign means anything to Markdown."""
    return text.translate(_SPECIAL)
