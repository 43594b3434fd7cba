"""The headers that every answer has, whatever it answers."""

from dataclasses import replace

import pytest

from app.model.errors import Unavailable
from app.web import application
from app.web.early import Early, standing
from builders import a_profile
from sites import a_site

SAME = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CLOSED = "default-src 'none'; frame-ancestors 'none'"
TELLING = ("Server", "X-Powered-By", "Via", "X-AspNet-Version")


def answers(http):
    """Yield one answer of each sort: what it is, whether it may be kept, and the answer."""
    made = http.post("/v1/ParticipantProfile", json=a_profile())
    path = f"/v1/ParticipantProfile/{made.json['id']}"
    document = http.get("/openapi.json")
    yield "201", False, made
    yield "200", False, http.get(path)
    yield "304", False, http.get(path, headers={"If-None-Match": made.headers["ETag"]})
    yield "204", False, http.delete(path, headers={"If-Match": "*"})
    yield "410", False, http.get(path)
    yield "400", False, http.get("/v1/Agency?favourite=1")
    yield "401", False, http.get("/v1/Agency", headers={"Authorization": "Bearer x"})
    yield "404", False, http.get("/nowhere")
    yield "405", False, http.post("/docs")
    yield "406", False, http.get("/v1/metadata?_format=xml")
    yield "412", False, http.delete("/v1/ParticipantProfile/x", headers={"If-Match": '"9"'})
    yield "415", False, http.post("/v1/Agency", data="x", content_type="text/plain")
    yield "OPTIONS", False, http.options("/v1/Agency/x")
    yield "HEAD", None, http.head("/v1/metadata")
    yield "a search", False, http.get("/v1/Agency?_count=1")
    yield "a token refused", False, http.post("/v1/oauth/token", data={"grant_type": "x"})
    yield "health", False, http.get("/health/ready")
    yield "home", None, http.get("/")
    yield "docs", None, http.get("/docs")
    yield "a script", None, http.get("/docs/start.js")
    yield "a document", True, document
    yield (
        "a document held",
        True,
        http.get("/openapi.json", headers={"If-None-Match": document.headers["ETag"]}),
    )
    yield "keys", True, http.get("/v1/oauth/jwks")


def test_every_sort_of_answer_has_the_standing_headers_once(http):
    for what, may_be_kept, answer in answers(http):
        headers = answer.headers

        assert {name: headers.get(name) for name in SAME} == SAME, what
        assert all(len(headers.getlist(name)) == 1 for name in SAME), what
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], what
        assert headers["X-Request-Id"], what
        assert not [name for name in TELLING if name in headers], what
        if may_be_kept is False:
            assert headers["Cache-Control"] == "no-store", what
            assert headers["Content-Security-Policy"] == CLOSED, what


def test_only_pages_may_load_anything_and_only_from_here(http):
    for path in ("/", "/docs"):
        policy = http.get(path).headers["Content-Security-Policy"]

        assert "default-src 'self'" in policy
        assert "script-src" not in policy
        assert "//" not in policy


@pytest.mark.parametrize("origin", ["http://hub.test", "https://hub.test"])
def test_a_hub_with_tls_asks_never_to_be_reached_without(origin):
    http = application(replace(a_site(), origin=origin)).test_client()

    for path in ("/", "/docs", "/nowhere", "/v1/metadata", "/health/live", "/openapi.json"):
        sent = http.get(path).headers.get("Strict-Transport-Security", "")

        assert sent.startswith("max-age=31536000") == origin.startswith("https"), path


def test_an_answer_before_flask_has_the_same_headers():
    early = Early("https://hub.test", lambda: "01a2-ffff")

    status, headers, body = early.answer(Unavailable("Busy."), 503)

    assert status == "503 Service Unavailable"
    assert set(standing("https://hub.test")) <= set(headers)
    assert dict(headers)["Content-Length"] == str(len(body))
    assert "Retry-After" in dict(headers)


def test_the_token_endpoint_is_busy_in_the_words_of_oauth():
    early = Early("http://hub.test", lambda: "01a2-0000")

    _, headers, body = early.answer(Unavailable("Busy."), 503, "/v1/oauth/token")

    assert b'"error":"temporarily_unavailable"' in body
    assert dict(headers)["Content-Type"] == "application/json"
