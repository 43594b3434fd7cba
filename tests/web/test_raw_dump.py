"""A thief of the disk, or of a dump of the database: nothing of what is protected is in them."""

import json
import sys
from contextlib import closing

import pymongo
import pytest
from bson.raw_bson import RawBSONDocument

from app import seed
from app.data_folder import FILE
from builders import a_profile
from live import serving

CANARY = {"ssn": "666421337", "birthDate": "1931-07-19", "householdIncome": 31337.25}
CLEAR = "Canaryson"
PROFILES = "/ParticipantProfile"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def thief(tmp_path_factory):
    """Yield what a thief gets: the bytes of all files, and of all documents."""
    folder = tmp_path_factory.mktemp("raw") / "data"
    with serving(folder, workers=1, seed="demo") as hub:
        use(hub)
        uri = json.loads((folder / FILE).read_text())["mongodb_uri"]
        documents = b"".join(dumped(uri))
        hub.kill()
        files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        errors = hub.errors.read_bytes()
    return files, documents, errors


def use(hub):
    """Write, change, find and replay a canary, and change the master keys in between."""
    call = hub.caller()
    body = a_profile(lastName=CLEAR, **CANARY, disability="1", disabilityCategory="4")
    key = {"Idempotency-Key": "once"}
    made = call("POST", PROFILES, body, key)
    assert made.status == 201
    again = call("POST", PROFILES, body, key)
    assert again.headers["idempotent-replayed"] == "true"
    assert "local:v2" in hub.run("keys", "rotate")
    assert "4 data keys" in hub.run("keys", "rewrap")
    told = hub.run("keys", "status")
    assert told.count("local:v2") == 4
    assert "rewrap" not in told
    # The commands take their time; the hub does not wait for ever on a connection.
    call = hub.caller()
    path = f"{PROFILES}/{made.json['id']}"
    changed = call("PUT", path, {**made.json, "middleName": "Second"}, {"If-Match": 'W/"1"'})
    assert changed.status == 200
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    found = call("POST", f"{PROFILES}/_search", f"ssn={CANARY['ssn']}", form)
    assert [entry["resource"]["id"] for entry in found.json["entry"]] == [made.json["id"]]
    history = call("GET", f"{path}/_history")
    assert [entry["resource"]["birthDate"] for entry in history.json["entry"]] == ["1931-07-19"] * 2
    assert call("GET", f"{PROFILES}?ssn={CANARY['ssn']}").status == 400


def dumped(uri):
    with closing(pymongo.MongoClient(uri, document_class=RawBSONDocument)) as client:
        for name in client.list_database_names():
            for collection in client[name].list_collection_names():
                yield from (document.raw for document in client[name][collection].find())


def seeded():
    """Return the numbers of the participants that ship with the hub, which are nobody's."""
    return [body["ssn"] for body in seed.rows("demo").values() if "ssn" in body]


@pytest.mark.parametrize("where", [0, 1], ids=["files", "documents"])
def test_the_dump_is_read_at_all(thief, where):
    assert CLEAR.encode() in thief[where]


@pytest.mark.parametrize("where", [0, 1, 2], ids=["files", "documents", "log"])
def test_no_protected_value_is_in_it(thief, where):
    words = [*seeded(), CANARY["ssn"], "666-42-1337", CANARY["birthDate"], "31337.25"]

    assert len(seeded()) >= 1
    assert [word for word in words if word.encode() in thief[where]] == []


def test_no_key_that_opens_anything_is_in_the_documents(thief):
    files, documents, _ = thief

    assert b"kms_providers" in files
    assert b"kms_providers" not in documents
