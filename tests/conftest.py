"""Few fixtures: the embedded server, the published types, a store on each backend, a client."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

import mongomock
import pytest

from app import create_app
from app.composition import DATABASE, new_id, now, schema_folder
from app.interactions import Hub
from app.keyring import master_keys
from app.model.cursor import Cursors
from app.model.registry import load
from app.reference import load as load_reference
from app.settings import Settings
from app.store.connection import connect, transactions
from app.store.mongo import MongoStore
from app.store.vault import Vault
from memory_cipher import MemoryCipher
from tenants import MANY, RIGHTS, as_client, prepare

# Compiled once and kept, whatever the environment says: hundreds of processes import the hub.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

CLIENTS = {
    "state-staff": RIGHTS,
    "second-staff": RIGHTS,
    "reader": "system/*.rs hub/staff",
}
"""The registered clients of the web tests; each one's secret is its name."""
LONGEST = (
    "contract/test_search_differential.py",
    "web/test_matrix.py",
    "web/test_schemathesis.py",
    "web/test_stateful.py",
    "conformance/test_mutants.py",
    "web/test_bad_input.py",
    "web/test_conformance_runs.py",
    "conformance/test_mutants_above.py",
    "web/test_raw_dump.py",
    "web/test_readme.py",
    "web/test_simulate.py",
    "web/test_serve.py",
    "web/test_feed_crash.py",
    "web/test_crash.py",
    "web/test_idempotency_crash.py",
    "web/test_bundle_crash.py",
    "web/test_schema_faults.py",
    "web/test_schema_publishing.py",
    "contract/test_compatibility_oracle.py",
    "web/test_canaries.py",
    "web/test_labels.py",
    "web/test_merge.py",
)
"""The files that take longest, the longest first."""


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no process works on alone at the end."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get("/".join(item.path.parts[-2:]), len(LONGEST)))


@pytest.fixture(scope="session")
def embedded_uri():
    """Yield the address of an empty embedded server that lives as long as the session."""
    folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
    (folder / "empty.toml").touch()
    server = subprocess.Popen(
        [
            *(Path(sys.executable).with_name("secantusd-py"), "--config", folder / "empty.toml"),
            *("--host", "127.0.0.1", "--port", "0", "--storage-path", folder / "db"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = next(line for line in server.stderr if "listening on" in line)
        port = re.search(r"listening on [\d.]+:(\d+)", line)[1]
        yield f"mongodb://127.0.0.1:{port}/?retryWrites=false&maxIdleTimeMS=120000"
    finally:
        server.kill()
        server.wait()
        server.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def registry():
    """Return the types that ship with the hub."""
    return load(schema_folder(Settings()))


@pytest.fixture(scope="session")
def vault(embedded_uri, tmp_path_factory):
    """Yield data keys in a real key vault, which the stores over the wire share."""
    masters = tmp_path_factory.mktemp("masters") / master_keys.NAME
    master_keys.ensure(masters)
    with connect(embedded_uri, pool=40) as client:
        made = Vault(client, f"tests{uuid4().hex[:8]}", master_keys.MasterKeyFile(masters))
        made.prepare()
        yield made


@pytest.fixture
def wire(registry, embedded_uri, vault):
    """Yield an empty store over the wire, which has transactions and can roll back."""
    with connect(embedded_uri, pool=40) as client:
        name = f"t{uuid4().hex[:12]}"
        yield MongoStore(client[name], registry, transaction=transactions(client), cipher=vault)
        client.drop_database(name)


@pytest.fixture(params=["mongomock", "wire"])
def store(request, registry):
    """Return an empty store on each backend, for what both of them can promise."""
    if request.param == "wire":
        return request.getfixturevalue("wire")
    database = mongomock.MongoClient()["hub"]
    return MongoStore(
        database, registry, transaction=lambda work: work(None), cipher=MemoryCipher()
    )


@pytest.fixture
def hub(wire, registry):
    """Return a hub over the empty store."""
    return Hub(registry, wire, now, new_id, Cursors(b"tests"), 200, None, load_reference())


@pytest.fixture(scope="session")
def site(embedded_uri, tmp_path_factory):
    """Return the settings of one hub over the wire, which all web tests share."""
    settings = Settings(
        mongodb_uri=embedded_uri,
        database=f"web{uuid4().hex[:8]}",
        data=tmp_path_factory.mktemp("hub"),
        public_url="http://hub.test",
        read_seconds=20,
        write_seconds=20,
        token_requests=MANY,
        token_requests_per_address=MANY,
    )
    prepare(settings, CLIENTS)
    return settings


@pytest.fixture(scope="session")
def app(site):
    """Yield the WSGI application, as a worker makes it."""
    made = create_app(site)
    yield made
    made.extensions[DATABASE].close()


@pytest.fixture
def http(app):
    """Return a client with the rights of state staff."""
    return as_client(app, "state-staff")


@pytest.fixture
def second_staff(app):
    """Return another client with the same rights."""
    return as_client(app, "second-staff")


@pytest.fixture
def reader(app):
    """Return a client that may only read and search."""
    return as_client(app, "reader")
