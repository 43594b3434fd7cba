"""Parts of the operations that belong to no resource type and of those that need no token."""

from typing import Any

from app.web.openapi.parts import Part, response

JSON = "application/json"
OPEN: list[Part] = []
"""No token is needed."""


def open_operation(
    name: str, tag: str, summary: str, responses: Part, *names: str
) -> dict[str, Any]:
    """Return an operation without a token, with the shared parameters of these names."""
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "security": OPEN,
        "parameters": list(names),
        "responses": responses,
    }


def plain(description: str, body: Part, *headers: str, media: str = JSON) -> Part:
    """Return a response of one media type."""
    return {**response(description, None, *headers), "content": {media: {"schema": body}}}


def static(media: str, body: Part, description: str) -> dict[str, Part]:
    """Return the responses of a document that whoever holds it is not sent again."""
    return {
        "200": plain(description, body, "ETag", media=media),
        "304": response("The client holds it.", None, "ETag"),
    }
