"""Versions, current rows and business keys in MongoDB; one transaction per commit.

`versions` holds every version of everything under `Type/id/n`, so that a number can be taken only
once. One collection per type holds the current version with its search keys. `keys` holds the
business keys as `_id`, which is right on a sharded cluster too. Resources are kept as their JSON
text: what was answered is what is stored, and no client's name ever becomes a database name.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from time import monotonic
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection as MongoCollection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from app.model.errors import Duplicate, ReferenceMissing, StillReferenced, Unavailable, VersionConflict
from app.model.history import HistoryPage, HistoryQuery
from app.model.query import Found, Query
from app.model.registry import Registry
from app.model.search_keys import search_keys, unique_keys
from app.model.version import Key, Version
from app.store import history, query, rows
from app.store.deadline import deadline
from app.store.indexes import ensure

READY_SECONDS = 2.0
DUPLICATE_KEY = 11000
Row = dict[str, Any]
Transaction = Callable[[Callable[[ClientSession | None], None]], None]


class MongoStore:
    """The rows of one tenant; see `app.interactions.Store` for what each method promises."""

    def __init__(
        self,
        database: Database[Row],
        registry: Registry,
        *,
        transaction: Transaction,
        read_seconds: float = 2.0,
        write_seconds: float = 5.0,
    ) -> None:
        self._database = database
        self._registry = registry
        self._transaction = transaction
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds
        self._versions = database["versions"]
        self._keys = database["keys"]
        self._asked = -READY_SECONDS
        self._answered = False

    def ensure_indexes(self) -> None:
        """Create the indexes that the schemas ask for and that are missing."""
        with deadline(60):
            history.ensure(self._versions)
            self._keys.create_index([("holder", ASCENDING)], name="holder")
            ensure(self._database, self._registry)

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
        return rows.version(key.type, row) if row else None

    def vread(self, key: Key, number: int) -> Version | None:
        """Return version `number`, a deletion included."""
        with deadline(self._read_seconds):
            row = self._versions.find_one({"_id": f"{key}/{number}"})
        return history.version(row) if row else None

    def latest(self, key: Key) -> Version | None:
        """Return the newest version, a deletion included."""
        with deadline(self._read_seconds):
            return history.latest(self._versions, key)

    def present(self, keys: Collection[Key]) -> set[Key]:
        """Return those of `keys` that exist and are not deleted."""
        found: set[Key] = set()
        with deadline(self._read_seconds):
            for kind in {key.type for key in keys}:
                ids = [key.id for key in keys if key.type == kind]
                for row in self._current(kind).find({"_id": {"$in": ids}}, {"_id": 1}):
                    found.add(Key(kind, row["_id"]))
        return found

    def referrer(self, key: Key) -> Key | None:
        """Return some resource that refers to `key`, if there is one."""
        with deadline(self._read_seconds):
            return self._referrer(key, None)

    def search(self, asked: Query) -> Found:
        """Return one page of current versions."""
        with deadline(self._read_seconds):
            return query.find(self._current(asked.type), asked)

    def count(self, asked: Query) -> int:
        """Return how many current versions match, pages aside."""
        with deadline(self._read_seconds):
            return query.count(self._current(asked.type), asked)

    def history(self, asked: HistoryQuery) -> HistoryPage:
        """Return one page of versions, newest first."""
        with deadline(self._read_seconds):
            return history.page(self._versions, asked)

    def commit(self, versions: Sequence[Version], held: Iterable[Key] = ()) -> None:
        """Append all versions or none; see `app.interactions.Store.commit` for what it raises."""
        stamp = ObjectId()
        inserts = [history.row(each, stamp) for each in versions]
        holds = sorted(set(held) - {each.key for each in versions})

        def work(session: ClientSession | None) -> None:
            self._insert_versions(inserts, session)
            for each in versions:
                self._advance(each, session)
            for key in holds:
                self._hold(key, stamp, session)

        with deadline(self._write_seconds):
            try:
                self._transaction(work)
            except VersionConflict:
                # A commit whose answer was lost in a fail-over is run again and meets itself.
                if not history.is_written(self._versions, inserts):
                    raise

    def _insert_versions(self, inserts: list[Row], session: ClientSession | None) -> None:
        try:
            self._versions.insert_many(inserts, session=session)
        except BulkWriteError as clash:
            if clash.details["writeErrors"][0]["code"] != DUPLICATE_KEY:
                raise
            raise VersionConflict("Another version took this number first.") from clash

    def _advance(self, version: Version, session: ClientSession | None) -> None:
        current = self._current(version.key.type)
        guard = {"_id": version.key.id, "n": version.number - 1}
        if version.is_deleted:
            done = current.delete_one(guard, session=session).deleted_count
            if self._referrer(version.key, session):
                raise StillReferenced("Other resources refer to this one.")
        elif version.former is None or version.former.is_deleted:
            done = self._insert_current(current, version, session)
        else:
            row = rows.row(version, self._search_keys(version))
            done = current.replace_one(guard, row, session=session).matched_count
        if not done:
            raise VersionConflict("Another version was written first.")
        self._move_keys(version, session)

    def _insert_current(
        self, current: MongoCollection[Row], version: Version, session: ClientSession | None
    ) -> int:
        try:
            current.insert_one(rows.row(version, self._search_keys(version)), session=session)
        except DuplicateKeyError as clash:
            raise VersionConflict("Another version was written first.") from clash
        return 1

    def _move_keys(self, version: Version, session: ClientSession | None) -> None:
        """Release the business keys the resource gave up and take those it gained."""
        former = self._unique_keys(version.former)
        wanted = self._unique_keys(version)
        gone = [each for each in former if each not in wanted]
        if gone:
            self._keys.delete_many({"_id": {"$in": gone}}, session=session)
        for each, pointer in wanted.items():
            if each in former:
                continue
            try:
                self._keys.insert_one({"_id": each, "holder": str(version.key)}, session=session)
            except DuplicateKeyError as clash:
                raise Duplicate("Another resource of this type already has this value.", pointer) from clash

    def _hold(self, key: Key, stamp: ObjectId, session: ClientSession | None) -> None:
        """Write the row of a referenced resource, so that its deletion at the same time conflicts."""
        if self._registry.type(key.type).is_lookup:
            return
        held = self._current(key.type).update_one(
            {"_id": key.id}, {"$set": {"held": stamp}}, session=session
        )
        if not held.matched_count:
            raise ReferenceMissing(f"{key.type} that is referred to does not exist.")

    def _referrer(self, key: Key, session: ClientSession | None) -> Key | None:
        for kind in self._registry.referrers[key.type]:
            row = self._current(kind).find_one({"refs": str(key)}, {"_id": 1}, session=session)
            if row and Key(kind, row["_id"]) != key:
                return Key(kind, row["_id"])
        return None

    def _search_keys(self, version: Version) -> Row:
        return search_keys(self._registry.type(version.key.type), version.resource)

    def _unique_keys(self, version: Version | None) -> dict[str, str]:
        if version is None or version.is_deleted:
            return {}
        return unique_keys(self._registry.type(version.key.type), version.resource)

    def _current(self, kind: str) -> MongoCollection[Row]:
        return self._database[f"current.{kind}"]
