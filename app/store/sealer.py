"""The sealer: puts the rows of the audit trail into signed segments, each once.

It looks for rows by the time in their ids, from a little before what it sealed last, and asks the
segments which of them they hold: so no row carries a flag, and none is ever changed. How far back
it looks covers the slowest write; a row that came later than that is left to a person, because it
may as well have been forged. Any number of sealers may run: the unique `_id` of the next segment
lets exactly one of them append it (`app.store.sequencer` tells why this is enough).
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.model.audit.seal import Segment, Signer, seal
from app.model.version import instant
from app.store import segments
from app.store.audit_rows import NAME, SEGMENTS, id_at, time_of
from app.store.deadline import deadline
from app.store.feed import Newest, Row, Session, Sessions

MOST_ROWS = 1000
GLANCE = timedelta(seconds=5)
"""How far back each round looks: longer than almost all writes take."""
SWEEP = timedelta(seconds=30)
"""How often a round looks back as far as the slowest write may lie."""
DAMAGED = "A segment of the audit trail is damaged; hub audit verify says which."


class Sealer:
    """Seals the trail of one tenant; `slowest` is how long a row may be under way at most."""

    def __init__(  # noqa: PLR0913 - two numbers, each named
        self,
        database: Database[Row],
        sessions: Sessions,
        now: Callable[[], datetime],
        signer: Signer,
        *,
        slowest: timedelta = timedelta(minutes=2),
        most: int = MOST_ROWS,
    ) -> None:
        self._database = database
        self._segments = database[SEGMENTS]
        self._sessions = sessions
        self._newest = Newest(self._segments)
        self._now = now
        self._signer = signer
        self._slowest = slowest
        self._most = most
        self._known: set[str] = set()
        """Ids seen in a segment: what is sealed stays sealed, so they need not be looked up."""
        self._swept: datetime | None = None

    def round(self) -> int:
        """Seal what is there and return how many rows that were; raise Unavailable."""
        now = self._now()
        is_due = self._swept is None or not timedelta(0) <= now - self._swept < SWEEP
        with self._sessions() as session:
            former = self.newest(session)
            back = self._slowest if is_due else GLANCE
            floor = self._floor(former, back, session)
            if is_due:
                self._known = {id for id in self._known if id > floor}
            done = self._seal(former, floor, session, late=False)
        self._swept = now if is_due and done is not None else self._swept
        return done or 0

    def admit(self) -> int:
        """Seal the rows that came too late as well, marked so; return how many they were."""
        with self._sessions() as session:
            return self._seal(self.newest(session), "", session, late=True) or 0

    def newest(self, session: Session = None) -> Segment | None:
        """Return the newest segment; None before the first. Raise Damaged, or Unavailable."""
        with deadline(segments.ROUND_SECONDS):
            found = self._newest(session)
        return self._read(found["_id"], session) if found else None

    def _seal(
        self, former: Segment | None, floor: str, session: Session, *, late: bool
    ) -> int | None:
        """Seal what lies above `floor`; return how many, None when another sealer was faster."""
        done = 0
        for page in segments.pages(self._database[NAME], floor, session):
            fresh = self._fresh(page, session)
            for start in range(0, len(fresh), self._most):
                part = fresh[start : start + self._most]
                former = self._append(former, part, session, late=late)
                if former is None:
                    return None
                self._known.update(part)
                done += len(part)
        return done

    def _fresh(self, page: list[str], session: Session) -> list[str]:
        unknown = [id for id in page if id not in self._known]
        with deadline(segments.ROUND_SECONDS):
            held = segments.sealed(self._segments, unknown, session)
        self._known |= held
        return [id for id in unknown if id not in held]

    def _append(
        self, former: Segment | None, ids: Sequence[str], session: Session, *, late: bool
    ) -> Segment | None:
        with deadline(segments.ROUND_SECONDS):
            rows = segments.bodies(self._database, list(ids), session)
            ordered = [rows[id] for id in ids if id in rows]
            made = seal(former, ordered, self._now(), self._signer, late=late)
            try:
                self._segments.insert_one(segments.row_of(made), session=session)
            except DuplicateKeyError:
                return None
        return made

    def _floor(self, former: Segment | None, back: timedelta, session: Session) -> str:
        """Return the id below which all is sealed.

        The newest segment tells how far its sealer had come, and its own time bounds what a worker
        whose clock is fast put into it; a late segment tells nothing.
        """
        while former is not None and former.late and former.k > 1:
            former = self._read(former.k - 1, session)
        if former is None:
            return ""
        reached = min(instant(time_of(former.rows[-1])), former.at)
        return id_at(datetime.fromisoformat(reached) - back)

    def _read(self, k: int, session: Session) -> Segment:
        with deadline(segments.ROUND_SECONDS):
            row = self._segments.find_one({"_id": k}, session=session)
        found = segments.segment_of(row) if row else None
        if found is None:
            raise segments.Damaged(DAMAGED)
        return found
