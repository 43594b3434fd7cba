"""The routes of conformance runs and certificates, beside the bases."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from app.interactions.runs import judging, run
from app.interactions.runs.run import Desk
from app.model.errors import BadParameter, NotFound
from app.web.bearer import bearer
from app.web.body import read_json
from app.web.headers import json_reply
from app.web.site import Site

RUNS = "runs"
"""Under this name in `Flask.extensions` is the desk where runs are led; sandboxes have none."""
JSON = "application/json"
MOST_BYTES = 64 * 1024
MOST_DIGITS = 8
SHOWN = ("id", "state", "level", "profile", "mode", "product", "startedAt", "endedAt", "at", "step")


class Leading:
    """The routes of the runs of one site; each method is one route."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def begin(self) -> Response:
        """Make a run with a sandbox of its own."""
        made, admission = run.begin(_desk(), bearer(self._site), _body())
        told = {"clientId": admission.client, "clientSecret": admission.secret}
        return _reply({**_shown(made), "base": admission.base, **told}, 201)

    def listed(self) -> Response:
        """Answer the runs of the client's partner."""
        return _reply({"runs": [_shown(each) for each in run.mine(_desk(), bearer(self._site))]})

    def read(self, id: str) -> Response:
        """Answer how a run stands."""
        return _reply(_shown(run.read(_desk(), bearer(self._site), id)))

    def go_on(self, id: str) -> Response:
        """Answer the step that is next."""
        return _reply({"step": run.go_on(_desk(), bearer(self._site), id)})

    def done(self, id: str, key: str) -> Response:
        """Take note that the adapter ended a step."""
        return _reply(run.end_step(_desk(), bearer(self._site), id, key, _body()))

    def abort(self, id: str) -> Response:
        """End a run without a verdict."""
        return _reply(_shown(run.abort(_desk(), bearer(self._site), id)))

    def evaluate(self, id: str) -> Response:
        """Judge a run and freeze it."""
        return _reply(judging.evaluate(_desk(), self._site.hub, bearer(self._site), id))

    def report(self, id: str) -> Response:
        """Answer the report of a run."""
        return _reply(judging.told(_desk(), run.read(_desk(), bearer(self._site), id)))

    def exchanges(self, id: str) -> Response:
        """Answer what was seen after a number."""
        text = request.args.get("since", "0")
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            raise BadParameter("The value must be an integer.", "since")
        return _reply({"exchanges": run.seen(_desk(), bearer(self._site), id, int(text))})

    def unmatched(self, id: str) -> Response:
        """Answer what came to the sandbox from nobody that it knows, and why it was not taken."""
        return _reply({"unmatched": run.unmatched(_desk(), bearer(self._site), id)})

    def fault(self, id: str) -> Response:
        """Arm one fault by hand, in practice."""
        return _reply(run.arm(_desk(), bearer(self._site), id, _body()), 201)

    def certificates(self) -> Response:
        """Answer all certificates."""
        return _reply({"certificates": list(_desk().runs.certificates())})

    def certificate(self, id: str) -> Response:
        """Answer one certificate."""
        found = _desk().runs.certificates(id)
        if not found:
            raise NotFound("There is no such certificate.")
        return _reply(found[0])

    def keys(self) -> Response:
        """Answer the public keys that certificates are checked by."""
        return _reply(_desk().certificates.keys())


def blueprint(site: Site) -> Blueprint:
    """Return the routes of the production site; a sandbox has none."""
    found = Blueprint("runs", __name__)
    if site.is_sandbox:
        return found
    routes = Leading(site)
    for rule, view, method in (
        ("/conformance-runs", routes.begin, "POST"),
        ("/conformance-runs", routes.listed, "GET"),
        ("/conformance-runs/<id:id>", routes.read, "GET"),
        ("/conformance-runs/<id:id>/next", routes.go_on, "POST"),
        ("/conformance-runs/<id:id>/steps/<key>/done", routes.done, "POST"),
        ("/conformance-runs/<id:id>/abort", routes.abort, "POST"),
        ("/conformance-runs/<id:id>/evaluate", routes.evaluate, "POST"),
        ("/conformance-runs/<id:id>/report", routes.report, "GET"),
        ("/conformance-runs/<id:id>/exchanges", routes.exchanges, "GET"),
        ("/conformance-runs/<id:id>/unmatched", routes.unmatched, "GET"),
        ("/conformance-runs/<id:id>/fault", routes.fault, "POST"),
        ("/certificates", routes.certificates, "GET"),
        ("/certificates/keys", routes.keys, "GET"),
        ("/certificates/<id:id>", routes.certificate, "GET"),
    ):
        found.add_url_rule(rule, view_func=view, methods=[method], strict_slashes=False)
    return found


def _desk() -> Desk:
    found = current_app.extensions.get(RUNS)
    if found is None:
        raise NotFound("There are no conformance runs here.")
    desk: Desk = found
    return desk


def _body() -> dict[str, Any]:
    body = read_json(request, MOST_BYTES, (JSON, "application/fhir+json"))
    if not isinstance(body, dict):
        raise BadParameter("The body is an object.", "/")
    return body


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SHOWN if name in row}


def _reply(value: Any, status: int = 200) -> Response:
    answer = json_reply(value, status, JSON)
    answer.headers["Cache-Control"] = "no-store"
    return answer
