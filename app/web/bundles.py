"""The route of batches and transactions.

https://hl7.org/fhir/R4/http.html#transaction
"""

from typing import cast

from flask import Blueprint, Response, request

from app.interactions.batch import Done, batch
from app.interactions.transaction import transaction
from app.model.bundle_request import BundleRequest, Entry, parse
from app.model.bundle_response import Manner, response
from app.model.errors import HubError
from app.web.bearer import bearer
from app.web.body import read_resource
from app.web.errors import STATUS
from app.web.headers import json_reply, negotiate, preference
from app.web.idempotency import once
from app.web.requests import correlation
from app.web.site import Site


def blueprint(site: Site) -> Blueprint:
    """Return the route of `[base]`, with and without a slash at its end."""
    found = Blueprint("bundles", __name__, url_prefix=site.base)
    found.before_request(negotiate)

    def bundle(kind: str) -> Response:  # noqa: ARG001 - names the root of every refusal's path
        """Answer a batch or a transaction, entry by entry."""
        client = bearer(site)
        body = read_resource(request, site.max_body_bytes)
        asked = parse(body, site.url, site.max_bundle_entries)
        key = once(request, client, body)
        if asked.kind == "batch":
            return _reply(site, asked, batch(site.hub, client, asked.entries, site.url, key))
        entries = cast("list[Entry]", asked.entries)
        return _reply(site, asked, transaction(site.hub, client, entries, site.url, key))

    found.add_url_rule(
        "", view_func=bundle, methods=["POST"], defaults={"kind": "Bundle"}, strict_slashes=False
    )
    return found


def _reply(site: Site, asked: BundleRequest, done: Done) -> Response:
    manner = Manner(site.url, preference(request), correlation(), _status)
    answer = json_reply(response(asked.kind, done.answers, manner))
    if done.is_replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _status(error: HubError) -> int:
    return STATUS.get(type(error), 500)
