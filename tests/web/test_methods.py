"""What an address says of its methods, and that what cannot be answered is not done."""

import pytest

from builders import a_profile, an_agency


def allowed(reply):
    """Return the methods that the header Allow names."""
    return set(reply.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("method", "path", "some"),
    [
        ("DELETE", "/v1/Agency/x", {"GET", "PUT"}),
        ("TRACE", "/v1/Agency/x", {"GET", "PUT"}),
        ("TRACE", "/v1/ParticipantProfile/x", {"GET", "PUT", "DELETE"}),
        ("PUT", "/v1/metadata", {"GET", "HEAD"}),
    ],
)
def test_a_refused_method_is_told_which_are_allowed(http, method, path, some):
    reply = http.open(path, method=method)

    assert reply.status_code == 405
    assert some <= allowed(reply)
    assert method not in allowed(reply)


def test_a_put_that_would_choose_an_id_is_told_what_else_is_allowed(http):
    reply = http.put("/v1/ParticipantCredential/mine", json={})

    assert reply.status_code == 405
    assert {"GET", "DELETE"} <= allowed(reply)
    assert "PUT" not in allowed(reply)


def test_only_a_lookup_has_no_delete_among_its_options(http):
    assert "DELETE" not in allowed(http.options("/v1/Agency/x"))
    assert "DELETE" in allowed(http.options("/v1/ParticipantProfile/x"))


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("", "text/html", 406),
        ("?_format=xml", "*/*", 406),
        ("?_format=json&_format=json", "*/*", 400),
    ],
)
def test_nothing_is_written_when_the_answer_cannot_be_given(http, query, accept, status):
    body = an_agency()

    reply = http.post(f"/v1/Agency{query}", json=body, headers={"Accept": accept})

    found = http.get(f"/v1/Agency?abbreviation={body['abbreviation']}&_summary=count").json
    assert reply.status_code == status
    assert found["total"] == 0


def test_a_delete_looks_at_what_is_asked_for_first(http):
    url = http.post("/v1/ParticipantProfile", json=a_profile()).headers["Location"]
    path = url.removeprefix("http://hub.test").partition("/_history")[0]

    assert http.delete(f"{path}?_format=xml", headers={"If-Match": "*"}).status_code == 406
    assert http.get(path).status_code == 200
