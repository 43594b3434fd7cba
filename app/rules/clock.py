"""Whose clock counts: the hub's, and a client's that is a little ahead."""

from datetime import datetime, timedelta

from app.model.dates import parse_instant

LEEWAY = timedelta(minutes=1)
"""How far the clock of a client may be ahead."""


def is_future(moment: str, now: datetime) -> bool:
    """Whether a dateTime lies in the future, whatever clock it was read from."""
    return parse_instant(moment) > now + LEEWAY
