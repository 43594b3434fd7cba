"""The limit: the least Flask and pymongo code that keeps the promises of a versioned resource.

Validated writes, ETag, If-Match, the whole history, one transaction per update, indexed search; no
authentication, no access decision, no references. `raw` also keeps the resource's JSON text in its
row, so that a read neither decodes nor encodes it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema_rs
import orjson
from flask import Flask, Response, request
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

Row = dict[str, Any]
SCHEMAS = Path(__file__).parents[2] / "resource_schemas"
PAGE = 20


class Stale(Exception):
    """The client has not seen the current version."""


class Store:
    """Current rows, and in `versions` those that they replaced."""

    def __init__(self, uri: str, *, raw: bool) -> None:
        self._client: MongoClient[Row] = MongoClient(uri, w="majority", journal=True)
        database = self._client["limit"]
        self.current, self.versions = database["current"], database["versions"]
        self._raw = raw
        self.current.create_index([("_id", 1), ("n", 1)])
        self.current.create_index("k.id", unique=True)
        for name in ("city", "name", "birth", "status"):
            self.current.create_index([(f"k.{name}", 1), ("_id", 1)])
        self.versions.create_index([("of", 1), ("n", 1)])

    def row(self, key: str, number: int, body: Row) -> Row:
        """Return the row of a version."""
        resource = {**body, "id": key, "meta": {"versionId": str(number)}}
        keys = {
            "id": body["pirlUniqueId"],
            "city": [each["city"] for each in body.get("address", ()) if "city" in each],
            "name": body["lastName"].casefold(),
            "birth": body["birthDate"],
            "status": body["status"],
        }
        kept = orjson.dumps(resource).decode() if self._raw else resource
        return {"_id": key, "n": number, "k": keys, "r": kept}

    def text(self, row: Row) -> str:
        """Return the JSON text of the resource in a row."""
        return str(row["r"]) if self._raw else orjson.dumps(row["r"]).decode()

    def replace(self, former: Row, row: Row) -> None:
        """Put `row` in the place of `former`, which moves to the history; raise Stale else."""
        key, number = former["_id"], former["n"]
        old = {**former, "_id": f"{key}/{number}", "of": key}

        def work(session: ClientSession) -> None:
            self.versions.insert_one(old, session=session)
            guard = {"_id": key, "n": number}
            if not self.current.replace_one(guard, row, session=session).matched_count:
                raise Stale

        with self._client.start_session() as session:
            try:
                session.with_transaction(work)
            except DuplicateKeyError as error:
                raise Stale from error


class People:
    """The five routes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_valid = _validator("ParticipantProfile")

    def create(self) -> Response:
        """Answer 201 with the first version."""
        body = orjson.loads(request.get_data())
        if not self._is_valid(body):
            return Response(status=422)
        row = self._store.row(str(uuid4()), 1, body)
        self._store.current.insert_one(row)
        return self._reply(row, 201)

    def read(self, key: str) -> Response:
        """Answer the current version, or 304."""
        row = self._store.current.find_one({"_id": key}, {"r": 1, "n": 1})
        if row is None:
            return Response(status=404)
        if request.headers.get("If-None-Match") == _etag(row):
            return Response(status=304, headers={"ETag": _etag(row)})
        return self._reply(row)

    def update(self, key: str) -> Response:
        """Answer the next version, or 412."""
        former = self._store.current.find_one({"_id": key})
        if former is None:
            return Response(status=404)
        if request.headers.get("If-Match") != _etag(former):
            return Response(status=412)
        body = orjson.loads(request.get_data())
        if not self._is_valid(body):
            return Response(status=422)
        row = self._store.row(key, former["n"] + 1, body)
        try:
            self._store.replace(former, row)
        except Stale:
            return Response(status=412)
        return self._reply(row)

    def search(self) -> Response:
        """Answer the first page of those who live in a town."""
        found = self._store.current.find({"k.city": request.args["city"]}, {"r": 1})
        return self._bundle(found.sort("_id", 1).limit(PAGE))

    def history(self, key: str) -> Response:
        """Answer all versions, newest first."""
        newest = self._store.current.find_one({"_id": key}, {"r": 1})
        older = self._store.versions.find({"of": key}, {"r": 1}).sort("n", -1)
        return self._bundle([*([newest] if newest else ()), *older])

    def _reply(self, row: Row, status: int = 200) -> Response:
        headers = {"ETag": _etag(row), "Location": f"/people/{row['_id']}"}
        return Response(self._store.text(row), status, headers, mimetype="application/json")

    def _bundle(self, rows: Iterable[Row]) -> Response:
        entries = ",".join(f'{{"resource":{self._store.text(each)}}}' for each in rows)
        text = f'{{"resourceType":"Bundle","entry":[{entries}]}}'
        return Response(text, mimetype="application/json")


def create_app(uri: str, *, raw: bool) -> Flask:
    """Return the application over the database at `uri`."""
    app = Flask(__name__, static_folder=None)
    people = People(Store(uri, raw=raw))
    for rule, view, method in (
        ("/people", people.create, "POST"),
        ("/people", people.search, "GET"),
        ("/people/<key>", people.read, "GET"),
        ("/people/<key>", people.update, "PUT"),
        ("/people/<key>/history", people.history, "GET"),
    ):
        app.add_url_rule(rule, view_func=view, methods=[method])
    return app


def _validator(kind: str) -> Callable[[Any], bool]:
    texts = [(SCHEMAS / name / "1.0.0/schema.json").read_bytes() for name in ("datatypes", kind)]
    documents = [(found["$id"], found) for found in map(orjson.loads, texts)]
    return jsonschema_rs.Draft202012Validator(
        documents[-1][1],
        registry=jsonschema_rs.Registry(documents),
        validate_formats=True,
        offline=True,
    ).is_valid


def _etag(row: Row) -> str:
    return f'W/"{row["n"]}"'
