"""Connects to a replica set or sharded cluster, and refuses what cannot keep the hub's promises."""

from collections.abc import Callable
from typing import Any

from pymongo import MongoClient, ReadPreference, timeout
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Row = dict[str, Any]
STANDALONE = (
    "This MongoDB is a standalone server, which has no transactions. Start mongod with "
    "--replSet rs0 and run rs.initiate() once to make it a one-node replica set, and add "
    "?replicaSet=rs0 to HUB_MONGODB_URI."
)


class UnfitServer(Exception):
    """The database cannot keep the hub's promises; the text says what to change."""


def connect(uri: str, *, pool: int) -> MongoClient[Row]:
    """Return a client whose writes are durable; make it after a fork, it connects on first use."""
    return MongoClient(
        uri,
        appname="wioa-hub",
        w="majority",
        journal=True,
        readConcernLevel="majority",
        maxPoolSize=pool,
        waitQueueTimeoutMS=500,
        serverSelectionTimeoutMS=2000,
        connectTimeoutMS=2000,
        maxIdleTimeMS=120_000,
        tz_aware=True,
    )


def transactions(client: MongoClient[Row]) -> Callable[[Callable[[ClientSession], None]], None]:
    """Return a function that runs its argument in one majority transaction, retried as a whole."""

    def run(work: Callable[[ClientSession], None]) -> None:
        with client.start_session() as session:
            session.with_transaction(
                work,
                read_concern=ReadConcern("snapshot"),
                write_concern=WriteConcern("majority", j=True),
                read_preference=ReadPreference.PRIMARY,
            )

    return run


def refuse_unfit(client: MongoClient[Row]) -> None:
    """Raise UnfitServer for a standalone server or one that cannot be reached."""
    try:
        with timeout(5):
            hello = client.admin.command("hello")
    except OperationFailure as error:
        raise UnfitServer("The database refused the connection; check the credentials.") from error
    except PyMongoError as error:
        raise UnfitServer("The database cannot be reached; check HUB_MONGODB_URI.") from error
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise UnfitServer(STANDALONE)
