"""Makes requests of the corpus of bad input, and says what is wrong with an answer to one.

The corpus is data (tests/web/corpus), to be read and taken by others: `@C` stands for the canary, a
value that no refusal may repeat; {"before", "repeat", "times", "after", "close"} spares long texts,
`#` in it is a number; {"hex"} holds bytes.
"""

import copy
import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from builders import a_profile

CORPUS = Path(__file__).with_name("corpus")
CANARY = "CANARY000987654"
HUNG_SECONDS = 5.0
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AGENCY, PROFILE = "/v1/Agency", "/v1/ParticipantProfile"
SEARCHES = (
    ("GET", AGENCY),
    ("GET", PROFILE),
    ("GET", "/v1"),
    ("GET", f"{AGENCY}/_history"),
    ("GET", "/v1/_history"),
    ("GET", f"{AGENCY}/x/_history"),
    ("GET", "/v1/$changes"),
    ("GET", f"{PROFILE}/x/Referral"),
    ("POST", f"{AGENCY}/_search"),
    ("POST", "/v1/_search"),
    ("POST", f"{PROFILE}/x/Referral/_search"),
)
"""Routes that read a query string."""
WRITES = (
    ("POST", AGENCY, JSON),
    ("PUT", f"{AGENCY}/x", JSON),
    ("PUT", f"{AGENCY}?_id=x", JSON),
    ("PATCH", f"{AGENCY}/x", {"Content-Type": "application/json-patch+json"}),
    ("PATCH", f"{AGENCY}/x", {"Content-Type": "application/merge-patch+json"}),
    ("PATCH", f"{AGENCY}?_id=x", {"Content-Type": "application/json-patch+json"}),
    ("POST", f"{PROFILE}", {"Content-Type": "application/fhir+json"}),
    ("PUT", f"{PROFILE}/x", JSON),
    ("POST", "/v1", JSON),
)
"""Routes that read a body and write."""
VALIDATIONS = (
    ("POST", f"{AGENCY}/$validate", JSON),
    ("POST", f"{AGENCY}/x/$validate", JSON),
    ("POST", f"{PROFILE}/$validate", JSON),
)


class Case(NamedTuple):
    """One request; `harmless` are the statuses below 400 that are right, `path` is encoded."""

    name: str
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    harmless: tuple = ()


def corpus(name):
    """Return the content of one file of the corpus with the canary in its place."""
    text = (CORPUS / f"{name}.json").read_text("utf-8")
    return json.loads(text.replace("@C", CANARY))


def spelt(value):
    """Return the bytes that a text, a repetition or a row of digits stands for."""
    if isinstance(value, str):
        return value.encode()
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    one, times = value["repeat"], value["times"]
    numbered = (one.replace("#", str(each)) for each in range(times))
    middle = "".join(numbered) if "#" in one else one * times
    end = value.get("close", "") * times
    return (value["before"] + middle + value["after"] + end).encode()


def addresses():
    for method, target, *harmless in corpus("addresses")["cases"]:
        path, _, query = target.partition("?")
        headers = JSON if method in ("POST", "PUT", "PATCH") else {}
        body = b"{}" if headers else b""
        yield Case(f"{method} {target}", method, path, query, headers, body, tuple(harmless))


def queries():
    found = corpus("queries")
    for kind, harmless in (("refused", ()), ("harmless", (200,))):
        for why, value in found[kind].items():
            query = spelt(value).decode().encode("utf-8", "replace").decode("latin-1")
            for method, path in SEARCHES:
                yield Case(f"{why}: {method} {path}", method, path, query, {}, b"", harmless)
            for method, path in (("DELETE", PROFILE), ("PUT", PROFILE), ("PATCH", PROFILE)):
                if kind == "refused":
                    yield Case(f"{why}: {method} {path}", method, path, query, JSON, b"{}")


def searched_forms():
    for why, value in corpus("queries")["refused"].items():
        for method, path in SEARCHES:
            # The format of an answer is asked for in the address.
            if method == "POST" and not why.startswith("a format"):
                yield Case(f"{why}: form {path}", method, path, "", FORM, spelt(value))


def bodies():
    found = corpus("bodies")
    for kind in ("malformed", "invalid"):
        for why, value in found[kind].items():
            body = spelt(value)
            for method, target, headers in (*WRITES, *VALIDATIONS):
                path, _, query = target.partition("?")
                told = (200,) if "$validate" in path and kind == "invalid" else ()
                name = f"{why}: {method} {target} as {headers['Content-Type']}"
                yield Case(name, method, path, query, headers, body, told)


