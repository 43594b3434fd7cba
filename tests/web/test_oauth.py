"""The token endpoint and discovery, over HTTP as a client sees them."""

import pytest
from joserfc import jwk, jwt

from app.interactions.identity.clients import disable
from app.store.clients import MongoClients
from app.store.connection import connect
from registrations import (
    GRANT,
    ORIGIN,
    SECRET,
    URL,
    Clock,
    a_client,
    a_server,
    asked,
    basic,
    some_clients,
)

BODY_SECRET = {**GRANT, "client_id": "mdes", "client_secret": SECRET}


@pytest.fixture
def clients():
    return some_clients(a_client(scopes="system/*.rs"))


@pytest.fixture
def http(clients):
    return a_server(clients, Clock())


def posted(http, body, headers=None, media="application/x-www-form-urlencoded"):
    return http.post("/v1/oauth/token", data=body, headers=headers, content_type=media)


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param(GRANT, basic(), id="Basic"),
        pytest.param(GRANT, basic(scheme="bASIC"), id="the scheme's case does not matter"),
        pytest.param(BODY_SECRET, {}, id="in the body"),
        pytest.param({**GRANT, "client_id": "mdes"}, basic(), id="Basic and the same client id"),
        pytest.param({**GRANT, "client_secret": ""}, basic(), id="an empty field is absent"),
        pytest.param({**GRANT, "resource": "x"}, basic(), id="an unknown field is ignored"),
    ],
)
def test_a_client_gets_a_token_that_opens_the_door(http, form, headers):
    reply = asked(http, form, headers)

    assert reply.status_code == 200
    assert reply.content_type == "application/json"
    assert (reply.headers["Cache-Control"], reply.headers["Pragma"]) == ("no-store", "no-cache")
    assert {**reply.json, "access_token": ""} == {
        "access_token": "",
        "token_type": "bearer",
        "expires_in": 300,
        "scope": "system/*.rs",
    }
    who = http.get("/who", headers={"Authorization": f"Bearer {reply.json['access_token']}"})
    assert who.json == {
        "id": "mdes",
        "partner": "Partner/mdes",
        "scopes": ["system/*.rs"],
        "logged": "mdes",
    }


def test_the_scope_asked_for_is_narrowed(http):
    reply = asked(http, {**GRANT, "scope": "system/Referral.cruds"}, basic())

    assert reply.json["scope"] == "system/Referral.rs"


