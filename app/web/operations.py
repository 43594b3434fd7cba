"""The routes of the operations, one for each signature.

https://hl7.org/fhir/R4/operations.html
"""

from collections.abc import Callable

from flask import Blueprint, Response, request

from app.interactions.operations import Call, Operation
from app.interactions.operations.table import OPERATIONS
from app.web.bearer import bearer
from app.web.body import read_resource
from app.web.headers import about, json_reply, negotiate
from app.web.idempotency import once
from app.web.parameters import pairs
from app.web.site import Site


def blueprint(site: Site) -> Blueprint:
    """Return the routes of all operations."""
    found = Blueprint("operations", __name__, url_prefix=site.base)
    found.before_request(negotiate)
    for each in OPERATIONS:
        signature = each.signature
        rule = "/" + signature.path.replace("{id}", "<id:id>")
        name = f"{signature.kind}-{signature.name}-{signature.method}"
        view = _view(site, each)
        methods = [signature.method]
        found.add_url_rule(rule, name, view, methods=methods, strict_slashes=False)
    return found


def _view(site: Site, operation: Operation) -> Callable[..., Response]:
    signature = operation.signature

    def view(id: str = "") -> Response:
        client = bearer(site)
        key = None
        if signature.method == "GET":
            inputs = signature.asked(pairs(request))
        else:
            body = read_resource(request, site.max_body_bytes)
            inputs = signature.told(body)
            key = once(request, client, body) if signature.writes else None
        answer = operation.run(Call(site.hub, client, inputs, site.url, id, key))
        version = answer.version
        found = json_reply(answer.body, answer.status)
        if version is not None:
            found.headers.update(about(version))
            found.headers["Location"] = f"{site.url}/{version.key}/_history/{version.number}"
        if answer.is_replayed:
            found.headers["Idempotent-Replayed"] = "true"
        return found

    return view
