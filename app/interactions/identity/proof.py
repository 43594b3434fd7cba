"""A proof of who asks that does not hold, and the reason, which only the log is told."""

from app.model.errors import InvalidClient


class NotProven(InvalidClient):
    """Client authentication failed; the text is the same for all reasons.

    `reason` is one of our own words, `client_id` the id of a registered client or None: neither
    holds anything that a stranger wrote.
    """

    def __init__(self, reason: str, client_id: str | None = None) -> None:
        super().__init__("Client authentication failed.")
        self.reason = reason
        self.client_id = client_id