@pytest.mark.parametrize("scope", ["hub/staff", "system/Referral.cud", "openid", "système"])
def test_a_scope_that_is_not_allowed_is_invalid_scope(http, scope):
    reply = asked(http, {**GRANT, "scope": scope}, basic())

    assert (reply.status_code, reply.json["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param(GRANT, {}, id="nobody said who"),
        pytest.param({**GRANT, "client_id": "mdes"}, {}, id="no secret"),
        pytest.param({**GRANT, "client_secret": SECRET}, {}, id="no client id"),
        pytest.param({**BODY_SECRET, "client_secret": "x"}, {}, id="wrong secret in the body"),
        pytest.param({**BODY_SECRET, "client_id": "nobody"}, {}, id="unknown client"),
        pytest.param(GRANT, basic("mdes:x"), id="wrong secret"),
        pytest.param(GRANT, basic("gone:s%25%2Becret"), id="disabled client"),
        pytest.param(GRANT, basic("mdes:"), id="empty secret"),
        pytest.param(GRANT, {"Authorization": "Basic ###"}, id="not base64"),
        pytest.param(GRANT, {"Authorization": "Basic bWRlcw=="}, id="no colon"),
        pytest.param(GRANT, {"Authorization": "Basic /////w=="}, id="not UTF-8"),
        pytest.param(GRANT, {"Authorization": "Basic"}, id="nothing after the scheme"),
        pytest.param(GRANT, {"Authorization": "Bearer x"}, id="another scheme"),
        pytest.param(BODY_SECRET, {"Authorization": "Basic ###"}, id="Basic broken, body right"),
    ],
)
def test_failed_authentication_is_401_and_does_not_say_why(http, clients, form, headers):
    clients.put(a_client("gone"))
    disable(clients, "gone")

    reply = asked(http, form, headers)

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.json == {
        "error": "invalid_client",
        "error_description": "Client authentication failed.",
    }


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        pytest.param(BODY_SECRET, basic(), id="two methods at once"),
        pytest.param({**GRANT, "client_id": "other"}, basic(), id="two client ids"),
        pytest.param({"scope": "system/*.rs"}, basic(), id="no grant type"),
        pytest.param({"grant_type": ""}, basic(), id="empty grant type"),
        pytest.param({"grant_type": "x" * 201}, basic(), id="endless grant type"),
        pytest.param({f"f{n}": "x" for n in range(21)}, basic(), id="too many fields"),
    ],
)
def test_an_ambiguous_request_is_invalid_request(http, form, headers):
    reply = asked(http, form, headers)

    assert (reply.status_code, reply.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"grant_type=client_credentials&grant_type=x", id="repeated grant type"),
        pytest.param(b"grant_type=client_credentials&scope=a&scope=", id="repeated, once empty"),
        pytest.param(b"grant_type=client_credentials&a=1&a=1", id="repeated unknown field"),
        pytest.param(b"grant_type=client_credentials&scope=%ff", id="no UTF-8 behind the percent"),
        pytest.param(b"grant_type=\xff", id="no UTF-8"),
        pytest.param(b"", id="empty body"),
    ],
)
def test_a_form_that_cannot_be_read_is_invalid_request(http, body):
    reply = posted(http, body, basic())

    assert (reply.status_code, reply.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("media", ["application/json", "multipart/form-data", "text/plain", ""])
def test_only_a_form_is_read(http, media):
    reply = posted(http, b"grant_type=client_credentials", basic(), media)

    assert (reply.status_code, reply.json["error"]) == (400, "invalid_request")


def test_secrets_in_the_address_are_refused(http):
    reply = http.post(f"/v1/oauth/token?client_id=mdes&client_secret={SECRET}", data=BODY_SECRET)

    assert (reply.status_code, reply.json["error"]) == (400, "invalid_request")
    assert SECRET not in reply.text


def test_a_form_beyond_the_limit_is_not_read(http):
    reply = posted(http, b"grant_type=client_credentials&scope=" + b"x" * 20_000, basic())

    assert (reply.status_code, reply.json["error"]) == (413, "invalid_request")


@pytest.mark.parametrize("grant", ["password", "authorization_code", "CLIENT_CREDENTIALS", "\0"])
def test_another_grant_is_unsupported(http, grant):
    reply = asked(http, {"grant_type": grant}, basic())

    assert (reply.status_code, reply.json["error"]) == (400, "unsupported_grant_type")


def test_descriptions_keep_to_the_characters_oauth_allows(http):
    for form in (GRANT, {**GRANT, "scope": "ü"}, {}, {"grant_type": "x"}):
        text = asked(http, form, basic()).json.get("error_description", "")

        assert text.isascii()
        assert not {'"', "\\"} & set(text)


def test_a_database_outage_is_503_with_a_time_to_come_back():
    with connect("mongodb://127.0.0.1:9/", pool=1) as connection:
        http = a_server(MongoClients(connection["hub"], read_seconds=0.2), Clock())

        reply = asked(http, GRANT, basic())

    assert (reply.status_code, reply.json["error"]) == (503, "temporarily_unavailable")
    assert int(reply.headers["Retry-After"]) >= 1


def test_the_published_keys_verify_a_token(http):
    token = asked(http, GRANT, basic()).json["access_token"]

    keys = http.get("/v1/oauth/jwks")

    found = jwt.decode(token, jwk.KeySet.import_key_set(keys.json), algorithms=["ES256"])
    assert found.claims["sub"] == "mdes"
    assert "d" not in keys.json["keys"][0]
    assert keys.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("name", ["smart-configuration", "openid-configuration"])
def test_discovery_leads_to_endpoints_that_work(http, name):
    found = http.get(f"/v1/.well-known/{name}")

    assert found.content_type == "application/json"
    assert found.json["issuer"] == URL
    grants = found.json["grant_types_supported"]
    token_path = found.json["token_endpoint"].removeprefix(ORIGIN)
    assert [
        http.post(token_path, data={"grant_type": grant}, headers=basic()).status_code
        for grant in grants
    ] == [200]
    keys = http.get(found.json["jwks_uri"].removeprefix(ORIGIN)).json["keys"]
    assert [key["alg"] for key in keys] == found.json["access_token_signing_alg_values_supported"]
