"""A run of a partner with its sandbox, asked as its runner and its product would."""

from werkzeug.test import Client
from werkzeug.wrappers import Response

ASKED = {
    "level": 1,
    "profile": "both",
    "mode": "practice",
    "product": {"name": "CaseTrack", "version": "7.3"},
}


class Sandbox:
    """A run of a partner, and its product at work in the sandbox."""

    def __init__(self, state):
        self.partner = state.client("mdes")
        made = self.partner.post("/conformance-runs", json=ASKED)
        assert made.status_code == 201, made.text
        self.run = made.json
        self.http = Client(state.app, Response)
        self.path = "/" + made.json["base"].split("/", 3)[3]
        self.token = self.a_token()

    def a_token(self):
        form = {"grant_type": "client_credentials", "client_id": self.run["clientId"]}
        form["client_secret"] = self.run["clientSecret"]
        answer = self.http.post(f"{self.path}/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json["access_token"]

    def ask(self, method, path, body=None, **headers):
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        return self.http.open(f"{self.path}/{path}", method=method, json=body, headers=sent)

    def of_run(self, path, verb="GET", /, **body):
        address = f"/conformance-runs/{self.run['id']}{path}"
        return self.partner.open(address, method=verb, json=body or None)
