"""Query strings and the addresses in bundles, decoded strictly."""

from urllib.parse import parse_qsl

from app.model.errors import BadParameter
from app.model.query import TOLERATED

MAX_PARAMETERS = 100
Pair = tuple[str, str]


def decoded(query: bytes | str) -> list[Pair]:
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


def narrowing(pairs: list[Pair]) -> list[Pair]:
    """Return the pairs that say which resource is meant, without what only shapes the answer."""
    return [(name, text) for name, text in pairs if name not in TOLERATED]
