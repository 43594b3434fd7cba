"""gunicorn's own log, without a line for each request: the hub writes that line itself."""

from typing import Any

from gunicorn.glogging import Logger


class Quiet(Logger):
    """Logs what gunicorn does, and gathers nothing for access lines that nobody reads."""

    def access(self, *_: Any) -> None:
        """Do nothing."""
