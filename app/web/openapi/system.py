"""The operations that belong to no resource type: metadata, token, schemas, health, history."""

from collections.abc import Iterator
from typing import Any

from app.web.forms import FORM
from app.web.openapi.parts import Part, ref, refusals, response, schema
from app.web.schemas import SCHEMA

JSON = "application/json"
OPEN: list[Part] = []
"""No token is needed."""


def paths(base: str) -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of the site whose resources are below `base`."""
    yield f"{base}/metadata", {"get": _metadata()}
    yield f"{base}/_history", {"get": _history()}
    yield f"{base}/$changes", {"get": _changes()}
    yield f"{base}/oauth/token", {"post": _token()}
    yield f"{base}/oauth/jwks", {"get": _jwks()}
    yield f"{base}/.well-known/smart-configuration", {"get": _configuration("smart")}
    yield f"{base}/.well-known/openid-configuration", {"get": _configuration("openid")}
    yield "/schemas", {"get": _catalog()}
    yield "/schemas/{name}/{version}", {"get": _schema()}
    yield "/schemas/{name}/{version}/examples", {"get": _examples()}
    yield "/health/live", {"get": _health("live", "Whether the process runs")}
    yield "/health/ready", {"get": _ready()}
    yield "/openapi.json", {"get": _openapi()}


def _metadata() -> Part:
    found = {
        "200": response("The statement.", schema("CapabilityStatement"), "ETag"),
        "304": response("The client holds it.", None, "ETag"),
        "406": ref("responses", "406"),
    }
    return _operation("capabilities", "Discovery", "What this hub can do", found, "_format")


def _history() -> Part:
    found = {"200": response("A page, newest first.", schema("Bundle")), **refusals()}
    names = ("_count-history", "_since", "_cursor", "_format")
    operation = _operation("history-system", "System", "Versions of everything", found, *names)
    del operation["security"]
    return operation


def _changes() -> Part:
    found = {"200": response("A page, oldest first.", schema("Bundle")), **refusals(410)}
    names = ("cursor", "_type-changes", "_count-changes", "wait", "_format")
    summary = "What was committed, each change once, in one order"
    operation = _operation("changes", "System", summary, found, *names)
    del operation["security"]
    return operation


def _token() -> Part:
    error = schema("OAuthError")
    found = {
        "200": _plain("The token.", schema("AccessToken")),
        "400": _plain("The request is not understood.", error),
        "401": _plain("Client authentication failed.", error, "WWW-Authenticate"),
        "413": _plain("The form is too large.", error),
        "429": _plain("Too many requests.", error, "Retry-After"),
        "503": _plain("Try again.", error, "Retry-After"),
    }
    operation = _operation("token", "Access", "Get an access token", found)
    # Without Basic, a secret or an assertion is in the form.
    operation["security"] = [{"clientSecret": []}, {}]
    body = {FORM: {"schema": schema("TokenRequest")}}
    return {**operation, "requestBody": {"required": True, "content": body}}


def _jwks() -> Part:
    found = {"200": _plain("The public keys.", schema("JsonWebKeySet"))}
    return _operation("jwks", "Access", "Public keys of the access tokens", found)


def _configuration(kind: str) -> Part:
    found = {"200": _plain("The configuration.", {"type": "object"})}
    summary = "Where tokens come from, and which"
    return _operation(f"{kind}-configuration", "Access", summary, found)


def _catalog() -> Part:
    found = _static(JSON, schema("Catalog"), "Every schema and its versions.")
    return _operation("schemas", "Discovery", "The published schemas", found)


def _schema() -> Part:
    found = _static(SCHEMA, {"type": "object"}, "The schema, byte for byte as published.")
    found["404"] = ref("responses", "404")
    return _named("schema", "One version of a schema", found)


def _examples() -> Part:
    examples = {"type": "array", "items": {"type": "object"}}
    found = _static(JSON, examples, "Resources that the schema accepts.")
    found["404"] = ref("responses", "404")
    return _named("schema-examples", "Valid examples of a schema", found)


def _named(name: str, summary: str, responses: Part) -> Part:
    operation = _operation(name, "Discovery", summary, responses)
    operation["parameters"] = [
        _path("name", "^[A-Za-z]+$"),
        _path("version", r"^[0-9]+\.[0-9]+\.[0-9]+$"),
    ]
    return operation


def _path(name: str, form: str) -> Part:
    value = {"type": "string", "pattern": form}
    return {"name": name, "in": "path", "required": True, "schema": value}


def _health(name: str, summary: str) -> Part:
    found = {"200": _plain("It does.", schema("Status"))}
    return _operation(f"health-{name}", "Health", summary, found)


def _ready() -> Part:
    operation = _health("ready", "Whether the hub can answer now")
    operation["responses"]["503"] = _plain("It cannot.", schema("Status"), "Retry-After")
    return operation


def _openapi() -> Part:
    found = _static(JSON, {"type": "object"}, "This document.")
    return _operation("openapi", "Discovery", "This document", found)


def _static(media: str, body: Part, description: str) -> dict[str, Part]:
    return {
        "200": _plain(description, body, "ETag", media=media),
        "304": response("The client holds it.", None, "ETag"),
    }


def _plain(description: str, body: Part, *headers: str, media: str = JSON) -> Part:
    return {**response(description, None, *headers), "content": {media: {"schema": body}}}


def _operation(name: str, tag: str, summary: str, responses: Part, *names: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "security": OPEN,
        "parameters": list(names),
        "responses": responses,
    }
