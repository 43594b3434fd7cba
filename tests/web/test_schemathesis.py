"""What the OpenAPI document says is what the hub does: schemathesis, all checks, a bounded run."""

import threading

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

import small_types
from fuzz import fuzz
from tenants import a_tenant, as_tester

RUNS = "^run|^certificate"
"""Each run makes a hub of its own; the corpus of bad input and tests of their own ask these."""
BESIDES = f"^conditional-|{RUNS}"
ASKING = ("Purpose-Of-Use", "Staff-Id")


class Quiet(WSGIRequestHandler):
    """Keeps connections open and writes no log, since there are thousands of requests."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


@pytest.fixture(scope="module")
def served(embedded_uri, tmp_path_factory):
    """Yield the origin of a site of three small types, and a source of tokens for it."""
    schemas = small_types.write(tmp_path_factory.mktemp("schemas"))
    data = tmp_path_factory.mktemp("hub")
    # With one thread no reader of the change feed may wait.
    limits = {"read_seconds": 20, "write_seconds": 20, "threads": 1}
    with a_tenant(embedded_uri, data, schemas=schemas, **limits) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def token():
            return as_tester(app).environ_base["HTTP_AUTHORIZATION"].partition(" ")[2]

        yield f"http://127.0.0.1:{server.port}", token
        server.shutdown()
        thread.join()
        server.server_close()


def test_no_request_at_the_edges_is_answered_outside_the_document(served):
    # The bodies of conditional writes are those of the plain ones.
    run = fuzz(*served, besides=BESIDES, phases=["coverage"], once=ASKING)

    assert not run.faults, "\n\n".join(run.faults)
    assert run.statuses.total() > 2000
    # It came as far as the rules behind the form.
    assert {200, 201, 204, 304, 404, 405, 409, 412, 422, 428} <= set(run.statuses)


def test_no_random_request_or_sequence_is_answered_outside_the_document(served):
    run = fuzz(*served, besides=RUNS, examples=4, phases=["fuzzing", "stateful"], once=ASKING)

    assert not run.faults, "\n\n".join(run.faults)
    assert not run.untried
    assert run.statuses.total() > 200
