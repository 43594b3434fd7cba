"""`hub token`, `hub client` and `hub keys`, beside a server and a database that run."""

import json
import stat
from threading import Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from joserfc import jwk
from werkzeug.serving import make_server

from app.cli.client import client
from app.cli.keys import keys as keys_command
from app.cli.token import token
from app.composition import now, open_tokens
from app.demo_clients import DemoClient, ensure
from app.interactions.identity.authentication import Assertion
from app.interactions.identity.proof import NotProven
from app.keyring.keys import Keys
from app.settings import Settings
from app.store.clients import MongoClients
from app.store.connection import connect
from app.web import oauth
from assertions import EC, OKP, RSA, proven, public, said

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
            settings = Settings(database=database, data=tmp_path, port=server.port)
            tokens = open_tokens(settings, connection, keys)
            app.register_blueprint(
                oauth.blueprint(SimpleNamespace(tokens=tokens, base="/v1", url=url))
            )
            (tmp_path / "hub.json").write_text(
                json.dumps({"url": url, "mongodb_uri": embedded_uri, "pid": 1})
            )
            thread = Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            yield SimpleNamespace(
                tokens=tokens, clients=clients, url=url, run=a_runner(tmp_path, database)
            )
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


def an_assertion(hub, key, jti, client_id="lc-1", **header):
    """Return an assertion for the running hub, made now."""
    at = int(now().timestamp())
    names = {"iss": client_id, "sub": client_id, "aud": hub.url, "jti": jti}
    claims = said(**names, iat=at, exp=at + 60)
    return Assertion(proven(claims, key, **header))


def a_file(tmp_path, content):
    path = tmp_path / f"key{len(list(tmp_path.iterdir()))}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def add(hub, tmp_path, key):
    return hub.run(
        client, "add", "lc-1", "--scope", "system/*.rs", "--purpose", "referral",
        "--public-key", a_file(tmp_path, key),
    )  # fmt: skip


def test_a_client_added_with_a_public_key_has_no_secret_and_proves_itself(hub, tmp_path):
    added = add(hub, tmp_path, RSA.as_pem(private=False))

    issued = hub.tokens.issue(an_assertion(hub, RSA, "1", kid=added.output.strip()))
    assert (added.exit_code, added.output.strip()) == (0, RSA.thumbprint())
    assert hub.tokens.verify(issued.access_token).purpose == "referral"
    assert hub.clients.get("lc-1").secret_hash is None


