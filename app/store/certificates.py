"""Certificates of conformance, and which requirements each partner's newest run left open."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bson.binary import Binary
from pymongo import ASCENDING
from pymongo.database import Database

from app.model.access.certification import Certification, Proved, Tried
from app.model.codec import decode, encode
from app.store.deadline import deadline

Row = dict[str, Any]
CERTIFICATES, TRIED = "certificates", "tried"
SEEN = ("partner", "level", "granted", "ends", "isRevoked", "isSettled")
"""What lies beside the text of a row, so that a policy can be made without reading it."""
ISSUED = [("issued", ASCENDING), ("_id", ASCENDING)]


class MongoCertificates:
    """The certificates of a hub; see `app.interactions.certificates.Certificates`.

    Deadline in seconds.
    """

    def __init__(self, database: Database[Row], *, seconds: float = 5.0) -> None:
        self._certificates = database[CERTIFICATES]
        self._tried = database[TRIED]
        self._seconds = seconds

    def get(self, id: str) -> Row | None:
        """Return a certificate, None when there is none."""
        with deadline(self._seconds):
            row = self._certificates.find_one({"_id": id})
        return _shown(row) if row else None

    def all(self) -> Sequence[Row]:
        """Return all certificates in the order of issue."""
        with deadline(self._seconds):
            return [_shown(row) for row in self._certificates.find().sort(ISSUED)]

    def add(self, row: Row) -> None:
        """Keep a new certificate; one that is kept already stays as it is."""
        new = {"revoked": None, "extended": [], "noticed": [], "isSettled": False, **row}
        with deadline(self._seconds):
            fresh = _stored({**new, "n": 0})
            del fresh["_id"]
            self._certificates.update_one({"_id": row["id"]}, {"$setOnInsert": fresh}, upsert=True)

    def put(self, row: Row) -> bool:
        """Keep a certificate upon the state it was read in; False when that has changed."""
        with deadline(self._seconds):
            asked = {"_id": row["id"], "n": row["n"]}
            done = self._certificates.replace_one(asked, _stored(row))
        return bool(done.matched_count)

    def try_out(self, partner: str, tried: Tried) -> None:
        """Remember the newest judged run of a partner for a level."""
        id = f"{partner} {tried.level}"
        said = {**tried._asdict(), "open": [*tried.open], "partner": partner}
        with deadline(self._seconds):
            self._tried.replace_one({"_id": id}, {"_id": id, **said}, upsert=True)

    def proved(self) -> Proved:
        """Return what all partners proved."""
        found: defaultdict[str, list[Certification]] = defaultdict(list)
        with deadline(self._seconds):
            for row in self._certificates.find({}, dict.fromkeys(SEEN, 1)).sort(ISSUED):
                found[row["partner"]].append(_certification(row))
            runs = [*self._tried.find()]
        tried: defaultdict[str, list[Tried]] = defaultdict(list)
        for row in runs:
            said = {name: row[name] for name in Tried._fields}
            tried[row["partner"]].append(Tried(**{**said, "open": tuple(row["open"])}))
        return Proved(found, tried)


def _certification(row: Row) -> Certification:
    ends = datetime.fromisoformat(row["ends"]).date()
    return Certification(
        row["_id"], row["level"], row["granted"], ends, row["isRevoked"], row["isSettled"]
    )


def _stored(row: Row) -> Row:
    beside = {**row, "isRevoked": bool(row["revoked"])}
    seen = {name: beside[name] for name in (*SEEN, "issued")}
    text = Binary(encode(row).encode())
    return {"_id": row["id"], "n": row["n"] + 1, **seen, "text": text}


def _shown(row: Row) -> Row:
    found: Row = decode(bytes(row["text"]))
    return {**found, "n": row["n"]}
