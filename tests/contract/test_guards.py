"""What must hold beside the numbers: nothing matches the criteria, the idempotency key is new."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.model.conflicts import AlreadyDone, Duplicate, Matched, VersionConflict
from app.model.errors import HubError
from app.model.history import HistoryQuery
from app.model.query import parse
from app.model.receipt import Once, Receipt
from app.model.version import Key, deletion, following
from app.store.connection import connect, transactions
from app.store.mongo import MongoStore
from builders import a_category, a_profile, an_agency
from memory_cipher import MemoryCipher

NOW = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


class Tenant:
    """A store on a database that the test can look into; it counts its transactions.

    The next transaction waits `pause` seconds before it begins.
    """

    def __init__(self, database, registry, run):
        self.database = database
        self.runs = 0
        self.run = run
        self.pause = 0
        self.store = MongoStore(
            database, registry, transaction=self.transaction, cipher=MemoryCipher()
        )

    def transaction(self, work):
        self.runs += 1
        pause, self.pause = self.pause, 0
        time.sleep(pause)
        self.run(work)

    def ids(self, collection):
        return {row["_id"] for row in self.database[collection].find()}


@pytest.fixture
def tenant(registry, embedded_uri):
    with connect(embedded_uri, pool=40) as client:
        name = f"g{uuid4().hex[:12]}"
        yield Tenant(client[name], registry, transactions(client))
        client.drop_database(name)


@pytest.fixture
def named(registry):
    """Return a function that makes the criteria `name:exact=…` of service categories."""
    kind = registry.type("ServiceCategory")
    return lambda name: parse(kind, [("name:exact", name)], max_count=200)


def first(body, id="a1"):
    """Return the first version of a body."""
    return following(None, Key(body["resourceType"], id), NOW, "tests", body)


def signed(version, key="k"):
    """Return the receipt of a version under an idempotency key."""
    once = Once("tests", key, "fingerprint")
    return Receipt(once, "created", NOW, str(version.key), version.number)


def at_once(commits):
    """Run all commits, the first one a little ahead; return each one's fate by its name."""

    def fate(commit):
        try:
            commit()
        except HubError as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(commits)) as pool:
        asked = {}
        for name, commit in commits.items():
            asked[name] = pool.submit(fate, commit)
            time.sleep(0.05 * (len(asked) == 1))
        return {name: each.result() for name, each in asked.items()}


def test_criteria_that_match_stop_a_commit(store, named):
    store.commit([first(a_category(name="Here"), "c1")], absent=[named("Here")])
    second = first(a_category(name="Here"), "c2")

    with pytest.raises(Matched):
        store.commit([second], absent=[named("Here")])

    assert store.read(second.key) is None
    assert store.latest(second.key) is None


def test_criteria_of_another_name_stop_nothing(store, named):
    store.commit([first(a_category(name="Here"), "c1")], absent=[named("Here")])
    second = first(a_category(name="There"), "c2")

    store.commit([second], absent=[named("There")])

    assert store.read(second.key) == second


def test_criteria_that_matched_what_is_deleted_now_stop_nothing(store, registry):
    person = a_profile()
    pairs = [("pirl-unique-id", person["pirlUniqueId"])]
    query = parse(registry.type("ParticipantProfile"), pairs, max_count=200)
    old = first(person, "p1")
    store.commit([old], absent=[query])
    store.commit([deletion(old, NOW, "tests")])

    store.commit([first(person, "p2")], absent=[query])

    assert store.read(Key("ParticipantProfile", "p2"))


def test_an_idempotency_key_is_used_once(store):
    one, two = first(an_agency(), "a1"), first(an_agency(), "a2")
    store.commit([one], receipt=signed(one))

    with pytest.raises(AlreadyDone):
        store.commit([two], receipt=signed(two))

    assert store.receipt("tests|k") == signed(one)
    assert store.read(two.key) is None


def test_a_key_that_is_new_has_no_receipt(store):
    assert store.receipt("tests|new") is None


def test_a_refused_commit_leaves_neither_receipt_nor_lock_nor_row(tenant, named):
    taken = first(an_agency(abbreviation="DUP"), "a1")
    tenant.store.commit([taken])
    late = first(an_agency(abbreviation="DUP"), "a2")

    with pytest.raises(Duplicate):
        tenant.store.commit([late], absent=[named("Nobody")], receipt=signed(late))

    assert tenant.store.receipt("tests|k") is None
    assert tenant.ids("locks") == tenant.ids("idempotency") == set()
    assert tenant.ids("versions") == {"Agency/a1/1"}


