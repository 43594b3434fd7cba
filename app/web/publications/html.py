"""The pages of versions and of comparisons in HTML: whole, without a script, from nowhere else."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files

from flask import render_template
from markupsafe import Markup

from app.model.codec import Resource
from app.model.publication import Publication
from app.web.publications.page import Page

_STYLE = (files("app.web") / "templates" / "publication.css").read_bytes().rstrip()
_HASH = b64encode(sha256(_STYLE).digest()).decode()
POLICY = (
    "Content-Security-Policy",
    (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
)
"""The one style sheet may be read and nothing else: what staff write into a schema is text."""


def version_page(page: Page, numbers: Mapping[str, str]) -> str:
    """Return the page of a version; `numbers` are the current versions by type."""
    return render_template("publication.html", page=page, numbers=numbers, marked=marked)


def comparison_page(found: Resource, versions: Sequence[Publication]) -> str:
    """Return the page of a comparison; `versions` are those that can be compared."""
    return render_template("comparison.html", found=found, versions=versions)


def marked(text: str) -> Markup:
    """Return a sentence whose parts in backticks are code."""
    parts = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )
