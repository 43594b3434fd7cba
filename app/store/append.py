"""The statements of one transaction: versions, current rows and business keys, all or none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database

from app.model.audit.event import AuditEvent
from app.model.conflicts import Duplicate, ReferenceMissing, StillReferenced, VersionConflict
from app.model.errors import HubError
from app.model.protected import DISABILITY as APART
from app.model.query import Query
from app.model.receipt import Receipt
from app.model.registry import Published
from app.model.resource_type import MERGED, ResourceType
from app.model.search_keys import unique_keys
from app.model.version import Key, Version
from app.store import audit_rows, guards, history, rows
from app.store.guards import first_taken
from app.store.protection import Hidden, Protection

Row = dict[str, Any]
Session = ClientSession | None


@dataclass(frozen=True)
class Commit:
    """What one caller wants appended, while all `held` resources stay in existence.

    `absent` are searches that must match nothing, `receipt` says what was done under an
    idempotency key, `audit` what the audit trail is to say of it, and `stamp` tells the rows of
    this commit from those of any other.
    """

    hidden: Sequence[Hidden]
    held: frozenset[Key]
    stamp: ObjectId
    absent: Sequence[Query] = ()
    receipt: Receipt | None = None
    audit: Sequence[AuditEvent] = ()

    def rows(self) -> list[Row]:
        """Return its rows for the `versions` collection."""
        return [history.row(each.version, each.fields, self.stamp) for each in self.hidden]


class Appender:
    """Appends commits inside a transaction; any refusal leaves it to the transaction to undo."""

    def __init__(
        self, database: Database[Row], published: Published, protection: Protection
    ) -> None:
        self._database = database
        self._published = published
        self._protection = protection

    def append(self, commits: Sequence[Commit], session: Session) -> None:
        """Write all; raise what `app.interactions.Store.commit` says."""
        guards.sign(self._database, [each.receipt for each in commits if each.receipt], session)
        absent = [(query, commit.stamp) for commit in commits for query in commit.absent]
        guards.refuse_matched(self._database, absent, session)
        hidden = [each for commit in commits for each in commit.hidden]
        versions = [each.version for each in hidden]
        inserts = [row for commit in commits for row in commit.rows()]
        insert(self._database["versions"], inserts, session)
        insert(self._database[APART], [row for each in hidden for row in each.apart], session)
        self._insert_current((each for each in hidden if _is_fresh(each.version)), session)
        for each in hidden:
            if each.version.is_deleted:
                self._delete_current(each.version, session)
            elif not _is_fresh(each.version):
                self._replace_current(each, session)
        self._refuse_referred([each.key for each in versions if each.is_deleted], session)
        self._move_keys(versions, session)
        for commit in commits:
            self._hold(commit.held, commit.stamp, session)
        events = [each for commit in commits for each in commit.audit]
        audit_rows.insert(self._database, events, session)

    def _insert_current(self, fresh: Iterable[Hidden], session: Session) -> None:
        by_type: Mapping[str, list[Row]] = defaultdict(list)
        for each in fresh:
            by_type[each.version.key.type].append(self._row(each))
        for kind, found in by_type.items():
            insert(self._current(kind), found, session)

    def _replace_current(self, hidden: Hidden, session: Session) -> None:
        version = hidden.version
        guard = {"_id": version.key.id, "n": version.number - 1}
        current = self._current(version.key.type)
        if not current.replace_one(guard, self._row(hidden), session=session).matched_count:
            raise VersionConflict("Another version was written first.")

    def _delete_current(self, version: Version, session: Session) -> None:
        guard = {"_id": version.key.id, "n": version.number - 1}
        current = self._current(version.key.type)
        if not current.delete_one(guard, session=session).deleted_count:
            raise VersionConflict("Another version was written first.")

    def _refuse_referred(self, deleted: Iterable[Key], session: Session) -> None:
        """Refuse a deletion when something refers to the resource once all is written."""
        for key in deleted:
            found = self.referrer(key, session)
            if found is not None:
                text = f"Something still refers to this {key.type}."
                raise _about(key, StillReferenced(text))

    def _move_keys(self, versions: Iterable[Version], session: Session) -> None:
        """Release the business keys that resources gave up and take those they gained."""
        gone: list[str] = []
        gained: list[Row] = []
        places: list[tuple[Key, str]] = []
        for each in versions:
            former, wanted = self._unique_keys(each.former), self._unique_keys(each)
            gone += [key for key in former if key not in wanted]
            new = {key: at for key, at in wanted.items() if key not in former}
            gained += [{"_id": key, "holder": str(each.key)} for key in new]
            places += ((each.key, at) for at in new.values())
        keys = self._database["keys"]
        for part in rows.some(gone):
            keys.delete_many({"_id": {"$in": part}}, session=session)
        if not gained:
            return
        taken = first_taken(keys, gained, session)
        if taken is not None:
            key, pointer = places[taken]
            text = "Another resource of this type has this value."
            raise _about(key, Duplicate(text, pointer))

    def _hold(self, held: Iterable[Key], stamp: ObjectId, session: Session) -> None:
        """Write the rows of referenced resources, so that deleting one meanwhile conflicts."""
        by_type: Mapping[str, list[str]] = defaultdict(list)
        for key in sorted(held):
            if not self._published.now.type(key.type).is_lookup:
                by_type[key.type].append(key.id)
        mark = {"$set": {"held": stamp}}
        parts = ((kind, ids) for kind, all_ids in by_type.items() for ids in rows.some(all_ids))
        for kind, ids in parts:
            self._hold_some(kind, ids, mark, session)

    def _hold_some(self, kind: str, ids: list[str], mark: Row, session: Session) -> None:
        current, asked = self._current(kind), {"_id": {"$in": ids}}
        still = {**asked, "k.status": {"$ne": MERGED}}
        if current.update_many(still, mark, session=session).matched_count == len(ids):
            return
        if current.count_documents(asked, session=session) == len(ids):
            raise VersionConflict("What is referred to was merged in the meantime.")
        raise ReferenceMissing(f"A {kind} that is referred to does not exist.")

    def referrer(self, key: Key, session: Session = None) -> Key | None:
        """Return some other resource that refers to `key`, if there is one."""
        for kind in self._published.now.referrers[key.type]:
            names = self._protection.names(key, kind)
            asked: Row = {"refs": names[0] if len(names) == 1 else {"$in": names}}
            for row in self._current(kind).find(asked, {"_id": 1}, session=session).limit(2):
                if Key(kind, row["_id"]) != key:
                    return Key(kind, row["_id"])
        return None

    def _row(self, hidden: Hidden) -> Row:
        version = hidden.version
        kind = self._published.now.type(version.key.type)
        keys = self._protection.search_keys(kind, version.resource)
        coming = self._published.now.coming.get(kind.name)
        if coming:
            keys = _joined(keys, self._protection.search_keys(coming, version.resource))
        return rows.row(version, hidden.fields, keys)

    def found_by(self, kind: ResourceType, version: Version) -> UpdateOne:
        """Return the change that lets a row be found by a version of its type, too."""
        now = self._published.now.type(kind.name)
        keys = self._protection.search_keys(now, version.resource)
        more = self._protection.search_keys(kind, version.resource)
        guard = {"_id": version.key.id, "n": version.number}
        return UpdateOne(guard, {"$set": _joined(keys, more)})

    def _unique_keys(self, version: Version | None) -> dict[str, str]:
        if version is None or version.is_deleted:
            return {}
        return unique_keys(self._published.now.type(version.key.type), version.resource)

    def _current(self, kind: str) -> Collection[Row]:
        return rows.current(self._database, kind)


def _joined(keys: Row, more: Row) -> Row:
    """Return what a row is found by now, with what it will be found by once more is published."""
    return {
        **{name: {**more[name], **keys[name]} for name in ("k", "e")},
        "refs": sorted({*keys["refs"], *more["refs"]}),
    }


def _is_fresh(version: Version) -> bool:
    former = version.former
    return not version.is_deleted and (former is None or former.is_deleted)


def _about(key: Key, error: HubError) -> HubError:
    error.about = str(key)
    return error


def insert(collection: Collection[Row], found: list[Row], session: Session) -> None:
    """Insert rows; raise VersionConflict when one of them is there already."""
    if found and first_taken(collection, found, session) is not None:
        raise VersionConflict("Another version took this number first.")
