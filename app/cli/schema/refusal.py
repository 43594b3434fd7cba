"""How a command on schemas ends when it is not done: 1, 2 or 3, each with a sentence."""

from typing import Any

import click

SHUT, USAGE, REFUSED, INTERRUPTED = 1, 2, 3, 130
"""Exit codes; 130 is what a shell gives for Ctrl-C."""


class Shut(click.ClickException):
    """The gates are shut, or versions are incompatible; `body` is what the hub said, as JSON."""

    exit_code = SHUT

    def __init__(self, message: str, body: Any = None) -> None:
        super().__init__(message)
        self.body = body


class Unusable(click.ClickException):
    """Wrong use or configuration: no hub, no token, no such version or folder."""

    exit_code = USAGE


class Refused(Shut):
    """The hub refused: someone else was faster, or it is not allowed now or to this client."""

    exit_code = REFUSED

    def __init__(self, message: str, status: int, body: Any = None) -> None:
        super().__init__(message, body)
        self.status = status


class Paused(click.ClickException):
    """The person at the keyboard stopped what can go on later."""

    exit_code = INTERRUPTED
