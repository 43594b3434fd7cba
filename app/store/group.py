"""Group commit: what arrives while a commit is under way goes together in the next one.

A transaction costs the database far more than the rows in it, so under load many callers share
one. Each caller's work stays all or nothing: when a shared run is refused, each is run alone.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from app.model.errors import HubError, Unavailable

Work = TypeVar("Work")


@dataclass
class _Ticket(Generic[Work]):
    work: Work
    due: float
    is_done: bool = False
    error: BaseException | None = None


class Group(Generic[Work]):
    """Shares runs among threads; `run(works, seconds)` does all or none of the works.

    `seconds` is how long a caller waits at most, its share in other callers' runs included.
    """

    def __init__(
        self, run: Callable[[Sequence[Work], float], None], seconds: float, most: int = 32
    ) -> None:
        self._run = run
        self._seconds = seconds
        self._most = most
        self._waiting: deque[_Ticket[Work]] = deque()
        self._turn = Lock()

    @property
    def waiting(self) -> int:
        """How many callers wait for a run to begin."""
        return len(self._waiting)

    def submit(self, work: Work) -> None:
        """Do `work`, perhaps with others'; raise what refuses it, Unavailable when time is up."""
        ticket = _Ticket(work, monotonic() + self._seconds)
        self._waiting.append(ticket)
        if not self._turn.acquire(timeout=self._seconds):
            self._give_up(ticket)
        else:
            try:
                while not ticket.is_done:
                    self._lead()
            finally:
                self._turn.release()
        if ticket.error is not None:
            raise ticket.error

    def _give_up(self, ticket: _Ticket[Work]) -> None:
        try:
            self._waiting.remove(ticket)
        except ValueError:
            # Someone took it along in the meantime; that run is bounded by this ticket's time.
            with self._turn:
                return
        ticket.error = Unavailable("The database is not available at the moment.")

    def _lead(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            self._attempt(batch)
        except HubError as refusal:
            for each in batch:
                self._alone(each, refusal, shared=len(batch) > 1)
        except BaseException as defect:
            for each in batch:
                each.error = defect
            raise
        finally:
            for each in batch:
                each.is_done = True

    def _alone(self, ticket: _Ticket[Work], refusal: HubError, *, shared: bool) -> None:
        """Tell a caller why a run was refused; when it was shared, by finding out alone."""
        if not shared or isinstance(refusal, Unavailable):
            ticket.error = refusal
            return
        try:
            self._attempt([ticket])
        except HubError as own:
            ticket.error = own

    def _attempt(self, batch: Sequence[_Ticket[Work]]) -> None:
        left = min(each.due for each in batch) - monotonic()
        self._run([each.work for each in batch], max(left, 0.001))
