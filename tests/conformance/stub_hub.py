"""A hub of a few lines for the client: it answers from lists, and keeps what it was sent."""

import httpx

from conformance.client.hub import Hub
from evidence import a_profile

BASE = "https://hub.example/cf/k7"
SMART = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
ONE = "ParticipantProfile/p1"


class StubHub:
    """Answers from a list of answers for each `METHOD path`, the last of them again and again."""

    def __init__(self, **answers):
        self.seen = []
        self.version = "1.0.0"
        self.answers = {
            "GET metadata": [self.metadata],
            "POST elsewhere/token": [self.token],
            **{name.replace("__", " "): list(some) for name, some in answers.items()},
        }

    def __call__(self, request):
        self.seen.append(request)
        name = f"{request.method} {str(request.url).removeprefix(BASE)[1:].partition('?')[0]}"
        waiting = self.answers[name]
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(found, Exception):
            raise found
        return found(request) if callable(found) else found

    def metadata(self, _request=None):
        kinds = ("ParticipantProfile", "Referral")
        roots = {each: f"https://hub.wioa.example/schemas/{each}/{self.version}" for each in kinds}
        uris = [{"url": "token", "valueUri": f"{BASE}/elsewhere/token"}]
        side = {
            "security": {"extension": [{"url": SMART, "extension": uris}]},
            "resource": [{"type": each, "profile": root} for each, root in roots.items()],
        }
        return httpx.Response(200, json={"implementation": {"url": BASE}, "rest": [side]})

    def token(self, _request=None):
        number = sum("token" in str(each.url) for each in self.seen)
        return httpx.Response(200, json={"access_token": f"t{number}", "expires_in": 300})

    def asked(self, name):
        method, path = name.split(" ")
        return [
            e for e in self.seen if e.method == method and str(e.url).startswith(f"{BASE}/{path}")
        ]

    def client(self, **more):
        return Hub(
            BASE, "me", "secret", http=httpx.Client(transport=httpx.MockTransport(self)), **more
        )


def record(version=1, **changes):
    return httpx.Response(
        200, json=a_profile("p1", version, **changes), headers={"ETag": f'W/"{version}"'}
    )


def page(ids, more=""):
    link = [{"relation": "next", "url": f"{BASE}/{more}"}] if more else []
    found = [{"resource": a_profile(each, 1)} for each in ids]
    return httpx.Response(200, json={"resourceType": "Bundle", "link": link, "entry": found})


def busy(status=503, seconds="2"):
    return httpx.Response(status, headers={"Retry-After": seconds})
