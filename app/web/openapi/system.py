"""The operations that belong to no resource type: metadata, token, health, history."""

from collections.abc import Iterator

from app.web.forms import FORM
from app.web.openapi.discovered import JSON, open_operation, plain, static
from app.web.openapi.parts import Part, ref, refusals, response, schema


def paths(base: str) -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of the site whose resources are below `base`."""
    yield f"{base}/metadata", {"get": _metadata()}
    yield f"{base}/_history", {"get": _history()}
    yield f"{base}/$changes", {"get": _changes()}
    yield f"{base}/oauth/token", {"post": _token()}
    yield f"{base}/oauth/jwks", {"get": _jwks()}
    yield f"{base}/.well-known/smart-configuration", {"get": _configuration("smart")}
    yield f"{base}/.well-known/openid-configuration", {"get": _configuration("openid")}
    yield "/health/live", {"get": _health("live", "Whether the process runs")}
    yield "/health/ready", {"get": _ready()}
    yield "/openapi.json", {"get": _openapi()}


def _metadata() -> Part:
    found = {
        "200": response("The statement.", schema("CapabilityStatement"), "ETag"),
        "304": response("The client holds it.", None, "ETag"),
        "406": ref("responses", "406"),
    }
    return open_operation("capabilities", "Discovery", "What this hub can do", found, "_format")


def _history() -> Part:
    found = {"200": response("A page, newest first.", schema("Bundle")), **refusals()}
    names = ("_count-history", "_since", "_cursor", "_format")
    operation = open_operation("history-system", "System", "Versions of everything", found, *names)
    del operation["security"]
    return operation


def _changes() -> Part:
    found = {"200": response("A page, oldest first.", schema("Bundle")), **refusals(410)}
    names = ("cursor", "_type-changes", "_count-changes", "wait", "_format")
    summary = "What was committed, each change once, in one order"
    operation = open_operation("changes", "System", summary, found, *names)
    del operation["security"]
    return operation


def _token() -> Part:
    error = schema("OAuthError")
    found = {
        "200": plain("The token.", schema("AccessToken")),
        "400": plain("The request is not understood.", error),
        "401": plain("Client authentication failed.", error, "WWW-Authenticate"),
        "413": plain("The form is too large.", error),
        "429": plain("Too many requests.", error, "Retry-After"),
        "503": plain("Try again.", error, "Retry-After"),
    }
    operation = open_operation("token", "Access", "Get an access token", found)
    # Without Basic, a secret or an assertion is in the form.
    operation["security"] = [{"clientSecret": []}, {}]
    body = {FORM: {"schema": schema("TokenRequest")}}
    return {**operation, "requestBody": {"required": True, "content": body}}


def _jwks() -> Part:
    found = {"200": plain("The public keys.", schema("JsonWebKeySet"))}
    return open_operation("jwks", "Access", "Public keys of the access tokens", found)


def _configuration(kind: str) -> Part:
    found = {"200": plain("The configuration.", {"type": "object"})}
    summary = "Where tokens come from, and which"
    return open_operation(f"{kind}-configuration", "Access", summary, found)


def _health(name: str, summary: str) -> Part:
    found = {"200": plain("It does.", schema("Status"))}
    return open_operation(f"health-{name}", "Health", summary, found)


def _ready() -> Part:
    operation = _health("ready", "Whether the hub can answer now")
    operation["responses"]["503"] = plain("It cannot.", schema("Status"), "Retry-After")
    return operation


def _openapi() -> Part:
    found = static(JSON, {"type": "object"}, "This document.")
    return open_operation("openapi", "Discovery", "This document", found)
