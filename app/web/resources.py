"""The routes that read: read, vread, search and $validate, one function each.

https://hl7.org/fhir/R4/http.html
"""

import re

from flask import Blueprint, Response, request

from app.interactions import read as reading
from app.interactions.search import search
from app.interactions.validate import validate
from app.model import bundle
from app.model.access.client import Client
from app.model.errors import BadParameter, NotFound
from app.model.outcome import outcome
from app.model.version import Key, Version
from app.web.bearer import bearer
from app.web.body import read_resource
from app.web.headers import about, is_not_modified, json_reply, negotiate, resource_reply
from app.web.parameters import pairs
from app.web.requests import correlation
from app.web.site import Site

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}\Z")


class Resources:
    """The interactions of one site; each method is one route."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._hub = site.hub

    def read(self, kind: str, id: str) -> Response:
        """Answer the current version, or 304 when the client has it."""
        version = reading.read(self._hub, self._client(), _key(kind, id))
        if is_not_modified(request, version):
            return Response(status=304, headers=about(version))
        return self._version(version)

    def vread(self, kind: str, id: str, number: str) -> Response:
        """Answer one version."""
        if not _NUMBER.match(number):
            raise NotFound(f"{kind} has no such id or version.")
        version = reading.vread(self._hub, self._client(), _key(kind, id), int(number))
        if is_not_modified(request, version):
            return Response(status=304, headers=about(version))
        return self._version(version)

    def search(self, kind: str) -> Response:
        """Answer one page of matches."""
        client = self._client()
        page = search(self._hub, client, kind, pairs(request))
        text = bundle.searchset(self._site.url, page)
        return json_reply(text)

    def validate(self, kind: str, id: str = "") -> Response:
        """Answer 200 with every fault of a resource, alone or as the `resource` parameter."""
        client = self._client()
        body = self._body()
        if body.get("resourceType") == "Parameters":
            body = _parameter(body)
        issues = validate(self._hub, client, kind, body, id)
        return json_reply(outcome(issues, correlation(), kind))

    def _client(self) -> Client:
        return bearer(self._site)

    def _body(self) -> dict[str, object]:
        return read_resource(request, self._site.max_body_bytes)

    def _version(self, version: Version) -> Response:
        answer = resource_reply(version)
        answer.headers.update(about(version))
        return answer


def blueprint(site: Site) -> Blueprint:
    """Return the routes of every type that the site publishes."""
    found = Blueprint("resources", __name__, url_prefix=site.base)
    found.before_request(negotiate)
    routes = Resources(site)
    for rule, view, method in (
        ("/<type:kind>", routes.search, "GET"),
        ("/<type:kind>/<id:id>", routes.read, "GET"),
        ("/<type:kind>/<id:id>/_history/<number>", routes.vread, "GET"),
        ("/<type:kind>/$validate", routes.validate, "POST"),
        ("/<type:kind>/<id:id>/$validate", routes.validate, "POST"),
    ):
        found.add_url_rule(rule, view_func=view, methods=[method], strict_slashes=False)
    return found


def _key(kind: str, id: str) -> Key:
    if not _ID.match(id):
        raise NotFound(f"There is no {kind} with this id.")
    return Key(kind, id)


def _parameter(parameters: dict[str, object]) -> dict[str, object]:
    given = parameters.get("parameter")
    for each in given if isinstance(given, list) else []:
        if isinstance(each, dict) and each.get("name") == "resource":
            resource = each.get("resource")
            if isinstance(resource, dict):
                return resource
    raise BadParameter("Parameters must hold the resource to validate.", "resource")
