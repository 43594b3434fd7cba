"""The published contracts: every version under an address that never changes, and all about it."""

from collections.abc import Callable, Collection

from flask import Blueprint, Response, request

from app.model.errors import BadParameter, NotFound
from app.model.publication import Publication
from app.model.registry import ANNOTATIONS
from app.web.documents import Document, Remade
from app.web.publications.edition import HTML, MARKDOWN, Edition
from app.web.site import Site

JSON = "application/json"
PAGE_FORMS = {"html": HTML, "md": MARKDOWN}
COMPARISON_FORMS = {"json": JSON, "html": HTML}

BUNDLE = ("", "true")
"""How `?bundle` may be spelled."""


class Publications:
    """What is published at one origin; each method is one route."""

    def __init__(self, site: Site) -> None:
        self._hub = site.hub
        judge = site.hub.desk.judge
        self._edition = Remade(lambda registry: Edition(registry, site.origin, judge))

    def catalog(self) -> Response:
        """Answer every schema with its versions."""
        return self._now().listed().reply()

    def meta(self) -> Response:
        """Answer the meta-schema that says which words the schemas here may use."""
        return self.current(ANNOTATIONS)

    def current(self, name: str) -> Response:
        """Answer the current version and say which one it is."""
        edition = self._now()
        return edition.found(edition.catalog.current(name)).reply()

    def schema(self, name: str, version: str) -> Response:
        """Answer exactly this version, or say which one is the newest of a partial number."""
        edition = self._now()
        one = edition.catalog.found(name, version)
        if _asked("bundle", BUNDLE) is not None:
            return _placed(edition.bundle(one), one, version, "?bundle")
        return (edition.exact(one) if one.version == version else edition.found(one)).reply()

    def status(self, name: str, version: str) -> Response:
        """Answer where the version stands."""
        return self._part(name, version, Edition.status)

    def report(self, name: str, version: str) -> Response:
        """Answer what the gates found before the version was published."""
        return self._part(name, version, Edition.report)

    def examples(self, name: str, version: str) -> Response:
        """Answer documents that the version takes."""
        return self._part(name, version, lambda now, one: now.examples(one, is_valid=True))

    def invalid_examples(self, name: str, version: str) -> Response:
        """Answer documents that the version refuses."""
        return self._part(name, version, lambda now, one: now.examples(one, is_valid=False))

    def docs(self, name: str, version: str) -> Response:
        """Answer the page of the version, for people."""
        media = _form(PAGE_FORMS)
        answer = self._part(name, version, lambda now, one: now.docs(one, media))
        answer.vary.add("Accept")
        return answer

    def compare(self, name: str) -> Response:
        """Answer how two versions differ and who notices."""
        edition, media = self._now(), _form(COMPARISON_FORMS)
        catalog, since, to = edition.catalog, _asked("from"), _asked("to")
        new = catalog.current(name) if to is None else catalog.found(name, to)
        old = catalog.neighbours(new)[0] if since is None else catalog.found(name, since)
        if old is None:
            raise NotFound("There is no earlier version to compare with.", "from")
        answer = edition.comparison(old, new, media).reply()
        answer.vary.add("Accept")
        return answer

    def _now(self) -> Edition:
        return self._edition(self._hub.registry)

    def _part(
        self, name: str, version: str, part: Callable[[Edition, Publication], Document]
    ) -> Response:
        edition = self._now()
        one = edition.catalog.found(name, version)
        suffix = request.path.rstrip("/").rpartition("/")[2]
        return _placed(part(edition, one), one, version, f"/{suffix}")


def blueprint(site: Site) -> Blueprint:
    """Return the routes below `[origin]/schemas`; they need no token."""
    found = Blueprint("schemas", __name__, url_prefix="/schemas", template_folder="../templates")
    routes = Publications(site)
    for rule, view in (
        ("", routes.catalog),
        ("/meta", routes.meta),
        ("/<name>", routes.current),
        ("/<name>/compare", routes.compare),
        ("/<name>/<part:version>", routes.schema),
        ("/<name>/<part:version>/status", routes.status),
        ("/<name>/<part:version>/report", routes.report),
        ("/<name>/<part:version>/examples", routes.examples),
        ("/<name>/<part:version>/invalid-examples", routes.invalid_examples),
        ("/<name>/<part:version>/docs", routes.docs),
    ):
        found.add_url_rule(rule, view_func=view, methods=["GET"], strict_slashes=False)
    return found


def _placed(document: Document, one: Publication, version: str, suffix: str) -> Response:
    """Answer a part of a version; who named it in part only is told which one it is."""
    answer = document.reply()
    if one.version != version:
        answer.headers["Content-Location"] = f"/schemas/{one.type}/{one.version}{suffix}"
        answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def _form(forms: dict[str, str]) -> str:
    """Return the media type to answer in, by `format` or Accept; the first of all by default."""
    said = _asked("format", forms)
    if said is not None:
        return forms[said]
    offered = list(forms.values())
    return request.accept_mimetypes.best_match(offered) or offered[0]


def _asked(name: str, allowed: Collection[str] = ()) -> str | None:
    """Return a parameter of the query, None without it.

    Raises BadParameter for one that is given twice or is none of the `allowed`, if any are named.
    """
    given = request.args.getlist(name)
    if len(given) > 1:
        raise BadParameter("This parameter is given once at most.", name)
    if given and allowed and given[0] not in allowed:
        raise BadParameter("This value is not offered here.", name, allowed=tuple(allowed))
    return given[0] if given else None
