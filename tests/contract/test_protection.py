"""Protected elements in the store: nowhere in clear, back to the letter, and never misplaced."""

import json
from contextlib import nullcontext
from uuid import uuid4

import mongomock
import pytest
from bson.binary import Binary

from app.composition import now
from app.model.errors import Unavailable, Unreadable
from app.model.history import HistoryQuery
from app.model.pair import InBody
from app.model.query import parse
from app.model.receipt import Once, Receipt
from app.model.version import Key, deletion, following
from app.store.connection import connect, transactions
from app.store.feed import MongoFeed
from app.store.mongo import MongoStore
from app.store.protection import Protection
from builders import FOLDER, a_profile, an_example
from memory_cipher import MemoryCipher

KIND = "ParticipantProfile"
EXAMPLES = sorted(FOLDER.glob("*/*/valid/*.json"))
CANARIES = {"ssn": "666421337", "birthDate": "1931-07-19", "disabilityCategory": "4"}
PERSON = {**CANARIES, "disability": "1", "householdIncome": 31337.25, "lastName": "Clear"}


class Kept:
    """A store and a feed over a database that the test can look into and change."""

    def __init__(self, database, registry, run, sessions, cipher):
        self.database, self.registry, self.cipher = database, registry, cipher
        self.store = MongoStore(database, registry, transaction=run, cipher=cipher)
        self.feed = MongoFeed(database, sessions, Protection(database, registry, cipher))

    def put(self, id, body):
        version = following(None, Key(body["resourceType"], id), now(), "tests", body)
        self.store.commit([version])
        return version

    def rows(self):
        """Return every row of every collection as text, binary values in their bytes."""
        names = self.database.list_collection_names()
        return repr([row for name in names for row in self.database[name].find()])

    def search(self, *pairs):
        query = parse(self.registry.type(KIND), pairs, max_count=50)
        return [version.key.id for version in self.store.search(query).versions]


@pytest.fixture(params=["mongomock", "wire"])
def kept(request, registry, embedded_uri):
    if request.param == "mongomock":
        database = mongomock.MongoClient()["hub"]
        yield Kept(database, registry, lambda work: work(None), nullcontext, MemoryCipher())
        return
    vault = request.getfixturevalue("vault")
    with connect(embedded_uri, pool=4) as client:
        name = f"p{uuid4().hex[:12]}"
        yield Kept(client[name], registry, transactions(client), client.start_session, vault)
        client.drop_database(name)


def roads(kept, key):
    """Return the text that each way of reading gives."""
    query = parse(kept.registry.type(key.type), [("_id", key.id)], max_count=5)
    asked = HistoryQuery(key.type, key.id, 10)
    return [
        kept.store.read(key).text,
        kept.store.vread(key, 1).text,
        kept.store.latest(key).text,
        *(each.text for each in kept.store.read_many([key])),
        *(each.text for each in kept.store.search(query).versions),
        *(each.text for each in kept.store.history(asked).versions),
        *(each.text for each in kept.feed.versions([f"{key}/1"])),
    ]


def test_every_example_is_read_as_it_was_written_by_every_road(kept):
    for number, path in enumerate(EXAMPLES):
        body = json.loads(path.read_text("utf-8"))

        written = kept.put(f"e{number}", body)

        assert roads(kept, written.key) == [written.text] * 7, path


def test_no_row_holds_a_protected_value(kept):
    kept.put("p", a_profile(**PERSON))

    found = kept.rows()

    assert "Clear" in found
    assert '"disability":null' in found
    assert [each for each in ("666421337", "1931-07-19", "31337") if each in found] == []


def test_disability_lies_apart_and_only_where_there_is_any(kept):
    kept.put("p", a_profile(**PERSON))
    kept.put("q", a_profile())

    assert [row["_id"] for row in kept.database["disability"].find()] == [f"{KIND}/p/1"]
    row = kept.database[f"current.{KIND}"].find_one({"_id": "p"})
    assert (set(row["x"]), row["d"]) == ({"ssn", "sensitive"}, True)
    assert "d" not in kept.database[f"current.{KIND}"].find_one({"_id": "q"})


