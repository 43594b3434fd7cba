"""The Idempotency-Key header (IETF draft "The Idempotency-Key HTTP Header Field")."""

import re
from hashlib import sha256
from typing import Any

from flask import Request

from app.model.access.client import Client
from app.model.codec import encode
from app.model.errors import Malformed
from app.model.receipt import Once

HEADER = "Idempotency-Key"
CONDITIONS = ("If-Match", "If-None-Exist")
_KEY = re.compile(r'("?)([\x21\x23-\x7e]{1,255})\1\Z')
"""A key, with or without the quotes of a structured field string (RFC 9651)."""


def once(request: Request, client: Client, body: Any) -> Once | None:
    """Return the request under its key, None without the header; raise Malformed for a bad key.

    What makes a request the same is its method, its address and its body.
    """
    sent = request.headers.get(HEADER)
    if sent is None:
        return None
    match = _KEY.match(sent)
    if match is None:
        raise Malformed("An idempotency key is 1 to 255 visible characters.", HEADER)
    said = [request.method, request.full_path, *map(request.headers.get, CONDITIONS), body]
    return Once(client.id, match[2], sha256(encode(said).encode()).hexdigest())
