"""The desk where conformance runs are led, and what requests bring to it."""

from typing import Any

from flask import Response, current_app, request

from app.interactions.runs.run import Desk
from app.model.errors import BadParameter, NotFound
from app.web.body import read_json
from app.web.headers import json_reply

RUNS = "runs"
"""Under this name in `Flask.extensions` is the desk; sandboxes have none."""
JSON = "application/json"
MOST_BYTES = 64 * 1024


def desk() -> Desk:
    """Return the desk of the site that is asked; raise NotFound where there is none."""
    found = current_app.extensions.get(RUNS)
    if found is None:
        raise NotFound("There are no conformance runs here.")
    known: Desk = found
    return known


def asked() -> dict[str, Any]:
    """Return the object that a request brings; raise BadParameter for anything else."""
    body = read_json(request, MOST_BYTES, (JSON, "application/fhir+json"))
    if not isinstance(body, dict):
        raise BadParameter("The body is an object.", "/")
    return body


def reply(value: Any, status: int = 200) -> Response:
    """Return an answer that nobody keeps."""
    answer = json_reply(value, status, JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer
