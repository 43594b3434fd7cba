"""The versions of schemas that a request speaks of: read from its headers, told in the answer."""

from collections.abc import Iterable

from flask import Flask, Request, Response, g, request

from app.model.contracts import Contracts
from app.model.publication import Publication
from app.web.negotiation import declared, wanted
from app.web.publications.lifecycle import lifecycle_headers
from app.web.site import Site


def contracts(request: Request, origin: str) -> Contracts:
    """Return the versions that the headers of a request name; raise Malformed for nonsense."""
    return Contracts(
        written=declared(request.headers.get("Content-Type", ""), origin),
        wanted=wanted(request.headers.get("Accept", ""), origin),
    )


def register(app: Flask, site: Site) -> None:
    """Let every request see what is published by now, and every answer say under which version."""
    hub = site.hub

    @app.before_request
    def begin() -> None:
        g.contracts = Contracts()
        if request.blueprint != "health":  # which tells of an outage and must not wait for its end
            hub.publications.refresh()

    @app.after_request
    def end(answer: Response) -> Response:
        said: Contracts | None = g.get("contracts")
        if said is None or not said.used:
            return answer
        answer.vary.add("Accept")
        known = hub.registry.publications
        _tell(answer, [known[name] for name in said.used if name in known], site.origin)
        client = g.get("client_id")
        if client and request.blueprint:
            hub.usage.note(client, said.used, () if g.get("is_staff") else said.unnamed)
        return answer


def _tell(answer: Response, used: Iterable[Publication], origin: str) -> None:
    """Tell which versions are deprecated; the dates are those of the one that ends first."""
    ended = sorted((each for each in used if each.deprecated_at), key=lambda each: each.sunset)
    for place, each in enumerate(ended):
        for name, value in lifecycle_headers(each, origin):
            if name == "Link" or place == 0:
                answer.headers.add(name, value)
