"""Regular expressions as JSON Schema means them: ECMA 262, anywhere in a text unless anchored."""

from functools import lru_cache

import jsonschema_rs


@lru_cache(maxsize=2000)
def matches(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern; raise ValueError when it is none."""
    return _validator(pattern).is_valid(text)


@lru_cache(maxsize=500)
def _validator(pattern: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
