"""The parts that all operations of the OpenAPI document share: envelopes, refusals, headers.

OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1.html
"""

from typing import Any

from app.model.feed import MAX_COUNT, MAX_WAIT_SECONDS
from app.model.query import SUMMARIES, TOTALS
from app.model.resource_type import ResourceType
from app.web.body import JSON

Part = dict[str, Any]

REFUSALS = {
    400: "The body, a header or a parameter is malformed, or a search parameter is unknown.",
    401: "No access token, or one that is not valid now.",
    403: "No scope of the token allows this.",
    404: "There is no such resource, or none that the client may see.",
    405: "The address exists, but not for this method.",
    406: "Only JSON is spoken here.",
    409: "A reference leads nowhere, a business key is taken, or others kept writing.",
    410: "The resource was deleted, or the change feed no longer holds what the cursor leads to.",
    412: "Stale If-Match; the outcome has the current ETag and, as JSON Patch, what changed.",
    413: "The body is larger than the hub reads; metadata states the limit.",
    415: "The body must be JSON in UTF-8, not compressed.",
    422: "The resource breaks its schema; every fault is listed.",
    428: "A change of this type must send If-Match with the version it saw.",
    429: "Too many requests.",
    503: "The database cannot answer now; nothing was lost.",
}
"""HTTP status → what it says; each is an OperationOutcome."""

EVERYWHERE = (400, 401, 403, 404, 406, 429, 503)
"""What every interaction may be refused with."""

TAG = r'((W/)?"[^"\x00-\x20]*"|[0-9]+)'
TAGS = rf"^(\*|{TAG}(\s*,\s*{TAG})*)$"
"""One entity tag, several, or any: the grammar of If-Match and If-None-Match."""


def ref(section: str, name: str) -> Part:
    """Return a reference to a component of this document."""
    return {"$ref": f"#/components/{section}/{name}"}


def schema(name: str) -> Part:
    """Return a reference to a schema of this document."""
    return ref("schemas", name)


def content(body: Part, **more: Any) -> Part:
    """Return a content map with both media types that resources are read and answered in."""
    return {media: {"schema": body, **more} for media in reversed(JSON)}


def response(description: str, body: Part | None = None, *headers: str, **more: Any) -> Part:
    """Return a response with its body, if any, and the headers that it names."""
    found: Part = {"description": description, **more}
    if body is not None:
        found["content"] = content(body)
    if headers:
        found["headers"] = {name: ref("headers", name) for name in headers}
    return found


def refusals(*codes: int) -> Part:
    """Return the responses of the statuses that every interaction has, and of `codes`."""
    return {str(code): ref("responses", str(code)) for code in sorted({*EVERYWHERE, *codes})}


def shared_responses() -> dict[str, Part]:
    """Return one response for each refusal, under its status."""
    headers = {401: ("WWW-Authenticate",), 412: ("ETag",), 429: ("Retry-After",)}
    headers[503] = headers[429]
    return {
        str(code): response(text, schema("OperationOutcome"), *headers.get(code, ()))
        for code, text in REFUSALS.items()
    }


def shared_headers() -> dict[str, Part]:
    """Return the response headers that clients program against."""
    texts = {
        "Deprecation": "`@` and the Unix time since when the version of the schema is deprecated.",
        "ETag": 'The entity tag of what is answered; W/"n" for version n of a resource.',
        "Last-Modified": "When the version was stored, to the second.",
        "Idempotent-Replayed": "`true` when the request was done before, under the same key.",
        "Link": "Of a deprecated version: `deprecation`, `sunset`, `successor-version`.",
        "Location": "The address of the version that was written.",
        "Retry-After": "Seconds after which a retry makes sense.",
        "Sunset": "When the deprecated version of the schema may be gone.",
        "WWW-Authenticate": "How to authenticate.",
    }
    return {
        name: {"description": text, "schema": {"type": "string"}} for name, text in texts.items()
    }


def _query(name: str, description: str, body: Part) -> Part:
    return {"name": name, "in": "query", "description": description, "schema": body}


def _one_of(*values: str) -> Part:
    return {"type": "string", "enum": list(values)}


def _whole(minimum: int) -> Part:
    return {"type": "integer", "minimum": minimum, "maximum": 999_999_999}


def _header(name: str, description: str, body: Part, **more: Any) -> Part:
    return {"name": name, "in": "header", "description": description, "schema": body, **more}


