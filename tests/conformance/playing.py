"""Plays runs: a product at work in a sandbox of the hub, step by step, as an adapter would."""

import time

import httpx

from app.web.desk import RUNS
from conformance.client.hub import Hub
from conformance.client.product import CaseTrack
from conformance.client.steps import steps
from conformance.mutants import mutants
from conformance.stage import LATE_SECONDS

PRODUCT = {"name": "CaseTrack", "version": "7.3"}


class Line(httpx.WSGITransport):
    """A line to the hub without a network; cut and late is what it is on a real one."""

    def handle_request(self, request):
        began = time.monotonic()
        try:
            answer = super().handle_request(request)
            answer.read()
        except ConnectionResetError:
            raise httpx.ReadError("The line was cut.", request=request) from None
        if time.monotonic() - began > LATE_SECONDS:
            raise httpx.ReadTimeout("Nobody waits so long.", request=request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


class Run:
    """One run of one product, led over the routes of the hub under test."""

    def __init__(self, state, mutant=None, **asked):
        given = {"level": 1, "mode": "practice", "profile": "both", "product": PRODUCT} | asked
        self.state = state
        self.partner = state.client("mdes")
        made = self.partner.post("/conformance-runs", json=given)
        assert made.status_code == 201, made.text
        self.told = made.json
        self.http = httpx.Client(transport=Line(app=state.app), timeout=30)
        kinds = mutants()[mutant] if mutant else None
        hub, product = (kinds.hub, kinds.product) if kinds else (Hub, CaseTrack)
        steps()
        words = self.told["base"], self.told["clientId"], self.told["clientSecret"]
        self.product = product(hub(*words, http=self.http))
        self.outcomes = []

    def ask(self, path, **body):
        address = f"/conformance-runs/{self.told['id']}{path}"
        answer = self.partner.post(address, json=body or None)
        assert answer.status_code == 200, answer.text
        return answer.json

    def play(self):
        """Do every step; return the report."""
        while step := self.ask("/next")["step"]:
            status, detail = self._done(step)
            self.outcomes.append((step["key"], status, detail))
            self.ask(f"/steps/{step['key']}/done", status=status, detail=detail)
        return self.ask("/evaluate")

    def people(self):
        """Return the people that the seed made."""
        world = self.state.app.extensions[RUNS].runs.get(self.told["id"])["world"]
        return list(world["people"].values())

    def _done(self, step):
        try:
            outcome = self.product.do(step["name"], step["data"])
        except Exception as error:  # noqa: BLE001 - a product that falls over stops no run
            return "error", type(error).__name__
        return outcome.status, outcome.detail


def words(report):
    """Return the verdicts of a report by requirement."""
    return {each["id"]: each["verdict"] for each in report["verdicts"]}
