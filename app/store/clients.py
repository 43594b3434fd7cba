"""Client registrations in MongoDB, one row each, replaced only by the version that follows."""

from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.interactions.identity.clients import RegisteredClient
from app.model.conflicts import Duplicate, LostRace
from app.store.deadline import deadline

Row = dict[str, Any]


class MongoClients:
    """The registered clients of one tenant; see `app.interactions.identity.clients.ClientStore`.

    The database hands out times with their zone (`tz_aware`). The deadlines are in seconds.
    """

    def __init__(
        self, database: Database[Row], *, read_seconds: float = 2.0, write_seconds: float = 5.0
    ) -> None:
        self._rows = database["clients"]
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds

    def get(self, client_id: str) -> RegisteredClient | None:
        """Return the registration as it is now."""
        with deadline(self._read_seconds):
            row = self._rows.find_one({"_id": {"$eq": client_id}})
        return _client(row) if row else None

    def put(self, client: RegisteredClient) -> None:
        """Store version 1 of a new client or the version that follows the stored one.

        Raises Duplicate when the id is taken, LostRace when someone else changed the client first.
        """
        with deadline(self._write_seconds):
            is_stored = self._insert(client) if client.version == 1 else self._replace(client)
        # The driver may have sent the same write twice: what is stored then is ours.
        if is_stored or self.get(client.id) == client:
            return
        if client.version == 1:
            raise Duplicate("A client of that id is already registered.", "id")
        raise LostRace("The client was changed by someone else at the same time.")

    def all(self) -> list[RegisteredClient]:
        """Return every registration, ordered by id."""
        with deadline(self._read_seconds):
            return [_client(row) for row in self._rows.find().sort("_id", ASCENDING)]

    def _insert(self, client: RegisteredClient) -> bool:
        try:
            self._rows.insert_one(_row(client))
        except DuplicateKeyError:
            return False
        return True

    def _replace(self, client: RegisteredClient) -> bool:
        guard = {"_id": client.id, "version": client.version - 1}
        return self._rows.replace_one(guard, _row(client)).matched_count == 1


def _row(client: RegisteredClient) -> Row:
    return {
        "_id": client.id,
        "version": client.version,
        "status": client.status,
        "scopes": sorted(client.scopes),
        "partner": client.partner,
        "secret_hash": client.secret_hash,
        "jwks": client.jwks,
        "jwks_url": client.jwks_url,
        "purpose": client.purpose,
        "created": client.created,
    }


def _client(row: Row) -> RegisteredClient:
    return RegisteredClient(
        id=row["_id"],
        scopes=frozenset(row["scopes"]),
        partner=row["partner"],
        secret_hash=bytes(row["secret_hash"]) if row["secret_hash"] else None,
        jwks=row.get("jwks"),
        jwks_url=row.get("jwks_url"),
        purpose=row.get("purpose"),
        created=row["created"],
        status=row["status"],
        version=row["version"],
    )