SHARED: dict[str, Part] = {
    "id": {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "Logical id of the resource.",
        "schema": {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"},
    },
    "versionId": {
        "name": "versionId",
        "in": "path",
        "required": True,
        "description": "Number of the version, from 1.",
        "schema": _whole(1),
    },
    "If-Match": _header(
        "If-Match",
        'The version the client last saw, W/"3": a change of any other is refused.',
        {"type": "string", "pattern": TAGS},
    ),
    "If-Match-required": _header(
        "If-Match",
        'Required: the version the client last saw, W/"3"; 428 without, 412 when stale.',
        {"type": "string", "pattern": TAGS},
        required=True,
    ),
    "If-None-Exist": _header(
        "If-None-Exist",
        "Search criteria; the resource is created only if nothing matches them.",
        {"type": "string", "minLength": 1},
    ),
    "Idempotency-Key": _header(
        "Idempotency-Key",
        "Any text of the client's choosing; a request sent twice under one is done once.",
        {"type": "string", "pattern": r"^[\x21\x23-\x7e]{1,255}$"},
    ),
    "If-None-Match": _header(
        "If-None-Match",
        "Versions the client holds; 304 when the current one is among them.",
        {"type": "string", "pattern": TAGS},
    ),
    "Prefer": _header(
        "Prefer",
        "`return=minimal` for no body, `return=OperationOutcome` for a note, "
        "`return=representation` (the default) for the resource.",
        {"type": "string"},
    ),
    "_format": _query(
        "_format", "Media type of the answer, before Accept.", _one_of("json", *JSON)
    ),
    "_total": _query("_total", "Whether to count all matches.", _one_of(*TOTALS)),
    "_summary": _query("_summary", "`count` answers the total alone.", _one_of(*SUMMARIES)),
    "_since": _query(
        "_since",
        "Only versions stored at or after this instant.",
        {"type": "string", "format": "date-time"},
    ),
    "_cursor": _query(
        "_cursor", "Where to go on; taken from the next link of a page.", {"type": "string"}
    ),
    "cursor": _query(
        "cursor",
        "Where to go on; taken from the next link. Without it the oldest change that is kept comes "
        "first; `latest` begins after the newest.",
        {"type": "string"},
    ),
    "_type-changes": _query(
        "_type",
        "Types, separated by commas; all that the scopes allow without.",
        {"type": "string"},
    ),
    "wait": _query(
        "wait",
        f"How many seconds to wait when there is nothing new, at most {MAX_WAIT_SECONDS}.",
        _whole(0),
    ),
}
"""The parameters of several interactions, by the name they are referred to."""


def operation(
    kind: ResourceType, interaction: str, summary: str, responses: Part, *names: str
) -> Part:
    """Return one operation of a type with its shared parameters; a change takes If-Match.

    Criteria may match nothing, and then there is no version to name.
    """
    changes = interaction.rpartition("-")[2] in ("update", "patch", "delete")
    is_required = kind.needs_precondition and not interaction.startswith("conditional-")
    condition = "If-Match-required" if is_required else "If-Match"
    given = (*names, *((condition,) if changes else ()), "_format")
    return {
        "operationId": f"{interaction}-{kind.name}",
        "summary": summary,
        "tags": [kind.name],
        "parameters": list(given),
        "responses": responses,
    }


def page_sizes(max_count: int) -> dict[str, Part]:
    """Return the parameters that say how long a page is, at most `max_count` entries."""
    page = f"Most entries on a page; more than {max_count} are never given."
    return {
        "_count": _query("_count", f"{page} 0 only counts.", _whole(0)),
        "_count-history": _query("_count", page, _whole(1)),
        "_count-changes": _query(
            "_count", f"Most entries on a page; more than {MAX_COUNT} are never given.", _whole(1)
        ),
    }


def token_security(url: str) -> dict[str, Part]:
    """Return the two ways to say who asks: a token fetched by the tool, or one pasted in."""
    scopes = {
        "system/*.cruds": "Create, read, update, delete and search every type",
        "system/*.rs": "Read and search every type",
    }
    flow = {"tokenUrl": f"{url}/oauth/token", "scopes": scopes}
    return {
        "oauth2": {
            "type": "oauth2",
            "description": "Scopes are system/Type.cruds, as far as the client is allowed them.",
            "flows": {"clientCredentials": flow},
        },
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "clientSecret": {
            "type": "http",
            "scheme": "basic",
            "description": "Client id and secret, at the token endpoint only.",
        },
    }