@pytest.mark.parametrize("key", [RSA, EC, OKP], ids=["RSA", "EC", "Ed25519"])
@pytest.mark.parametrize("form", ["PEM", "JWK"])
def test_token_proves_a_client_by_the_private_key_in_a_file(hub, tmp_path, key, form):
    private, public_half = (
        key.as_pem(private=is_private)
        if form == "PEM"
        else json.dumps(key.as_dict(private=is_private))
        for is_private in (True, False)
    )
    add(hub, tmp_path, public_half)

    found = hub.run(token, "lc-1", "--key-file", a_file(tmp_path, private))

    assert found.exit_code == 0, found.output
    assert hub.tokens.verify(found.output.strip()).id == "lc-1"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(RSA.as_pem(private=False), id="a public key"),
        pytest.param(jwk.ECKey.generate_key("P-256").as_pem(private=True), id="another curve"),
        pytest.param(b'{"kty": "oct", "k": "AAAA"}', id="a shared key"),
        pytest.param(b"[]", id="no key"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_token_says_what_is_no_private_key(hub, tmp_path, content):
    found = hub.run(token, "mdes", "--key-file", a_file(tmp_path, content))

    assert found.exit_code == 1
    assert "not a private key" in found.output


def test_a_new_key_stands_beside_the_old_one_until_the_next_rotation(hub, tmp_path):
    add(hub, tmp_path, public(RSA))

    rotated = hub.run(client, "rotate", "lc-1", "--public-key", a_file(tmp_path, public(EC)))

    assert (rotated.exit_code, rotated.output) == (0, "ec rsa\n")
    for key, header in ((RSA, {}), (EC, {"alg": "ES384"})):
        proof = an_assertion(hub, key, key.kid, **header)
        assert hub.tokens.issue(proof).client_id == "lc-1"

    hub.run(client, "rotate", "lc-1", "--public-key", a_file(tmp_path, EC.as_pem(private=False)))

    with pytest.raises(NotProven):
        hub.tokens.issue(an_assertion(hub, RSA, "3"))


def test_a_leaked_key_is_replaced_at_once(hub, tmp_path):
    add(hub, tmp_path, public(RSA))
    new = a_file(tmp_path, public(EC))

    rotated = hub.run(client, "rotate", "lc-1", "--replace", "--public-key", new)

    assert rotated.output == "ec\n"
    with pytest.raises(NotProven):
        hub.tokens.issue(an_assertion(hub, RSA, "1"))


def test_a_secret_is_exchanged_for_another(hub, tmp_path):
    first = hub.run(client, "add", "lc-1", "--scope", "system/*.rs").output

    second = hub.run(client, "rotate", "lc-1").output

    old, new = a_file(tmp_path, first), a_file(tmp_path, second)
    assert hub.run(token, "lc-1", "--secret-file", old).exit_code == 1
    assert hub.run(token, "lc-1", "--secret-file", new).exit_code == 0


def test_a_client_that_goes_over_to_a_key_loses_its_secret(hub, tmp_path):
    hub.run(client, "rotate", "mdes", "--public-key", a_file(tmp_path, public(RSA)))

    assert hub.run(token, "mdes").exit_code == 1
    assert hub.tokens.issue(an_assertion(hub, RSA, "1", "mdes")).client_id == "mdes"


def test_keys_at_an_address_are_registered_by_it(hub):
    url = "https://keys.example/jwks"

    added = hub.run(client, "add", "lc-1", "--scope", "system/*.rs", "--jwks-url", url)

    assert (added.exit_code, added.output) == (0, url + "\n")
    assert hub.clients.get("lc-1").jwks_url == url


def test_show_tells_everything_but_the_secret(hub, tmp_path):
    add(hub, tmp_path, public(RSA))

    keyed = hub.run(client, "show", "lc-1").output
    secret = hub.run(client, "show", "mdes").output

    assert keyed.splitlines() == [
        "id\tlc-1",
        "status\tactive",
        "version\t1",
        "partner\t-",
        "purpose\treferral",
        "scopes\tsystem/*.rs",
        "keys\trsa",
    ]
    assert secret.endswith("keys\ta secret\n")


def test_the_running_hub_takes_a_rotated_key(hub):
    former = hub.tokens.jwks()["keys"]
    before = hub.run(token, "mdes").output.strip()

    rotated = hub.run(keys_command, "rotate-signing")

    assert rotated.output == f"Tokens are signed with {former[1]['kid']} from now on.\n"
    assert hub.tokens.verify(before).id == "mdes"
    again = hub.run(keys_command, "rotate-signing")
    assert (again.exit_code, "rotated minutes ago" in again.output) == (1, True)
    assert hub.run(keys_command, "rotate-signing", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("words", "content", "sentence"),
    [
        pytest.param([], RSA.as_pem(private=True), "private key", id="a private key"),
        pytest.param([], b"", "neither PEM", id="an empty file"),
        pytest.param(["--jwks-url", "https://x.example/"], public(RSA), "not both", id="two ways"),
    ],
)
def test_a_key_that_can_not_be_registered_is_told(hub, tmp_path, words, content, sentence):
    path = a_file(tmp_path, content)

    found = hub.run(client, "add", "x", "--scope", "system/*.rs", "--public-key", path, *words)

    assert found.exit_code > 0
    assert sentence in found.output
    assert hub.clients.get("x") is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["add", "mdes", "--scope", "system/*.rs"], "already registered", id="taken"),
        pytest.param(["add", "x", "--scope", "all"], "A scope is", id="ill-formed scope"),
        pytest.param(
            ["add", "a b", "--scope", "system/*.rs"], "A client id is", id="ill-formed id"
        ),
        pytest.param(["disable", "nobody"], "No client of that id", id="unknown"),
        pytest.param(["show", "nobody"], "No client of that id", id="nobody to show"),
        pytest.param(["rotate", "nobody"], "No client of that id", id="nobody to rotate"),
        pytest.param(["rotate", "mdes"], "is a demo client", id="a demo client's secret"),
        pytest.param(
            ["add", "x", "--scope", "system/*.rs", "--jwks-url", "http://x.example/"],
            "only fetched by https",
            id="keys by http",
        ),
        pytest.param(
            ["add", "x", "--scope", "system/*.rs", "--jwks-url", "https://x.example/" + "x" * 500],
            "too long",
            id="endless address",
        ),
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
