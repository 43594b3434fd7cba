"""How a client waits: as long as the hub asks, a little longer, and not for ever."""

import random
import time
from collections.abc import Callable

import httpx

from conformance.client.errors import Unanswered

TRIES = 8
BUSY = (429, 503)
LONGEST_BACKOFF = 8.0
"""Longest pause after an answer that was lost, in seconds."""
JITTER = 0.25
"""Up to so many seconds more, so that clients that were sent away do not return together."""


def pause(seconds: float) -> None:
    """Wait, and a moment longer."""
    time.sleep(seconds + random.uniform(0, JITTER))  # noqa: S311 - spreads load, hides nothing


def patiently(
    ask: Callable[[], httpx.Response], pause: Callable[[float], None], tries: int = TRIES
) -> httpx.Response:
    """Return the answer to a request that may be sent again; raise Unanswered without one.

    A busy hub says how long to wait. When no answer came the request may have been done or not:
    it is sent again as it was, so it must be one that the hub does once (Idempotency-Key,
    If-Match) or that changes nothing.
    """
    for number in range(tries):
        try:
            reply = ask()
        except httpx.TransportError:
            wait = min(0.5 * 2**number, LONGEST_BACKOFF)
        else:
            if reply.status_code not in BUSY:
                return reply
            wait = asked_to_wait(reply)
        if number < tries - 1:
            pause(wait)
    raise Unanswered(f"The hub was asked {tries} times and did not answer.")


def asked_to_wait(reply: httpx.Response) -> float:
    """Return the seconds of Retry-After, one when it does not say."""
    text = reply.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else 1.0
