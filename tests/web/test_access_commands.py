"""`hub token` and `hub client`, beside a server and a database that run."""

import json
import stat
from threading import Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.serving import make_server

from app.cli.client import client
from app.cli.token import token
from app.composition import now
from app.demo_clients import DemoClient, ensure
from app.interactions.token import Issuer, Tokens
from app.keys import Keys
from app.store.clients import MongoClients
from app.store.connection import connect
from app.web import oauth

DEMO = {"mdes": DemoClient("system/*.rs system/Referral.cruds", "Partner/mdes")}


@pytest.fixture
def database(embedded_uri):
    """Yield the name of a database that is dropped afterwards."""
    name = f"t{uuid4().hex[:12]}"
    yield name
    with connect(embedded_uri, pool=1) as connection:
        connection.drop_database(name)


@pytest.fixture
def hub(tmp_path, embedded_uri, database):
    """Yield what runs: `tokens`, the registered `clients` and a `run` of the command line."""
    with connect(embedded_uri, pool=4) as connection:
        keys, clients = Keys.load_or_create(tmp_path), MongoClients(connection[database])
        ensure(clients, keys.pepper, tmp_path, DEMO, now())
        app = Flask(__name__)
        with make_server("127.0.0.1", 0, app, threaded=True) as server:
            url = f"http://127.0.0.1:{server.port}/v1"
            tokens = Tokens(Issuer(url, keys.signing, 5), keys.pepper, clients, now)
            app.register_blueprint(
                oauth.blueprint(SimpleNamespace(tokens=tokens, base="/v1", url=url))
            )
            (tmp_path / "hub.json").write_text(
                json.dumps({"url": url, "mongodb_uri": embedded_uri, "pid": 1})
            )
            thread = Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            yield SimpleNamespace(tokens=tokens, clients=clients, run=a_runner(tmp_path, database))
            server.shutdown()
            thread.join()


def a_runner(folder, database="hub"):
    def run(command, *words):
        environment = {
            "HUB_DATABASE": database,
            "HUB_MONGODB_URI": "",
            "http_proxy": "http://x.invalid",
        }
        return CliRunner(env=environment).invoke(command, [*words, "--data", str(folder)])

    return run


def test_token_prints_a_token_and_nothing_else(hub):
    found = hub.run(token, "mdes")

    assert found.exit_code == 0
    assert found.output.count("\n") == 1
    assert hub.tokens.verify(found.output.strip()).partner == "Partner/mdes"


def test_token_can_ask_for_fewer_scopes(hub):
    found = hub.run(token, "mdes", "--scope", "system/Referral.r")

    assert hub.tokens.verify(found.output.strip()).scopes == {"system/Referral.r"}


def test_a_client_added_by_hand_gets_a_token_with_its_secret(hub, tmp_path):
    added = hub.run(client, "add", "lc-1", "--scope", "system/*.rs", "--partner", "Partner/lc-1")
    path = tmp_path / "secret"
    path.write_text(added.output)

    found = hub.run(token, "lc-1", "--secret-file", str(path))

    assert added.exit_code == 0
    assert hub.tokens.verify(found.output.strip()).partner == "Partner/lc-1"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["nobody"], "nobody is not a demo client", id="no demo client"),
        pytest.param(["mdes", "--scope", "hub/staff"], "is allowed none of these", id="scope"),
    ],
)
def test_token_says_in_a_sentence_what_is_wrong(hub, words, sentence):
    found = hub.run(token, *words)

    assert found.exit_code == 1
    assert sentence in found.output


def test_a_disabled_client_gets_no_token(hub):
    disabled = hub.run(client, "disable", "mdes")

    found = hub.run(token, "mdes")

    assert (disabled.exit_code, disabled.output) == (0, "mdes is disabled.\n")
    assert found.exit_code == 1
    assert "does not accept mdes" in found.output


def test_list_shows_each_client_and_no_secret(hub, tmp_path):
    hub.run(client, "add", "state", "--scope", "system/*.cruds hub/staff")
    hub.run(client, "disable", "state")

    found = hub.run(client, "list")

    assert found.output.splitlines() == [
        "mdes\tactive\tPartner/mdes\tsystem/*.rs system/Referral.cruds",
        "state\tdisabled\t-\thub/staff system/*.cruds",
    ]
    for secret in json.loads((tmp_path / "demo-clients.json").read_text()).values():
        assert secret not in found.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["add", "mdes", "--scope", "system/*.rs"], "already registered", id="taken"),
        pytest.param(["add", "x", "--scope", "all"], "A scope is", id="ill-formed scope"),
        pytest.param(
            ["add", "a b", "--scope", "system/*.rs"], "A client id is", id="ill-formed id"
        ),
        pytest.param(["disable", "nobody"], "No client of that id", id="unknown"),
    ],
)
def test_client_says_in_a_sentence_what_is_wrong(hub, words, sentence):
    found = hub.run(client, *words)

    assert found.exit_code == 1
    assert sentence in found.output


@pytest.mark.parametrize("words", [(token, "mdes"), (client, "list")])
def test_without_a_hub_the_commands_say_how_to_start_one(tmp_path, words):
    found = a_runner(tmp_path)(*words)

    assert found.exit_code == 1
    assert "hub serve" in found.output


def test_a_hub_that_went_away_is_told(tmp_path):
    (tmp_path / "hub.json").write_text(
        '{"url": "http://127.0.0.1:9/v1", "mongodb_uri": "mongodb://127.0.0.1:9", "pid": 1}'
    )
    (tmp_path / "demo-clients.json").write_text('{"mdes": "x"}')

    found = a_runner(tmp_path)(token, "mdes")

    assert found.exit_code == 1
    assert (
        found.output
        == "Error: No hub answers at http://127.0.0.1:9/v1; start one with hub serve.\n"
    )


def test_the_keys_and_demo_secrets_are_for_their_owner_only(hub, tmp_path):
    hub.run(client, "add", "lc-1", "--scope", "system/*.rs")

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert (modes["keys.json"], modes["demo-clients.json"]) == (0o600, 0o600)
