"""The routes of conformance runs, beside the bases."""

from typing import Any

from flask import Blueprint, Response, request

from app.interactions.runs import judging, run
from app.model.errors import BadParameter
from app.web.bearer import bearer
from app.web.desk import asked, desk, reply
from app.web.site import Site

MOST_DIGITS = 8
SHOWN = ("id", "state", "level", "profile", "mode", "product", "startedAt", "endedAt", "at", "step")


class Leading:
    """The routes of the runs of one site; each method is one route."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def begin(self) -> Response:
        """Make a run with a sandbox of its own."""
        made, admission = run.begin(desk(), bearer(self._site), asked())
        told = {"clientId": admission.client, "clientSecret": admission.secret}
        return reply({**_shown(made), "base": admission.base, **told}, 201)

    def listed(self) -> Response:
        """Answer the runs of the client's partner."""
        return reply({"runs": [_shown(each) for each in run.mine(desk(), bearer(self._site))]})

    def read(self, id: str) -> Response:
        """Answer how a run stands."""
        return reply(_shown(run.read(desk(), bearer(self._site), id)))

    def go_on(self, id: str) -> Response:
        """Answer the step that is next."""
        return reply({"step": run.go_on(desk(), bearer(self._site), id)})

    def done(self, id: str, key: str) -> Response:
        """Take note that the adapter ended a step."""
        return reply(run.end_step(desk(), bearer(self._site), id, key, asked()))

    def abort(self, id: str) -> Response:
        """End a run without a verdict."""
        return reply(_shown(run.abort(desk(), bearer(self._site), id)))

    def evaluate(self, id: str) -> Response:
        """Judge a run and freeze it."""
        return reply(judging.evaluate(desk(), self._site.hub, bearer(self._site), id))

    def report(self, id: str) -> Response:
        """Answer the report of a run."""
        return reply(judging.told(desk(), run.read(desk(), bearer(self._site), id)))

    def exchanges(self, id: str) -> Response:
        """Answer what was seen after a number."""
        text = request.args.get("since", "0")
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            raise BadParameter("The value must be an integer.", "since")
        return reply({"exchanges": run.seen(desk(), bearer(self._site), id, int(text))})

    def unmatched(self, id: str) -> Response:
        """Answer what came to the sandbox from nobody that it knows, and why it was not taken."""
        return reply({"unmatched": run.unmatched(desk(), bearer(self._site), id)})

    def fault(self, id: str) -> Response:
        """Arm one fault by hand, in practice."""
        return reply(run.arm(desk(), bearer(self._site), id, asked()), 201)


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
    ):
        found.add_url_rule(rule, view_func=view, methods=[method], strict_slashes=False)
    return found


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SHOWN if name in row}
