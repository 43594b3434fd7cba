"""The database goes away beneath a sandbox: 503 at its door, as on every other route."""

import pytest

from agencies import a_state
from app.store.embedded import EmbeddedDatabase
from sandboxes import Sandbox

DEADLINE_SECONDS = 5.0


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    found = EmbeddedDatabase(tmp_path_factory.mktemp("outage"), durable=False)
    found.start()
    yield found
    found.stop(grace=0)


def test_a_sandbox_whose_database_is_away_says_so(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    limits = {"read_seconds": DEADLINE_SECONDS, "write_seconds": DEADLINE_SECONDS}
    with a_state(database.uri, folder, **limits) as state:
        sandbox = Sandbox(state)
        database.stop(grace=0)

        refused = sandbox.ask("GET", "Agency")

        database.launch()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert refused.json["resourceType"] == "OperationOutcome"
