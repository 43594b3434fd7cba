"""All documents that one registry publishes, each made when it is first asked for."""

from collections.abc import Callable, Hashable

from app.interactions.publishing.comparison import comparison
from app.interactions.publishing.desk import Judge
from app.model.codec import Resource, encode
from app.model.publication import Publication
from app.model.registry import Registry
from app.web.documents import IMMUTABLE, SHORT, Document
from app.web.publications.addresses import Addresses
from app.web.publications.bundle import bundled
from app.web.publications.catalog import Catalog
from app.web.publications.html import POLICY, comparison_page, version_page
from app.web.publications.lifecycle import lifecycle_headers
from app.web.publications.listing import Listing
from app.web.publications.markdown import markdown
from app.web.publications.page import page

SCHEMA = "application/schema+json"
HTML, MARKDOWN = "text/html", "text/markdown"
Headers = tuple[tuple[str, str], ...]


class Edition:
    """The documents of one registry; nothing that is published ever changes, so each is kept."""

    def __init__(self, registry: Registry, origin: str, judge: Judge) -> None:
        self.catalog = Catalog(registry)
        self._judge = judge
        self._origin = origin
        self._addresses = Addresses(origin)
        self._listing = Listing(self.catalog, self._addresses)
        self._made: dict[Hashable, Document] = {}

    def listed(self) -> Document:
        """Return the catalog."""
        return self._once("catalog", lambda: _json(self._listing.catalog(), SHORT))

    def exact(self, one: Publication) -> Document:
        """Return a version byte for byte, to be kept for ever."""
        return self._once(("exact", one.id), lambda: self._schema(one, one.text, IMMUTABLE))

    def found(self, one: Publication) -> Document:
        """Return a version for a client that left open which one it wants, wholly or in part."""
        place = (("Content-Location", self._addresses.exact(one)),)
        key = "found", one.id
        return self._once(key, lambda: self._schema(one, one.text, SHORT, place))

    def bundle(self, one: Publication) -> Document:
        """Return a version with all that it refers to, to be kept for ever."""

        def make() -> Document:
            text = encode(bundled(self.catalog, one)).encode()
            return self._schema(one, text, IMMUTABLE, tag=f"{one.digest}-bundle")

        return self._once(("bundle", one.id), make)

    def status(self, one: Publication) -> Document:
        """Return where a version stands."""
        return self._once(("status", one.id), lambda: self._about(one, self._listing.status(one)))

    def report(self, one: Publication) -> Document:
        """Return what the gates found before a version was published."""
        return self._once(("report", one.id), lambda: self._about(one, self._listing.report(one)))

    def examples(self, one: Publication, *, is_valid: bool) -> Document:
        """Return the documents that a version takes, or those that it refuses."""
        texts = one.examples if is_valid else one.counterexamples
        content = b"[" + b",".join(texts) + b"]"
        return self._once(("examples", one.id, is_valid), lambda: Document(content, caching=SHORT))

    def docs(self, one: Publication, media: str) -> Document:
        """Return the page of a version in HTML or in Markdown."""

        def make() -> Document:
            found = page(self.catalog, self._addresses, one)
            text = version_page(found, self._numbers()) if media == HTML else markdown(found)
            return Document(text.encode(), media, SHORT, headers=self._page_headers(one, media))

        return self._once(("docs", one.id, media), make)

    def comparison(self, old: Publication, new: Publication, media: str) -> Document:
        """Return two versions side by side, as JSON or as a page."""

        def make() -> Document:
            found = comparison(self.catalog.registry, self._judge, old, new)
            if media != HTML:
                return _json(found, SHORT)
            text = comparison_page(found, self.catalog.versions(new.type))
            return Document(text.encode(), HTML, SHORT, headers=(POLICY,))

        return self._once(("comparison", old.id, new.id, media == HTML), make)

    def _numbers(self) -> dict[str, str]:
        names = (name for name in self.catalog.names if self.catalog.live(name))
        return {name: self.catalog.current(name).version for name in names}

    def _page_headers(self, one: Publication, media: str) -> Headers:
        ended = tuple(lifecycle_headers(one, self._origin))
        return (POLICY, *ended) if media == HTML else ended

    def _about(self, one: Publication, value: Resource) -> Document:
        return _json(value, SHORT, tuple(lifecycle_headers(one, self._origin)))

    def _schema(
        self, one: Publication, text: bytes, caching: str, more: Headers = (), tag: str = ""
    ) -> Document:
        digest = ("Repr-Digest", Document(text).repr_digest)
        headers = (digest, *more, *self._links(one))
        return Document(text, SCHEMA, caching, tag or one.digest, headers)

    def _links(self, one: Publication) -> Headers:
        """Return the Link headers to the neighbours of a version and to its page (RFC 5829)."""
        before, after = self.catalog.neighbours(one)
        live = self.catalog.live(one.type)
        found = (
            ("latest-version", live[-1] if live else None),
            ("predecessor-version", before),
            ("successor-version", after),
        )
        links = [(rel, self._addresses.exact(other)) for rel, other in found if other is not None]
        links.append(("describedby", self._addresses.exact(one, "docs")))
        return tuple(("Link", f'<{address}>; rel="{rel}"') for rel, address in links)

    def _once(self, key: Hashable, make: Callable[[], Document]) -> Document:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


def _json(value: Resource, caching: str, headers: Headers = ()) -> Document:
    return Document(encode(value).encode(), caching=caching, headers=headers)
