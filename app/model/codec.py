"""The one place where a resource becomes JSON text and back."""

from typing import Any

import orjson

Resource = dict[str, Any]


def encode(value: Any) -> str:
    """Return the compact JSON text of a value that was read strictly or made by the hub."""
    return orjson.dumps(value).decode()


def decode(text: str | bytes) -> Any:
    """Return the value of JSON text that the hub wrote itself; clients' bytes are not for this."""
    return orjson.loads(text)
