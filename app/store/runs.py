"""Conformance runs: one row for each, and what was seen in each."""

from typing import Any

from bson.binary import Binary
from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.model.codec import decode, encode
from app.store.deadline import deadline

Row = dict[str, Any]
RUNS, EXCHANGES, FAULTS = "runs", "exchanges", "faults"


class MongoRuns:
    """The runs of a hub; see `app.interactions.runs.Runs`. Deadline in seconds.

    Bodies lie as JSON bytes: names that clients make up never become names of the database.
    """

    def __init__(self, database: Database[Row], *, seconds: float = 5.0) -> None:
        self._runs = database[RUNS]
        self._exchanges = database[EXCHANGES]
        self._faults = database[FAULTS]
        self._seconds = seconds

    def get(self, id: str) -> Row | None:
        """Return a run, None when there is none."""
        with deadline(self._seconds):
            row = self._runs.find_one({"_id": id})
        return _shown(row) if row else None

    def of_opaque(self, opaque: str) -> Row | None:
        """Return the run whose sandbox has this name, None when there is none."""
        with deadline(self._seconds):
            row = self._runs.find_one({"opaque": opaque})
        return _shown(row) if row else None

    def of(self, partner: str | None = None) -> list[Row]:
        """Return the runs of a partner, or all, in the order they began."""
        asked = {"partner": partner} if partner else {}
        with deadline(self._seconds):
            found = [_shown(row) for row in self._runs.find(asked)]
        return sorted(found, key=lambda run: run["startedAt"])

    def put(self, run: Row) -> bool:
        """Keep a run upon the state it was read in; False when somebody else kept one since."""
        number = run["n"]
        named = {"partner": run["partner"], "opaque": run["opaque"]}
        row = {"_id": run["id"], **named, "n": number + 1, "text": _packed(run)}
        with deadline(self._seconds):
            if number == 0:
                try:
                    self._runs.insert_one(row)
                except DuplicateKeyError:
                    return False
                return True
            done = self._runs.replace_one({"_id": run["id"], "n": number}, row)
            return bool(done.matched_count)

    def note(self, id: str, exchange: Row) -> int:
        """Add what was seen in a run; return its number, which counts from 1 without gaps."""
        with deadline(self._seconds):
            counted = self._exchanges.find_one_and_update(
                {"_id": f"{id}#"},
                {"$inc": {"seen": 1}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
            number = int(counted["seen"]) if counted else 0
            text = _packed({**exchange, "number": number})
            self._exchanges.insert_one({"_id": f"{id}/{number:08d}", "text": text})
        return number

    def exchanges(self, id: str, since: int = 0) -> list[Row]:
        """Return what was seen in a run after a number, in order."""
        asked = {"_id": {"$gt": f"{id}/{since:08d}", "$lt": f"{id}/:"}}
        with deadline(self._seconds):
            found = self._exchanges.find(asked).sort("_id", ASCENDING)
            return [decode(bytes(row["text"])) for row in found]

    def arm(self, id: str, name: str, fault: Row) -> None:
        """Let a fault wait in a run for `times` requests."""
        left = int(fault["times"])
        with deadline(self._seconds):
            self._faults.insert_one(
                {"_id": f"{id}/{name}", "run": id, "left": left, "text": _packed(fault)}
            )

    def armed(self, id: str) -> list[Row]:
        """Return the faults that wait in a run, in the order they were armed, with their names."""
        with deadline(self._seconds):
            found = self._faults.find({"run": id, "left": {"$gt": 0}}).sort("_id", ASCENDING)
            return [{**decode(bytes(row["text"])), "id": row["_id"]} for row in found]

    def take(self, name: str) -> bool:
        """Use a fault up by one; whether it was still there for this request."""
        with deadline(self._seconds):
            taken = self._faults.update_one(
                {"_id": name, "left": {"$gt": 0}}, {"$inc": {"left": -1}}
            )
            return bool(taken.modified_count)

    def disarm(self, id: str) -> None:
        """Let no fault wait in a run any more."""
        with deadline(self._seconds):
            self._faults.delete_many({"run": id})

    def ids(self) -> list[str]:
        """Return the ids of all runs."""
        with deadline(self._seconds):
            return [row["_id"] for row in self._runs.find({}, {"_id": True})]

    def forget(self, id: str) -> None:
        """Drop what was seen in a run."""
        with deadline(self._seconds):
            self._exchanges.delete_many({"_id": {"$gt": f"{id}/", "$lt": f"{id}/:"}})


def ensure(database: Database[Row]) -> None:
    """Create the indexes that are missing."""
    database[RUNS].create_index("opaque")
    database[RUNS].create_index("partner")
    database[FAULTS].create_index("run")


def _packed(value: Row) -> Binary:
    return Binary(encode(value).encode())


def _shown(row: Row) -> Row:
    run: Row = decode(bytes(row["text"]))
    return {**run, "n": row["n"]}
