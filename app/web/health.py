"""What probes ask: whether the process lives, and whether it can serve."""

from http import HTTPStatus

from flask import Blueprint, Response

from app.model.errors import Unavailable
from app.web.headers import json_reply
from app.web.site import Site


def blueprint(site: Site) -> Blueprint:
    """Return `/health/live`, which touches nothing, and `/health/ready`, which reads a row."""
    routes = Blueprint("health", __name__, url_prefix="/health")

    @routes.get("/live", strict_slashes=False)
    def live() -> Response:
        return _health("up")

    @routes.get("/ready", strict_slashes=False)
    def ready() -> Response:
        if site.is_ready():
            return _health("ready")
        answer = _health("unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        answer.headers["Retry-After"] = str(Unavailable.retry_after)
        return answer

    return routes


def _health(status: str, code: int = HTTPStatus.OK) -> Response:
    return json_reply({"status": status}, code, "application/json")