def test_a_commit_that_criteria_stop_leaves_its_key_free(tenant, named):
    tenant.store.commit([first(a_category(name="Here"), "c1")])
    late = first(a_category(name="Here"), "c2")
    with pytest.raises(Matched):
        tenant.store.commit([late], absent=[named("Here")], receipt=signed(late))

    tenant.store.commit([late], receipt=signed(late))

    assert tenant.store.receipt("tests|k") == signed(late)


def test_locks_do_not_say_what_was_searched(tenant, named):
    tenant.store.commit([first(a_category(), "c1")], absent=[named("Testcase")])

    assert len(tenant.ids("locks")) == 1
    assert "testcase" not in str(tenant.ids("locks")).lower()


def test_old_receipts_and_locks_go_by_themselves(tenant):
    version = first(an_agency())
    tenant.store.ensure_indexes()
    tenant.store.commit([version], receipt=signed(version))

    receipts = tenant.database["idempotency"].index_information()["until"]
    locks = tenant.database["locks"].index_information()["at"]
    row = tenant.database["idempotency"].find_one()

    assert (receipts["key"], receipts["expireAfterSeconds"]) == ([("until", 1)], 0)
    assert (locks["key"], locks["expireAfterSeconds"]) == ([("at", 1)], 3600)
    assert row["until"] - row["at"] == timedelta(hours=72)


def test_what_is_locked_says_when(tenant, named):
    tenant.store.commit([first(a_category(), "c1")], absent=[named("Testcase")])

    assert isinstance(tenant.database["locks"].find_one()["at"], datetime)


def test_a_shared_run_leaves_exactly_the_good_commits(tenant, named):
    store, tenant.pause = tenant.store, 0.3  # so that all others gather for one shared run
    agencies = [first(an_agency(), f"a{number}") for number in range(9)]
    clash = first(an_agency(abbreviation=agencies[0].resource["abbreviation"]), "bad")
    skipped = following(agencies[1], agencies[1].key, NOW, "tests", an_agency())
    same = [first(a_category(name="Same"), f"c{number}") for number in range(2)]

    fates = at_once(
        {
            "first": lambda: store.commit([agencies[0]], receipt=signed(agencies[0], "used")),
            "plain": lambda: store.commit([agencies[2]]),
            "taken key": lambda: store.commit([clash], receipt=signed(clash, "clash")),
            "skipped number": lambda: store.commit([skipped], receipt=signed(skipped, "skipped")),
            "used receipt": lambda: store.commit([agencies[3]], receipt=signed(clash, "used")),
            "new receipt": lambda: store.commit([agencies[4]], receipt=signed(agencies[4], "new")),
            "twin receipt": lambda: store.commit([agencies[5]], receipt=signed(agencies[5], "t")),
            "other twin": lambda: store.commit([agencies[6]], receipt=signed(agencies[6], "t")),
            "same criteria": lambda: store.commit([same[0]], absent=[named("Same")]),
            "other same": lambda: store.commit([same[1]], absent=[named("Same")]),
            "other criteria": lambda: store.commit([agencies[7]], absent=[named("Other")]),
        }
    )

    assert tenant.runs == 1 + 1 + len(fates) - 1, "one alone, one shared, and each by itself"
    for one, other, refusal in (
        ("twin receipt", "other twin", AlreadyDone),
        ("same criteria", "other same", Matched),
    ):
        assert {fates.pop(one), fates.pop(other)} == {None, refusal}
    assert fates == {
        "first": None,
        "plain": None,
        "taken key": Duplicate,
        "skipped number": VersionConflict,
        "used receipt": AlreadyDone,
        "new receipt": None,
        "other criteria": None,
    }
    kept = {str(each.key) for each in store.history(HistoryQuery(None, None, 50)).versions}
    assert len(kept & {"Agency/a5", "Agency/a6"}) == 1
    assert len(kept & {"ServiceCategory/c0", "ServiceCategory/c1"}) == 1
    assert {"Agency/a0", "Agency/a2", "Agency/a4", "Agency/a7"} < kept
    assert len(kept) == 6
    assert {f"{key}/1" for key in kept} == tenant.ids("versions")
    assert kept == {
        f"{kind}/{id}"
        for kind in ("Agency", "ServiceCategory")
        for id in tenant.ids(f"current.{kind}")
    }
    assert tenant.ids("idempotency") == {"tests|used", "tests|new", "tests|t"}
    assert len(tenant.ids("keys")) == 5
