"""Query strings, decoded strictly."""

from urllib.parse import parse_qsl

from flask import Request

from app.model.errors import BadParameter
from app.model.query import TOLERATED

MAX_PARAMETERS = 100


def pairs(request: Request) -> list[tuple[str, str]]:
    """Return the decoded names and values in order; raise BadParameter for broken encoding."""
    try:
        return parse_qsl(
            request.query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeError:
        raise BadParameter("The query string is not UTF-8.") from None
    except ValueError:
        raise BadParameter(f"A query has at most {MAX_PARAMETERS} parameters.") from None


def refuse_conditional_create(request: Request) -> None:
    """Refuse a conditional create rather than create without looking."""
    if "If-None-Exist" in request.headers:
        raise BadParameter("Conditional create is not offered.", "If-None-Exist")
    for name, _ in pairs(request):
        if name not in TOLERATED:
            raise BadParameter("Conditional create is not offered.", name)
