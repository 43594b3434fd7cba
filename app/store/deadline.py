"""Every database call runs under a deadline, and no driver error ever leaves this floor.

`pymongo.timeout` bounds everything inside, retries and commits included; `timeoutMS` on the client
does not bound a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pymongo
from pymongo.errors import (
    ConnectionFailure,
    EncryptionError,
    ExecutionTimeout,
    PyMongoError,
    WTimeoutError,
)

from app.model.errors import Unavailable

LABELS = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
CODES = (50, 11600, 11602, 189, 91, 10107, 13435, 262, 1)
"""Server codes: out of time, shutting down, stepping down, not primary, internal (disk full)."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Bound the database work inside; raise Unavailable when the database cannot do it in time."""
    try:
        with pymongo.timeout(seconds):
            yield
    except PyMongoError as error:
        if not _is_passing(error):
            raise
        raise Unavailable(
            "The database is not available at the moment; nothing was lost."
        ) from error


def _is_passing(error: PyMongoError) -> bool:
    return (
        isinstance(error, EncryptionError)
        or error.timeout
        or any(error.has_error_label(label) for label in LABELS)
        or isinstance(error, ConnectionFailure | ExecutionTimeout | WTimeoutError)
        or getattr(error, "code", None) in CODES
    )
