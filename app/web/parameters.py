"""Query strings, decoded strictly."""

from urllib.parse import parse_qsl

from flask import Request

from app.model.errors import BadParameter
from app.model.query import TOLERATED

MAX_PARAMETERS = 100


def pairs(request: Request) -> list[tuple[str, str]]:
    """Return the decoded names and values in order; raise BadParameter for broken encoding."""
    return decoded(request.query_string)


def criteria(request: Request) -> list[tuple[str, str]]:
    """Return the pairs that say which resource is meant, without what only shapes the answer."""
    return [(name, text) for name, text in pairs(request) if name not in TOLERATED]


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


def decoded(query: bytes | str) -> list[tuple[str, str]]:
    """Return the names and values of a query string; raise BadParameter for broken encoding."""
    try:
        return parse_qsl(
            query if isinstance(query, str) else query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeError:
        raise BadParameter("The query string is not UTF-8.") from None
    except ValueError:
        raise BadParameter(f"A query has at most {MAX_PARAMETERS} parameters.") from None
