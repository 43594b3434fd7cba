"""Certificates on the hub's side: issued after a run, kept, extended or revoked by staff."""

from collections.abc import Sequence
from typing import Any, Protocol

from app.model.access.certification import Proved, Tried

Row = dict[str, Any]
"""A certificate as it is kept: `id, partner, level, granted, ends` (an instant), `text` (the JWS),
`revoked` ({at, by, reason} or None), `extended` ([{at, by, until, reason}]), `noticed` ([days]),
`isSettled`, and the `n` that it was read in."""


class Certificates(Protocol):
    """Where certificates are kept; every method raises Unavailable when it is away."""

    def get(self, id: str) -> Row | None:
        """Return a certificate, None when there is none."""

    def all(self) -> Sequence[Row]:
        """Return all certificates in the order of issue."""

    def add(self, row: Row) -> None:
        """Keep a new certificate; one that is kept already stays as it is."""

    def put(self, row: Row) -> bool:
        """Keep a certificate upon the state it was read in; False when that has changed."""

    def try_out(self, partner: str, tried: Tried) -> None:
        """Remember the newest judged run of a partner for a level."""

    def proved(self) -> Proved:
        """Return what all partners proved."""


class NoCertificates:
    """Of a hub in which nobody proves anything, such as a sandbox."""

    def get(self, id: str) -> None:
        """Return None."""

    def all(self) -> tuple[Row, ...]:
        """Return none."""
        return ()

    def add(self, row: Row) -> None:
        """Keep nothing."""

    def put(self, row: Row) -> bool:  # noqa: ARG002 - the Protocol's signature
        """Keep nothing."""
        return False

    def try_out(self, partner: str, tried: Tried) -> None:
        """Remember nothing."""

    def proved(self) -> Proved:
        """Return that nobody proved anything."""
        return Proved()


NO_CERTIFICATES = NoCertificates()