def headers():
    found = corpus("headers")
    places = {
        "all": (
            ("GET", "/v1/metadata"),
            ("GET", f"{AGENCY}/x"),
            ("GET", "/docs"),
            ("POST", AGENCY),
        ),
        "resource": (("GET", f"{AGENCY}/x"), ("GET", AGENCY), ("POST", AGENCY), ("POST", "/v1")),
        "write": (("POST", AGENCY), ("PUT", f"{PROFILE}/x"), ("POST", "/v1")),
        "precondition": (("PUT", f"{AGENCY}/x"), ("PATCH", f"{PROFILE}/x")),
        "any": (("GET", f"{AGENCY}/x"), ("GET", "/v1/metadata"), ("GET", "/docs"), ("GET", AGENCY)),
    }
    for kind, routes in places.items():
        for why, sent in found[kind].items():
            for method, path in routes:
                own = JSON if method != "GET" else {}
                spelt_out = {name: spelt(value).decode() for name, value in sent.items()}
                told = (200, 206, 304) if kind == "any" else ()
                body = b"[]" if method != "GET" else b""
                yield Case(f"{why}: {method} {path}", method, path, "", own | spelt_out, body, told)


def forms():
    for why, value in corpus("forms")["cases"].items():
        yield Case(why, "POST", "/v1/oauth/token", "", FORM, spelt(value))
    for why, sent in (("no form", JSON), ("no media type", {}), ("compressed", FORM)):
        more = {"Content-Encoding": "gzip"} if why == "compressed" else {}
        yield Case(why, "POST", "/v1/oauth/token", "", sent | more, CANARY.encode())
    yield Case("an address", "POST", "/v1/oauth/token", f"client_secret={CANARY}", FORM, b"")


def bundles():
    found = corpus("bundles")
    for why, value in found["bundles"].items():
        yield Case(why, "POST", "/v1", "", JSON, json.dumps(value).encode())
    for why, entry in found["entries"].items():
        for kind in ("batch", "transaction"):
            value = {"resourceType": "Bundle", "type": kind, "entry": [entry]}
            # What is not there is told in its place; nothing else follows from reading it.
            is_read = isinstance(entry, dict) and "GET" in str(entry.get("request"))
            told = (200,) if kind == "batch" or is_read else ()
            body = json.dumps(value).encode()
            yield Case(f"{why}: {kind}", "POST", "/v1", "", JSON, body, told)
    many = {"resourceType": "Bundle", "type": "batch", "entry": [found["entries"]["null"]] * 5000}
    yield Case("5,000 entries", "POST", "/v1", "", JSON, json.dumps(many).encode())


def patches(path):
    found = corpus("patches")
    for media in ("json-patch", "merge-patch"):
        sent = {"Content-Type": f"application/{media}+json", "If-Match": "*"}
        for why, value in found[media].items():
            yield Case(f"{media}: {why}", "PATCH", path, "", sent, json.dumps(value).encode())
    sent = {"Content-Type": "application/json-patch+json", "If-Match": "*"}
    for why, steps in found["bombs"].items():
        value = [step for each in steps for step in _steps(each)]
        yield Case(why, "PATCH", path, "", sent, json.dumps(value).encode())


def _steps(step):
    return [copy.deepcopy(step["repeat"])] * step["times"] if "repeat" in step else [step]


def a_profile_path(http):
    """Return the address of a new profile with a telephone."""
    body = a_profile(telecom=[{"system": "phone", "value": "601-555-0101"}])
    reply = http.post(PROFILE, json=body)
    assert reply.status_code == 201, reply.text
    return f"{PROFILE}/{reply.json['id']}"


def send(http, case):
    """Send a case as it is, past all that a test client would make right; return the answer."""
    environ = {
        "PATH_INFO": unquote_to_bytes(case.path).decode("latin-1"),
        "QUERY_STRING": case.query,
        "REQUEST_URI": case.path,
    }
    began = time.monotonic()
    reply = http.open(
        "/",
        method=case.method,
        headers=dict(case.headers),
        data=case.body,
        environ_overrides=environ,
    )
    return reply, time.monotonic() - began


def faults(reply, seconds, case):
    """Yield what is wrong with the answer to a case."""
    status = reply.status_code
    if status >= 500:
        yield f"{status} {reply.text[:200]}"
    if status < 400 and status not in case.harmless:
        yield f"{status} is no refusal"
    if status >= 400 and case.method != "HEAD":
        yield from _misshapen(reply, case)
    is_outcome = status >= 400 or (reply.is_json and b"OperationOutcome" in reply.data)
    if is_outcome and CANARY in reply.text + str(reply.headers):
        yield f"{status} repeats what was sent: {reply.text[:200]}"
    if seconds > HUNG_SECONDS:
        yield f"{seconds:.1f} s"


def _misshapen(reply, case):
    body = reply.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        yield f"{reply.status_code} without JSON: {reply.text[:80]!r}"
    elif case.path.rstrip("/").endswith("/oauth/token") and case.method == "POST":
        if not {"error", "error_description"} <= set(body):
            yield f"{reply.status_code} is no OAuth error: {reply.text[:80]}"
    elif body.get("resourceType") != "OperationOutcome" or not body.get("issue"):
        yield f"{reply.status_code} is no OperationOutcome: {reply.text[:80]}"
