"""The routes of searches besides GET of a type: by a form, across types, in a compartment.

https://hl7.org/fhir/R4/http.html#search
"""

from flask import Blueprint, Request, Response, request

from app.interactions.compartment import search_compartment
from app.interactions.search import search
from app.interactions.search_system import search_system
from app.model import bundle
from app.model.errors import BadParameter
from app.model.pair import InBody
from app.model.query import SearchPage
from app.model.query_string import MAX_PARAMETERS, decoded
from app.model.version import Key
from app.web.bearer import bearer
from app.web.body import read_bytes, refuse_media
from app.web.forms import FORM
from app.web.headers import json_reply, negotiate
from app.web.parameters import pairs
from app.web.site import Site

MOST_BYTES = 256 * 1024
"""Longest form of a search, in bytes."""


def blueprint(site: Site) -> Blueprint:
    """Return the routes of a site."""
    found = Blueprint("search", __name__, url_prefix=site.base)
    found.before_request(negotiate)
    hub = site.hub

    def of_type(kind: str) -> Response:
        """Answer one page of matches of a type; the parameters are in the body."""
        client = bearer(site)
        return _reply(site, search(hub, client, kind, form_pairs(request)))

    def of_system() -> Response:
        """Answer one page of matches of several types."""
        return _reply(site, search_system(hub, bearer(site), pairs(request)))

    def of_system_form() -> Response:
        """Answer one page of matches of several types; the parameters are in the body."""
        return _reply(site, search_system(hub, bearer(site), form_pairs(request)))

    def of_compartment(kind: str, id: str, inside: str) -> Response:
        """Answer one page of what belongs to one resource."""
        client = bearer(site)
        return _reply(site, search_compartment(hub, client, Key(kind, id), inside, pairs(request)))

    def of_compartment_form(kind: str, id: str, inside: str) -> Response:
        """Answer one page of what belongs to one resource; the parameters are in the body."""
        client = bearer(site)
        asked = form_pairs(request)
        return _reply(site, search_compartment(hub, client, Key(kind, id), inside, asked))

    for rule, view, method in (
        ("/<type:kind>/_search", of_type, "POST"),
        ("", of_system, "GET"),
        ("/_search", of_system_form, "POST"),
        ("/<type:kind>/<id:id>/<type:inside>", of_compartment, "GET"),
        ("/<type:kind>/<id:id>/<type:inside>/_search", of_compartment_form, "POST"),
    ):
        found.add_url_rule(rule, view_func=view, methods=[method], strict_slashes=False)
    return found


def form_pairs(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of the address and then those of the form in the body.

    Raises UnsupportedMedia for a body that is no form, TooLarge, and BadParameter.
    """
    text = read_bytes(request, MOST_BYTES)
    if text:
        refuse_media(request, (FORM,))
    found = [*pairs(request), *(InBody(*pair) for pair in decoded(text))]
    if len(found) > MAX_PARAMETERS:
        raise BadParameter(f"A query has at most {MAX_PARAMETERS} parameters.")
    return found


def _reply(site: Site, page: SearchPage) -> Response:
    return json_reply(bundle.searchset(site.url, page))
