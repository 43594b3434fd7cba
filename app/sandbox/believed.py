"""Who sends a request to a sandbox, as far as a signature proves it.

What a token says of itself counts for nothing: whoever could be named by it alone could use up
the faults of a run, or be held for somebody else.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from app.interactions.identity.signing import ALGORITHM, SigningKeySource
from app.interactions.identity.token import Tokens
from app.model.errors import Unauthenticated

OTHER = "The token belongs to another hub or run."
INVALID = "The token is not valid."
Claims = dict[str, Any]


@dataclass(frozen=True)
class Bearer:
    """Who sends a request: `who` is empty for nobody, and `doubt` then says why.

    `is_good` says that the hub behind the door believes the token, too: it has not ended.
    """

    who: str = ""
    is_good: bool = False
    doubt: str = ""


class Believed:
    """Tells the senders of one sandbox: `names` are who its clients are, by their ids."""

    def __init__(
        self, url: str, tokens: Tokens, keys: SigningKeySource, names: Mapping[str, str]
    ) -> None:
        self._url = url
        self._tokens = tokens
        self._keys = keys
        self._names = names

    def bearer(self, authorization: str) -> Bearer:
        """Return who sends a request with this header; raise Unavailable, as the hub does."""
        scheme, _, token = authorization.partition(" ")
        token = token.strip(" ")
        if scheme.lower() != "bearer" or not token:
            return Bearer()
        try:
            client = self._tokens.verify(token)
        except Unauthenticated:
            return self._doubted(token)
        return Bearer(self._names.get(client.id, ""), is_good=True)

    def _doubted(self, token: str) -> Bearer:
        """Return who had a token that is over: its signature is as good as ever."""
        claims = self._signed(token)
        if claims.get("iss") == self._url:
            return Bearer(self._names.get(str(claims.get("client_id")), ""), doubt=INVALID)
        other = claims.get("iss") or _unproven(token).get("iss")
        return Bearer(doubt=OTHER if other not in (None, self._url) else INVALID)

    def _signed(self, token: str) -> Claims:
        """Return what a token says that this hub or one of its sandboxes signed."""
        key = self._keys().key_of(token)
        if key is None:
            return {}
        try:
            return jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, RecursionError):
            return {}


def _unproven(token: str) -> Claims:
    """Return what anybody may have written, from which nothing but a sentence is chosen."""
    try:
        part = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
