"""A body is read whole or refused: size, media type, strict JSON."""

import json

import pytest

from builders import an_agency

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "media",
    [
        "application/json",
        "application/fhir+json",
        "application/fhir+json; charset=utf-8",
        'application/json; charset="UTF-8"',
    ],
)
def test_both_json_media_types_are_read(http, media):
    reply = http.post("/v1/Agency", data=json.dumps(an_agency()), headers={"Content-Type": media})

    assert reply.status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/xml"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
def test_another_media_type_charset_or_coding_is_unsupported(http, headers):
    reply = http.post("/v1/Agency", data=json.dumps(an_agency()), headers=headers)

    assert reply.status_code == 415
    assert reply.json["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("data", [b"", b"[]", b'"x"', b"null", b"{", b'{"a":1,"a":1}', b"\xff"])
def test_what_is_not_one_json_object_is_malformed(http, data):
    reply = http.post("/v1/Agency", data=data, headers=JSON)

    assert reply.status_code == 400
    assert reply.json["issue"][0]["code"] == "structure"


def test_a_body_over_the_limit_is_refused_whole(http, site):
    data = b'{"name": "' + b"x" * site.max_body_bytes + b'"}'

    reply = http.post("/v1/Agency", data=data, headers=JSON)

    assert reply.status_code == 413


def test_a_deep_body_is_too_costly(http):
    reply = http.post("/v1/Agency", data=b'{"a":' * 70 + b"1" + b"}" * 70, headers=JSON)

    assert reply.status_code == 400
    assert reply.json["issue"][0]["code"] == "too-costly"


def test_a_transfer_coding_other_than_chunked_is_refused(http):
    reply = http.post(
        "/v1/Agency", data=b"{}", headers={**JSON, "Transfer-Encoding": "gzip, chunked"}
    )

    assert reply.status_code == 400


def test_links_never_follow_the_host_header(http):
    reply = http.post("/v1/Agency", json=an_agency(), headers={"Host": "evil.example"})

    assert reply.headers["Location"].startswith("http://hub.test/v1/Agency/")


def test_every_answer_forbids_sniffing_caching_and_framing(http):
    headers = http.get("/v1/Agency/never").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
