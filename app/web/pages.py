"""The pages for people beside the bases: `/` and `/docs`."""

from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, send_from_directory

from app.model.capability import RELEASE
from app.web.headers import json_reply
from app.web.site import Site

JSON = "application/json"
BROWSER = str(files("flask_swagger_ui") / "dist")
"""The files of Swagger UI, as its Python package ships them: nothing comes from elsewhere."""

OWN_ORIGIN = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "frame-ancestors 'none'"
    )
}
"""The browser itself refuses whatever is not ours; Swagger UI writes style attributes."""


def blueprint(site: Site) -> Blueprint:
    """Return the routes of `[origin]` that need no token and touch no resource."""
    routes = Blueprint("pages", __name__, template_folder="templates")

    @routes.get("/")
    def home() -> Response:
        offered = request.accept_mimetypes.best_match(["text/html", JSON, "application/fhir+json"])
        if offered not in (None, "text/html"):
            answer = json_reply(_summary(site), media=JSON)
        else:
            answer = _page("home.html", site=site, release=RELEASE, types=_types(site))
        answer.vary.add("Accept")
        return answer

    @routes.get("/docs", strict_slashes=False)
    def docs() -> Response:
        return _page("docs.html")

    @routes.get("/docs/start.js")
    def docs_start() -> Response:
        script = make_response(render_template("docs.js"))
        script.mimetype = "text/javascript"
        return script

    @routes.get("/docs/<path:name>")
    def docs_asset(name: str) -> Response:
        return send_from_directory(BROWSER, name)

    return routes


def _page(template: str, **values: Any) -> Response:
    page = make_response(render_template(template, **values))
    page.headers.update(OWN_ORIGIN)
    return page


def _types(site: Site) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "kind": str(kind.schema["x-kind"]),
            "version": kind.version,
            "description": str(kind.schema.get("description", "")),
            "url": f"{site.origin}/schemas/{name}/{kind.version}",
        }
        for name, kind in sorted(site.hub.registry.types.items())
    ]


def _summary(site: Site) -> dict[str, Any]:
    return {
        "name": "WIOA Hub",
        "release": RELEASE,
        "base": site.url,
        "metadata": f"{site.url}/metadata",
        "token": f"{site.url}/oauth/token",
        "openapi": f"{site.origin}/openapi.json",
        "docs": f"{site.origin}/docs",
        "schemas": f"{site.origin}/schemas",
        "health": {
            "live": f"{site.origin}/health/live",
            "ready": f"{site.origin}/health/ready",
        },
        "types": _types(site),
    }
