"""The routes that write: create, update, patch and delete, plain and conditional.

https://hl7.org/fhir/R4/http.html#cond-update
"""

from flask import Blueprint, Response, request

from app.interactions import write as writing
from app.interactions.settling import Written
from app.interactions.write import Target
from app.model.access.client import Client
from app.model.bundle_patch import MEDIA, change_of
from app.model.bundle_response import said
from app.model.outcome import outcome
from app.model.version import Version
from app.web.bearer import bearer
from app.web.body import read_json, read_resource
from app.web.headers import about, if_match, json_reply, negotiate, preference, resource_reply
from app.web.idempotency import once
from app.web.parameters import criteria, if_none_exist
from app.web.requests import correlation
from app.web.site import Site


class Writes:
    """The writing interactions of one site; each method is one route."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._hub = site.hub

    def create(self, kind: str) -> Response:
        """Answer 201 with the first version, or 200 with what the criteria match."""
        client = self._client()
        target = Target(kind, criteria=if_none_exist(request))
        body = read_resource(request, self._site.max_body_bytes)
        key = once(request, client, body)
        return self._written(writing.create(self._hub, client, target, body, key))

    def update(self, kind: str, id: str | None = None) -> Response:
        """Answer the next version; 201 when the resource is created at its id."""
        client, target = self._client(), _target(kind, id)
        body = read_resource(request, self._site.max_body_bytes)
        return self._written(writing.update(self._hub, client, target, body, if_match(request)))

    def patch(self, kind: str, id: str | None = None) -> Response:
        """Answer the version that the patch makes."""
        client, target = self._client(), _target(kind, id)
        body = read_json(request, self._site.max_body_bytes, MEDIA)
        key = once(request, client, body)
        change, seen = change_of(request.mimetype, body), if_match(request)
        return self._written(writing.patch(self._hub, client, target, change, seen, key))

    def delete(self, kind: str, id: str | None = None) -> Response:
        """Answer 204, each time it is asked."""
        gone = writing.delete(self._hub, self._client(), _target(kind, id), if_match(request))
        return Response(status=204, headers={"ETag": gone.etag} if gone else {})

    def _client(self) -> Client:
        return bearer(self._site)

    def _written(self, written: Written) -> Response:
        version = written.version
        status = 201 if written.outcome == "created" else 200
        answer = _representation(written, version, status)
        answer.headers.update(about(version))
        answer.headers["Location"] = f"{self._site.url}/{version.key}/_history/{version.number}"
        if written.is_replayed:
            answer.headers["Idempotent-Replayed"] = "true"
        return answer


def blueprint(site: Site) -> Blueprint:
    """Return the writing routes of every type that the site publishes."""
    found = Blueprint("writes", __name__, url_prefix=site.base)
    found.before_request(negotiate)
    routes = Writes(site)
    for rule, view, method in (
        ("/<type:kind>", routes.create, "POST"),
        ("/<type:kind>", routes.update, "PUT"),
        ("/<type:kind>", routes.patch, "PATCH"),
        ("/<type:kind>", routes.delete, "DELETE"),
        ("/<type:kind>/<id:id>", routes.update, "PUT"),
        ("/<type:kind>/<id:id>", routes.patch, "PATCH"),
        ("/<type:kind>/<id:id>", routes.delete, "DELETE"),
    ):
        found.add_url_rule(rule, view_func=view, methods=[method], strict_slashes=False)
    return found


def _target(kind: str, id: str | None) -> Target:
    return Target(kind, id) if id else Target(kind, criteria=criteria(request))


def _representation(written: Written, version: Version, status: int) -> Response:
    wanted = preference(request)
    if wanted == "minimal":
        return Response(status=status)
    if wanted == "OperationOutcome":
        return json_reply(outcome([said(version, written.outcome)], correlation()), status)
    return resource_reply(version, status)
