"""The route of the change feed, which can wait for what comes next."""

import time
from threading import BoundedSemaphore

from flask import Blueprint, Response, current_app, request

from app.interactions.changes import Reader, reader
from app.model import bundle
from app.model.feed import Change, Place, parse
from app.web.bearer import bearer
from app.web.headers import json_reply, negotiate
from app.web.parameters import pairs
from app.web.site import Site

GLANCE_SECONDS = 0.1
STOPPING = "is_stopping"
"""Under this name in `Flask.extensions` is a function that says whether the server is to end."""


def blueprint(site: Site) -> Blueprint:
    """Return `[base]/$changes`."""
    found = Blueprint("changes", __name__, url_prefix=site.base)
    found.before_request(negotiate)
    waiters = BoundedSemaphore(site.max_waiting) if site.max_waiting else None

    @found.get("/$changes", strict_slashes=False)
    def changes() -> Response:
        """Answer what follows the cursor, after some seconds at most."""
        client = bearer(site)
        query = parse(pairs(request), site.hub.registry.types)
        asking = reader(site.hub, site.feed, client, query)
        news, place = asking.changes(asking.place())
        # Who may not wait is answered at once, so that waiting never keeps others from working.
        if not news and query.wait and waiters and waiters.acquire(blocking=False):
            try:
                news, place = _waited(site, asking, place)
            finally:
                waiters.release()
        return json_reply(bundle.changes(site.url, asking.page(news, place)))

    return found


def _waited(site: Site, asking: Reader, place: Place) -> tuple[list[Change], Place]:
    """Return the first changes that come, or none when the time asked for is over."""
    end = time.monotonic() + asking.query.wait
    is_stopping = current_app.extensions.get(STOPPING, bool)
    news: list[Change] = []
    while not news and time.monotonic() < end and not is_stopping():
        time.sleep(GLANCE_SECONDS)
        if site.feed.has_grown(place):
            news, place = asking.changes(place)
    return news, place
