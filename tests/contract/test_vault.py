"""The key vault on a real server: keys made once, changed under load, lost for good."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from bson.binary import Binary

from app.composition import now
from app.keyring import master_keys
from app.model.errors import Unavailable, Unreadable
from app.model.version import Key, following
from app.store.connection import connect, transactions
from app.store.deadline import deadline
from app.store.mongo import MongoStore
from app.store.protection import ENCRYPTED
from app.store.vault import KEYS, Vault
from builders import a_profile

NAMES = {"ssn", "sensitive", "disability", "search"}
DOCUMENT = {"rid": "Type/id/1", "values": "{}"}
PERSON = {"ssn": "666421337", "disability": "1", "householdSize": 3}


class Tenant:
    """A database, its key vault and the file of its master keys."""

    def __init__(self, client, registry, folder):
        self.client, self.registry = client, registry
        self.name, self.path = f"v{uuid4().hex[:12]}", folder / master_keys.NAME
        master_keys.ensure(self.path)

    def vault(self, path=None):
        """Return the vault as another process would open it."""
        return Vault(self.client, self.name, master_keys.MasterKeyFile(path or self.path))

    def store(self):
        return MongoStore(
            self.client[self.name],
            self.registry,
            transaction=transactions(self.client),
            cipher=self.vault(),
        )

    @property
    def keys(self):
        return self.client[f"{self.name}_vault"][KEYS]


@pytest.fixture
def tenant(registry, embedded_uri, tmp_path):
    with connect(embedded_uri, pool=30) as client:
        made = Tenant(client, registry, tmp_path)
        yield made
        client.drop_database(made.name)
        client.drop_database(f"{made.name}_vault")


def first(id, **elements):
    body = a_profile(**elements)
    return following(None, Key("ParticipantProfile", id), now(), "tests", body)


def test_several_processes_make_the_keys_once(tenant):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tenant.vault().prepare(), range(4)))

    assert {name for row in tenant.keys.find() for name in row["keyAltNames"]} == NAMES
    assert tenant.keys.count_documents({}) == len(NAMES)
    assert tenant.vault().blind("x") == tenant.vault().blind("x") != tenant.vault().blind("y")


def test_another_process_opens_what_one_encrypted(tenant):
    vault = tenant.vault()
    vault.prepare()

    sealed = vault.encrypt("ssn", DOCUMENT)

    assert tenant.vault().decrypt(sealed) == DOCUMENT
    assert vault.encrypt("ssn", DOCUMENT) != sealed


def test_a_ciphertext_that_was_changed_is_told_from_a_key_that_is_away(tenant, tmp_path):
    vault = tenant.vault()
    vault.prepare()
    sealed = vault.encrypt("ssn", DOCUMENT)
    changed = Binary(bytes(sealed[:-1]) + bytes([sealed[-1] ^ 1]), ENCRYPTED)
    elsewhere = tmp_path / "elsewhere.json"
    master_keys.ensure(elsewhere)

    with pytest.raises(Unreadable):
        vault.decrypt(changed)
    with pytest.raises(Unavailable):
        tenant.vault(elsewhere).decrypt(sealed)
    with pytest.raises(Unavailable):
        tenant.vault(elsewhere).prepare()


@pytest.mark.parametrize("rubbish", [b"", b"\x02", b"x" * 40, b"\x02" + b"\0" * 60])
def test_what_is_no_ciphertext_is_refused(tenant, rubbish):
    vault = tenant.vault()
    vault.prepare()

    with pytest.raises((Unreadable, Unavailable)):
        vault.decrypt(Binary(rubbish, ENCRYPTED))


def test_a_destroyed_key_takes_its_class_with_it_and_nothing_else(tenant):
    tenant.vault().prepare()
    told, silent = first("p", **PERSON), first("q")
    tenant.store().commit([told, silent])

    tenant.keys.delete_one({"keyAltNames": "disability"})

    store = tenant.store()
    with pytest.raises(Unreadable):
        store.read(told.key)
    assert store.read(silent.key).text == silent.text
    with pytest.raises(Unavailable):
        store.commit([first("r", **PERSON)])
    store.commit([first("s", ssn="000123456")])


def test_without_the_master_key_protected_rows_are_503_and_all_others_answered(tenant, registry):
    tenant.vault().prepare()
    told = first("p", **PERSON)
    lookup = following(
        None,
        Key("Agency", "a"),
        now(),
        "tests",
        json.loads(registry.examples["Agency", "1.0.0"][0]),
    )
    tenant.store().commit([told, lookup])
    tenant.path.write_text("{}")

    store = tenant.store()

    assert store.read(lookup.key).text == lookup.text
    with pytest.raises(Unavailable), deadline(2):
        store.read(told.key)


def test_a_kms_that_does_not_answer_is_503_within_the_deadline(tenant):
    tenant.vault().prepare()
    told = first("p", **PERSON)
    tenant.store().commit([told])
    kms = {"kms_providers": {"kmip": {"endpoint": "127.0.0.1:9"}}, "kms_provider": "kmip"}
    tenant.path.write_text(json.dumps(kms))

    with pytest.raises(Unavailable):
        tenant.store().read(told.key)


def test_master_keys_are_changed_while_readers_and_writers_run(tenant):
    tenant.vault().prepare()
    stores = [tenant.store() for _ in range(3)]
    stop, counts = Event(), [0, 0, 0]

    def work(number):
        store = stores[number]
        while not stop.is_set():
            count = counts[number]
            version = first(f"w{number}-{count}", **PERSON)
            store.commit([version])
            for each in (store, tenant.store()):
                assert each.read(version.key).text == version.text
            counts[number] += 1

    with ThreadPoolExecutor(3) as pool:
        try:
            running = [pool.submit(work, number) for number in range(3)]
            for _ in range(3):
                master_keys.rotate(tenant.path)
                assert tenant.vault().rewrap() == len(NAMES)
                before = list(counts)
                while any(now <= then for now, then in zip(counts, before, strict=True)):
                    assert not any(each.done() for each in running)
        finally:
            stop.set()
        for each in running:
            each.result()

    assert {each.provider for each in tenant.vault().data_keys()} == {"local:v4"}


def test_a_process_takes_up_a_new_master_key_when_it_needs_it(tenant, tmp_path):
    other = tmp_path / "another-machine.json"
    other.write_text(tenant.path.read_text())
    here, there = tenant.vault(), tenant.vault(other)
    here.prepare()
    there.encrypt("ssn", DOCUMENT)
    master_keys.rotate(tenant.path)
    tenant.vault().rewrap()

    assert here.decrypt(here.encrypt("disability", DOCUMENT)) == DOCUMENT
    with pytest.raises(Unavailable):
        there.encrypt("disability", DOCUMENT)
    other.write_text(tenant.path.read_text())
    assert here.decrypt(there.encrypt("disability", DOCUMENT)) == DOCUMENT


def test_two_who_add_a_master_key_at_once_each_add_one(tenant):
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: master_keys.rotate(tenant.path), range(8)))

    assert sorted(names) == [f"local:v{number}" for number in range(2, 10)]
    assert len(master_keys.read(tenant.path).providers) == 9


def test_the_newest_master_key_alone_opens_all_after_a_rewrap(tenant):
    vault = tenant.vault()
    vault.prepare()
    sealed = vault.encrypt("ssn", DOCUMENT)
    name = master_keys.rotate(tenant.path)
    tenant.vault().rewrap()
    said = json.loads(tenant.path.read_text())
    said["kms_providers"] = {name: said["kms_providers"][name]}
    tenant.path.write_text(json.dumps(said))

    assert tenant.vault().decrypt(sealed) == DOCUMENT


def test_the_file_of_master_keys_is_its_owners_alone(tenant):
    assert tenant.path.stat().st_mode & 0o777 == 0o600
    master_keys.rotate(tenant.path)
    assert tenant.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"kms_providers": {}, "kms_provider": "aws"}', '{"kms_providers": 1}']
)
def test_a_file_that_names_no_kms_is_told_in_a_sentence(tmp_path, text):
    path = tmp_path / "kms.json"
    path.write_text(text)

    with pytest.raises(ValueError, match=r"names? "):
        master_keys.read(path)


def test_a_kms_is_not_rotated_here(tmp_path):
    path = tmp_path / "kms.json"
    path.write_text('{"kms_providers": {"aws": {}}, "kms_provider": "aws"}')

    with pytest.raises(ValueError, match="names a KMS"):
        master_keys.rotate(path)
