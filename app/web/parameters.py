"""Query strings, decoded strictly."""

from flask import Request

from app.model.errors import BadParameter
from app.model.query_string import decoded, narrowing


def pairs(request: Request) -> list[tuple[str, str]]:
    """Return the decoded names and values in order; raise BadParameter for broken encoding."""
    return decoded(request.query_string)


def criteria(request: Request) -> list[tuple[str, str]]:
    """Return the pairs that say which resource is meant, without what only shapes the answer."""
    return narrowing(pairs(request))


def if_none_exist(request: Request) -> list[tuple[str, str]]:
    """Return the criteria of a conditional create, from its header or its address.

    None of both means a plain create. Raises BadParameter for an empty header, or for both.
    """
    asked = criteria(request)
    header = request.headers.get("If-None-Exist")
    if header is None:
        return asked
    said = decoded(header.rpartition("?")[2])
    if asked or not said:
        text = "Say the criteria once, and say some."
        raise BadParameter(text, "If-None-Exist")
    return said
