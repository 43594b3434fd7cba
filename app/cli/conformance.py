"""`hub conformance`: the suite's own command, here for who has a checkout of the hub."""

from conformance.cli import main as conformance

__all__ = ["conformance"]
