"""The notary: seals the audit trail while the hub runs and writes its checkpoints."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from pymongo import MongoClient

from app.checkpoints import Checkpoints
from app.keyring.seal_key import SealKey
from app.model.audit.seal import Checkpoint, Signer
from app.model.errors import Unavailable
from app.settings import Settings
from app.store.sealer import Sealer
from app.store.segments import Damaged

SEAL_SECONDS = 1.0
CHECKPOINT_SECONDS = 3600.0
SLOWEST = timedelta(minutes=2)
"""How long a row may be under way besides the commit of a large transaction."""

logger = logging.getLogger("hub.audit")


class Notary:
    """Seals one tenant's trail; another may run beside it, they do not disturb each other."""

    def __init__(
        self, sealer: Sealer, signer: Signer, checkpoints: Checkpoints, now: Callable[[], datetime]
    ) -> None:
        self.sealer = sealer
        self._signer = signer
        self._checkpoints = checkpoints
        self._now = now
        self._told = 0
        """The number of the segment that the last checkpoint names."""

    def run(self, stop: Event) -> None:
        """Seal until `stop` is set, then once more, and leave a checkpoint."""
        due, is_away = time.monotonic(), False
        while not stop.wait(SEAL_SECONDS):
            is_away = self._attempt(is_away=is_away, is_due=time.monotonic() >= due)
            if self._told and time.monotonic() >= due:
                due = time.monotonic() + CHECKPOINT_SECONDS
        self._attempt(is_away=is_away, is_due=True)

    def checkpoint(self) -> Checkpoint | None:
        """Write and return a checkpoint of the newest segment; None when there is none."""
        newest = self.sealer.newest()
        if newest is None:
            return None
        made = Checkpoint.of(newest, self._now(), self._signer)
        self._checkpoints.append(made)
        self._told = newest.k
        return made

    def _attempt(self, *, is_away: bool, is_due: bool) -> bool:
        """Seal, and write a checkpoint when one is due; return whether that failed."""
        try:
            self.sealer.round()
            newest = self.sealer.newest() if is_due else None
            if newest is not None and newest.k != self._told:
                self.checkpoint()
        except (Unavailable, Damaged, OSError) as error:
            if not is_away:
                logger.warning("The audit trail waits to be sealed: %s", _reason(error))
            return True
        return False


def open_notary(
    settings: Settings, client: MongoClient[dict[str, Any]], now: Callable[[], datetime]
) -> Notary:
    """Return the notary of the production tenant; raise ValueError when its key is damaged."""
    key = SealKey.load_or_create(settings.data)
    slowest = SLOWEST + timedelta(seconds=settings.bundle_seconds)
    database = client[settings.database]
    sealer = Sealer(database, client.start_session, now, key, slowest=slowest)
    return Notary(sealer, key, Checkpoints.of(settings), now)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"its checkpoint cannot be written, {error.strerror}."
    return str(error)