def test_a_secret_is_found_by_its_whole_value_in_any_spelling(kept):
    kept.put("p", a_profile(**PERSON))
    kept.put("q", a_profile(ssn="000123456", birthDate="1931-07-20"))

    assert kept.search(InBody("ssn", "666-42-1337")) == ["p"]
    assert kept.search(("birth-date", "1931-07-19")) == ["p"]
    assert kept.search(("birth-date", "1931-07-20,1931-07-19")) == ["p", "q"]
    assert kept.search(("birth-date:missing", "false")) == ["p", "q"]
    assert kept.search(InBody("ssn", "000123457")) == []


def test_every_version_has_ciphertexts_of_its_own_and_a_deletion_none(kept):
    first = kept.put("p", a_profile(**PERSON))
    second = following(first, first.key, now(), "t", {**first.resource, "ssn": "666421338"})
    kept.store.commit([second])
    kept.store.commit([deletion(second, now(), "t")])

    rows = {row["n"]: row for row in kept.database["versions"].find()}
    texts = [kept.store.vread(first.key, n).text for n in (1, 2, 3)]
    assert texts == [first.text, second.text, None]
    assert "x" not in rows[3]
    assert rows[1]["x"]["sensitive"] != rows[2]["x"]["sensitive"]


def test_rows_from_before_encryption_stay_readable(kept):
    written = kept.put("p", a_profile(**PERSON))
    plain = {"$set": {"r": written.text}, "$unset": {"x": "", "d": ""}}
    for name in ("versions", f"current.{KIND}"):
        kept.database[name].update_many({}, plain)

    assert set(roads(kept, written.key)) == {written.text}


def damaged(sealed):
    flipped = bytearray(sealed)
    flipped[-5] ^= 1
    return Binary(bytes(flipped), sealed.subtype)


TAMPERINGS = {
    "another row's ciphertext": lambda own, other: own.update(x=other["x"]),
    "another class's ciphertext": lambda own, _: own["x"].update(ssn=own["x"]["sensitive"]),
    "a ciphertext that was changed": lambda own, _: own["x"].update(ssn=damaged(own["x"]["ssn"])),
    "a ciphertext that is missing": lambda own, _: own["x"].pop("ssn"),
    "no ciphertext at all": lambda own, _: (own.pop("x"), own.pop("d")),
    "a value in the place of a ciphertext": lambda own, _: own["x"].update(ssn="000123456"),
    "a gap that was filled": lambda own, _: own.update(r=own["r"].replace(":null", ":1", 1)),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_row_that_was_tampered_with_is_not_read_and_harms_no_other(kept, tampering):
    kept.put("p", a_profile(**PERSON))
    other = kept.put("q", a_profile(**PERSON))
    for name, id in ((f"current.{KIND}", "{}"), ("versions", KIND + "/{}/1")):
        found = kept.database[name]
        own, near = (found.find_one({"_id": id.format(each)}) for each in "pq")
        TAMPERINGS[tampering](own, near)
        found.replace_one({"_id": own["_id"]}, own)

    for road in (kept.store.read, lambda key: kept.store.vread(key, 1)):
        with pytest.raises(Unreadable) as refusal:
            road(Key(KIND, "p"))
        assert "000123456" not in str(refusal.value)
        assert road(other.key).text == other.text


def test_disability_that_was_swapped_or_taken_away_is_not_read(kept):
    versions = [kept.put(id, a_profile(**PERSON)) for id in "pq"]
    apart = kept.database["disability"]
    rows = list(apart.find())
    for row, other in zip(rows, reversed(rows), strict=True):
        apart.update_one({"_id": row["_id"]}, {"$set": {"x": other["x"]}})

    with pytest.raises(Unreadable):
        kept.store.read(versions[0].key)
    apart.delete_many({})
    with pytest.raises(Unavailable):
        kept.store.read(versions[0].key)


def test_a_receipt_comes_back_and_its_fingerprint_is_no_clear_hash(kept):
    given = Receipt(Once("client", "key", "f" * 64), "batch", now())

    kept.store.commit([], receipt=given)

    assert kept.store.receipt(given.once.id) == given
    assert "f" * 64 not in kept.rows()


def test_what_a_protected_element_refers_to_cannot_be_deleted_nor_read_off(kept):
    body = an_example("ParticipantSuccessPlan", "full")
    target = "ParticipantServiceEnrollment/hidden"
    body["challenges"][0]["remedyEnrollment"] = {"reference": target}
    kept.put("plan", body)

    assert kept.store.referrer(Key.parse(target)) == Key("ParticipantSuccessPlan", "plan")
    assert target not in kept.rows()
