"""How the collections lie in the cluster: the indexes there are, and how they are sharded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymongo import HASHED, MongoClient
from pymongo.database import Database

from app.model.protected import DISABILITY
from app.model.registry import Registry
from app.store.connection import UnfitServer

Row = dict[str, Any]
NOT_SHARDED = (
    "This is not a sharded cluster: give the address of a mongos as HUB_MONGODB_URI, or run the "
    "printed commands there yourself."
)


@dataclass(frozen=True)
class Shard:
    """One collection to spread over the shards by the hash of its `_id`."""

    database: str
    collection: str

    def __str__(self) -> str:
        """Return the command as one types it in mongosh."""
        return f'sh.shardCollection("{self.database}.{self.collection}", {{ _id: "hashed" }})'


def indexes(database: Database[Row]) -> Iterator[str]:
    """Yield a line for each index of the database: collection, name, keys in order."""
    for collection in sorted(database.list_collection_names()):
        for name, index in sorted(database[collection].index_information().items()):
            yield f"{collection}\t{name}\t{', '.join(element for element, _ in index['key'])}"


def shards(database: str, registry: Registry) -> list[Shard]:
    """Return what is sharded: versions, what lies apart of them, business keys, current rows.

    The change feed stays whole, because its segments are written one after the other.
    """
    names = [
        "versions",
        DISABILITY,
        "keys",
        *(f"current.{name}" for name in sorted(registry.types)),
    ]
    return [Shard(database, name) for name in names]


def spread(client: MongoClient[Row], wanted: list[Shard]) -> None:
    """Shard the collections; doing it again changes nothing. Raise UnfitServer without a mongos."""
    if client.admin.command("hello").get("msg") != "isdbgrid":
        raise UnfitServer(NOT_SHARDED)
    for each in wanted:
        client.admin.command("enableSharding", each.database)
        client[each.database][each.collection].create_index([("_id", HASHED)])
        client.admin.command(
            "shardCollection", f"{each.database}.{each.collection}", key={"_id": "hashed"}
        )
