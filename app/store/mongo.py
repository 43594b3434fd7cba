"""Versions, current rows and business keys in MongoDB; one transaction per commit.

`versions` holds every version of everything under `Type/id/n`, so that a number can be taken only
once. One collection per type holds the current version with its search keys. `keys` holds the
business keys as `_id`, which is right on a sharded cluster too. Resources are kept as their JSON
text: what was answered is what is stored, and no client's name ever becomes a database name.
Protected elements are taken out of it and encrypted on the way in, and put back on the way out.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection as MongoCollection
from pymongo.database import Database

from app.model.audit.event import AuditEvent
from app.model.conflicts import AlreadyDone, Matched, VersionConflict
from app.model.errors import Unavailable
from app.model.history import HistoryQuery
from app.model.parameter import Parameter
from app.model.query import Found, Query
from app.model.receipt import Receipt
from app.model.registry import Published
from app.model.resource_type import ResourceType
from app.model.version import Key, Version
from app.store import audit_rows, feed, guards, history, query, rate, replays, rows, runs, usage
from app.store.append import Appender, Commit
from app.store.cipher import Cipher
from app.store.deadline import deadline
from app.store.group import Group
from app.store.indexes import ensure
from app.store.marking import mark
from app.store.protection import Protection

READY_SECONDS = 2.0
PREPARING_SECONDS = 60.0
"""Longest that the indexes of one type may take while requests go on."""
MARKING_SECONDS = 600.0
"""Longest that rows of one type may take to be marked, once after the first such release."""
SHARED = 32
"""Most versions and guards of a commit that shares a transaction; a larger one goes alone."""
Row = dict[str, Any]
Transaction = Callable[[Callable[[ClientSession | None], None]], None]


class MongoStore:
    """The rows of one tenant; see `app.interactions.Store` for what each method promises."""

    def __init__(  # noqa: PLR0913 - three deadlines, each named
        self,
        database: Database[Row],
        published: Published,
        *,
        transaction: Transaction,
        cipher: Cipher,
        read_seconds: float = 2.0,
        write_seconds: float = 5.0,
        bundle_seconds: float = 30.0,
    ) -> None:
        self._database = database
        self._published = published
        self._transaction = transaction
        self._read_seconds = read_seconds
        self._protection = Protection(database, published, cipher)
        self._appender = Appender(database, published, self._protection)
        self._commits = Group(self._append, write_seconds)
        self._write_seconds = write_seconds
        self._bundle_seconds = bundle_seconds
        self._versions = database["versions"]
        self._keys = database["keys"]
        self._lasting: set[Key] = set()
        """Lookups seen to exist; they are never deleted, so nobody need ask again."""
        self._asked = -READY_SECONDS
        self._answered = False

    def ensure_indexes(self) -> None:
        """Make what is missing: indexes, keys, the marks of rows of before there were marks."""
        with deadline(60):
            history.ensure(self._versions)
            self._keys.create_index([("holder", ASCENDING)], name="holder")
            guards.ensure(self._database)
            feed.ensure(self._database)
            rate.ensure(self._database)
            replays.ensure(self._database)
            audit_rows.ensure(self._database)
            usage.ensure(self._database)
            runs.ensure(self._database)
            ensure(self._database, self._published.now.types.values())
            self._protection.prepare()
        for name, kind in self._published.now.types.items():
            with deadline(MARKING_SECONDS):
                mark(self._current(name), kind)

    def is_ready(self) -> bool:
        """Whether the database answers a read; looked up at most every two seconds."""
        if monotonic() > self._asked + READY_SECONDS:
            try:
                with deadline(1):
                    self._versions.find_one({}, {"_id": 1})
                self._answered = True
            except Unavailable:
                self._answered = False
            self._asked = monotonic()
        return self._answered

    def read(self, key: Key) -> Version | None:
        """Return the current version; None when there is none or it was deleted."""
        with deadline(self._read_seconds):
            row = self._current(key.type).find_one({"_id": key.id}, rows.CURRENT)
            return self._shown(key.type, [row])[0] if row else None

    def read_many(self, keys: Collection[Key]) -> list[Version]:
        """Return the current versions of those of `keys` that exist."""
        found: list[Version] = []
        with deadline(self._read_seconds):
            for kind in sorted({key.type for key in keys}):
                for ids in rows.some(key.id for key in keys if key.type == kind):
                    those = self._current(kind).find({"_id": {"$in": ids}}, rows.CURRENT)
                    found += self._shown(kind, those)
        return found

    def vread(self, key: Key, number: int) -> Version | None:
        """Return version `number`, a deletion included."""
        with deadline(self._read_seconds):
            row = self._versions.find_one({"_id": f"{key}/{number}"})
            return self._protection.show([(history.version(row), row)])[0] if row else None

    def numbers(self, kind: str) -> dict[str, int]:
        """Return the numbers of all current versions of a type, by id."""
        with deadline(self._read_seconds):
            return {row["_id"]: row["n"] for row in self._current(kind).find({}, {"n": 1})}

    def latest(self, key: Key) -> Version | None:
        """Return the newest version, a deletion included."""
        with deadline(self._read_seconds):
            found = [(history.version(row), row) for row in history.latest(self._versions, key)]
            return next(iter(self._protection.show(found)), None)

    def present(self, keys: Collection[Key]) -> set[Key]:
        """Return those of `keys` that exist and are not deleted."""
        found = {key for key in keys if key in self._lasting}
        asked = [key for key in keys if key not in found]
        with deadline(self._read_seconds):
            for kind in {key.type for key in asked}:
                there: set[Key] = set()
                for ids in rows.some(key.id for key in asked if key.type == kind):
                    rows_found = self._current(kind).find({"_id": {"$in": ids}}, {"_id": 1})
                    there |= {Key(kind, row["_id"]) for row in rows_found}
                found |= there
                if self._published.now.type(kind).is_lookup:
                    self._lasting |= there
        return found

    def referrer(self, key: Key) -> Key | None:
        """Return some resource that refers to `key`, if there is one."""
        with deadline(self._read_seconds):
            return self._appender.referrer(key)

    def search(self, asked: Query) -> Found:
        """Return one page of current versions."""
        with deadline(self._read_seconds):
            page = query.find(self._current(asked.type), self._protection.query(asked))
            return Found(self._shown(asked.type, page.rows), page.next)

    def prepare(self, kind: ResourceType) -> None:
        """Create the indexes by which rows of a version of a type are found."""
        with deadline(PREPARING_SECONDS):
            ensure(self._database, [kind])

    def find_by(self, kind: ResourceType, versions: Sequence[Version]) -> None:
        """Let current rows be found by what a version of their type is found by, too."""
        with deadline(self._bundle_seconds):
            changes = [self._appender.found_by(kind, each) for each in versions]
            if changes:
                self._current(kind.name).bulk_write(changes, ordered=False)

    def values(self, asked: Query, parameter: Parameter) -> list[tuple[Any, ...]]:
        """Return what the first `asked.count` matching rows hold of a parameter, row by row."""
        with deadline(self._read_seconds):
            hidden = self._protection.query(asked)
            return query.values(self._current(asked.type), hidden, parameter)

    def count(self, asked: Query) -> int:
        """Return how many current versions match, pages aside."""
        with deadline(self._read_seconds):
            return query.count(self._current(asked.type), self._protection.query(asked))

    def history(self, asked: HistoryQuery) -> Found:
        """Return one page of versions, newest first."""
        with deadline(self._read_seconds):
            page, position = history.page(self._versions, asked)
            found = self._protection.show([(history.version(row), row) for row in page])
            return Found(found, position)

    def commit(
        self,
        versions: Sequence[Version],
        held: Iterable[Key] = (),
        *,
        absent: Sequence[Query] = (),
        receipt: Receipt | None = None,
        audit: Sequence[AuditEvent] = (),
    ) -> None:
        """Append all versions or none; see `app.interactions.Store.commit` for what it raises."""
        versions = [self._marked(each) for each in versions]
        own = {each.key for each in versions}
        with deadline(self._write_seconds):
            hidden = [self._protection.hide(each) for each in versions]
            signed = self._protection.hidden_receipt(receipt) if receipt else None
            asked = [self._protection.query(each) for each in absent]
        made = Commit(hidden, frozenset(held) - own, ObjectId(), asked, signed, audit)
        if len(versions) + len(asked) > SHARED:
            self._append([made], self._bundle_seconds)
        else:
            self._commits.submit(made)

    def receipt(self, name: str) -> Receipt | None:
        """Return what was done under an idempotency key, None when the key is new."""
        with deadline(self._read_seconds):
            found = guards.receipt(self._database, name)
            return self._protection.shown_receipt(found) if found else None

    def _marked(self, version: Version) -> Version:
        if version.is_deleted:
            former = version.former
            return replace(version, marks=former.marks) if former else version
        return replace(
            version, marks=self._published.now.type(version.key.type).marks(version.resource)
        )

    def _append(self, commits: Sequence[Commit], seconds: float) -> None:
        with deadline(seconds):
            try:
                self._transaction(lambda session: self._appender.append(commits, session))
            except (VersionConflict, AlreadyDone, Matched):
                # A commit whose answer was lost in a fail-over is run again and meets itself.
                inserts = [row for commit in commits for row in commit.rows()]
                if not inserts or not history.is_written(self._versions, inserts):
                    raise

    def _shown(self, kind: str, found: Iterable[Row]) -> list[Version]:
        return self._protection.show([(rows.version(kind, row), row) for row in found])

    def _current(self, kind: str) -> MongoCollection[Row]:
        return rows.current(self._database, kind)
