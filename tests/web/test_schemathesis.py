"""What the OpenAPI document says is what the hub does: schemathesis, all checks, a bounded run."""

import threading
from base64 import b64encode

import pytest
from werkzeug.serving import make_server

from app.web import application
from fuzz import faults
from sites import SECRET, a_site


@pytest.fixture
def served():
    """Yield the origin of a site that is served over HTTP, and a source of tokens for it."""
    app = application(a_site())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    basic = b64encode(f"tester:{SECRET}".encode()).decode()

    def token():
        form = {"grant_type": "client_credentials"}
        reply = app.test_client().post(
            "/v1/oauth/token", data=form, headers={"Authorization": f"Basic {basic}"}
        )
        return reply.json["access_token"]

    yield f"http://127.0.0.1:{server.port}", token
    server.shutdown()
    thread.join()
    server.server_close()


KINDS = ("ServiceCategory", "ParticipantScore")
"""A lookup and a data type: the operations of all others are made by the same code."""
SHARED = ("System", "Access", "Discovery", "Health")


def test_no_request_is_answered_outside_the_document(served):
    url, token = served

    sent, found = faults(url, token, tags=KINDS + SHARED, phases=["coverage"])

    assert sent > 300
    assert not found, "\n\n".join(found)
