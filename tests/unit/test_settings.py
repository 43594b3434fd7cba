from pathlib import Path

import pytest

from app.settings import Settings

ISSUER = {
    "HUB_ISSUER": "https://idp.example",
    "HUB_ISSUER_JWKS": "https://idp.example/jwks",
    "HUB_ISSUER_AUDIENCE": "wioa-hub",
}


def test_without_variables_the_defaults_hold():
    assert Settings.from_env({}) == Settings()


def test_a_variable_sets_its_field_in_the_type_of_the_field():
    settings = Settings.from_env(
        {"HUB_PORT": "0", "HUB_DATA": "/srv/hub", "HUB_READ_SECONDS": "0.5", "HUB_SEED": "none"}
    )

    assert settings.port == 0
    assert settings.data == Path("/srv/hub")
    assert settings.read_seconds == 0.5
    assert settings.seed == "none"


def test_an_empty_variable_is_no_variable():
    assert Settings.from_env({"HUB_PORT": "", "HUB_SEED": ""}) == Settings()


def test_what_is_given_wins_over_the_environment():
    assert Settings.from_env({"HUB_PORT": "9000"}, port=9001).port == 9001


def test_what_is_given_as_none_leaves_the_environment():
    assert Settings.from_env({"HUB_PORT": "9000"}, port=None).port == 9000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("HUB_PORT", "http", id="a word for a number"),
        pytest.param("HUB_PORT", "-1", id="a negative port"),
        pytest.param("HUB_WORKERS", "0", id="nobody to work"),
        pytest.param("HUB_WRITE_SECONDS", "nan", id="no number at all"),
        pytest.param("HUB_READ_SECONDS", "inf", id="no deadline"),
        pytest.param("HUB_SEED", "everything", id="a word that is not one of the choices"),
    ],
)
def test_a_wrong_value_is_refused_with_its_variable_but_not_the_value(name, value):
    with pytest.raises(ValueError, match=name) as refusal:
        Settings.from_env({name: value})

    assert value not in str(refusal.value).replace(name, "")


def test_an_embedded_database_gets_the_demo_rows():
    assert Settings.from_env({}).seed == "demo"


@pytest.mark.parametrize("given", [{}, {"mongodb_uri": "mongodb://db.example/?replicaSet=rs0"}])
def test_a_real_database_gets_no_demo_rows_unasked(given):
    environ = {} if given else {"HUB_MONGODB_URI": "mongodb://db.example/?replicaSet=rs0"}

    assert Settings.from_env(environ, **given).seed == "lookups"


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        pytest.param("HUB_ISSUER_JWKS", "JWK set", id="no keys"),
        pytest.param("HUB_ISSUER_AUDIENCE", "audience", id="no audience"),
    ],
)
def test_half_an_issuer_stops_the_start_with_a_sentence(missing, sentence):
    environ = {name: value for name, value in ISSUER.items() if name != missing}

    with pytest.raises(ValueError, match=sentence):
        Settings.from_env(environ)


@pytest.mark.parametrize(
    "wrong",
    [
        {"HUB_ISSUER_JWKS": "http://idp.example/jwks"},
        {"HUB_ISSUER_JWKS": "ftp://127.0.0.1/jwks", "HUB_JWKS_PRIVATE_HOSTS": "127.0.0.1"},
        {"HUB_ISSUER_ALGORITHMS": "HS256"},
    ],
    ids=str,
)
def test_an_issuer_that_proves_nothing_stops_the_start(wrong):
    with pytest.raises(ValueError, match=r"HUB_ISSUER_JWKS|algorithms"):
        Settings.from_env({**ISSUER, **wrong})


def test_a_whole_issuer_is_read():
    trust = Settings.from_env({**ISSUER, "HUB_ISSUER_ALGORITHMS": "RS256, PS256"}).trust

    assert (trust.url, trust.algorithms) == ("https://idp.example", ("RS256", "PS256"))
    assert Settings().trust is None


def test_a_real_database_gets_the_demo_rows_when_asked():
    environ = {"HUB_MONGODB_URI": "mongodb://db.example/?replicaSet=rs0", "HUB_SEED": "demo"}

    assert Settings.from_env(environ).seed == "demo"


def test_a_child_process_reads_the_same_settings_back():
    settings = Settings(mongodb_uri="mongodb://db.example/", port=9000, data=Path("/srv/hub"))

    assert Settings.from_env(settings.to_env({"HUB_PORT": "1", "PATH": "/bin"})) == settings


def test_a_child_process_keeps_the_rest_of_the_environment():
    assert Settings().to_env({"PATH": "/bin"})["PATH"] == "/bin"


def test_requests_in_flight_may_use_their_whole_deadline_at_a_stop():
    assert Settings(read_seconds=2, write_seconds=30).grace_seconds > 30


def test_links_use_the_public_url_without_a_final_slash():
    assert Settings(public_url="https://hub.example.gov/").origin == "https://hub.example.gov"


def test_links_use_host_and_port_without_a_public_url():
    assert Settings(host="127.0.0.1", port=8081).origin == "http://127.0.0.1:8081"
