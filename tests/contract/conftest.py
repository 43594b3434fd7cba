"""The tenant of the tests of the change feed."""

from uuid import uuid4

import pytest

from app.store.connection import connect, transactions
from feeding import Feeding
from trails import Trailing


@pytest.fixture
def tenant(registry, embedded_uri):
    """Yield a tenant over the wire, where sequencers meet as they do in the field."""
    with connect(embedded_uri, pool=20) as client:
        name = f"f{uuid4().hex[:12]}"
        yield Feeding(client[name], registry, client.start_session, transactions(client))
        client.drop_database(name)


@pytest.fixture
def trail(embedded_uri, tmp_path):
    """Yield an audit trail over the wire."""
    with connect(embedded_uri, pool=20) as client:
        name = f"a{uuid4().hex[:12]}"
        yield Trailing(client[name], client.start_session, tmp_path)
        client.drop_database(name)
