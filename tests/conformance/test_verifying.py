"""What `cert` says of certificates: whether they hold, and whether they still do."""

import json
import warnings

import pytest
import yaml
from click.testing import CliRunner
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from conformance.certificate import TYPE, Unproven, verified
from conformance.cli import main
from run_stand_in import HubOfRuns, a_report, a_verdict, settings

KEY = OKPKey.generate_key("Ed25519", {"kid": "k1"})
KEYS = {"keys": [KEY.as_dict(private=False)]}
CLAIMS = {
    "sub": "Partner/agency",
    "level": 1,
    "run": "cf-1",
    "results": {"L1-09": "PASS"},
    "iat": 1,
    "exp": 4_000_000_000,
}
OFFLINE = ("--keys", "keys.json")


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    return lambda *words: CliRunner().invoke(main, words)


@pytest.fixture
def hub(tmp_path):
    found = HubOfRuns()
    found.keys = KEYS
    with found.served() as base:
        found.origin = base.removesuffix("/v1")
        (tmp_path / "wcf.yaml").write_text(yaml.safe_dump(settings(base, ["x"])))
        yield found


def a_certificate(typ=TYPE, key=KEY, **more):
    header = {"alg": "EdDSA", "typ": typ, "kid": "k1"}
    content = json.dumps(CLAIMS | more).encode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jws.serialize_compact(header, content, key, algorithms=["EdDSA"])


def test_a_certificate_is_verified_offline(cli, tmp_path):
    (tmp_path / "cert").write_text(a_certificate())

    assert cli("cert", "verify", "cert", "--keys", "keys.json").exit_code == 0
    assert "Partner/agency" in cli("cert", "show", "cert").output
    (tmp_path / "entry").write_text(json.dumps({"id": "cert-1", "text": a_certificate()}))
    assert cli("cert", "verify", "entry", "--keys", "keys.json").exit_code == 0
    head, body, tail = a_certificate().split(".")
    (tmp_path / "cert").write_text(f"{head}.{body[:-4]}AAAA.{tail}")
    assert cli("cert", "verify", "cert", "--keys", "keys.json").exit_code == 1
    assert cli("cert", "verify", "cert", "--keys", "none.json").exit_code == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(a_certificate(exp=2), "over", id="its time is over"),
        pytest.param(a_certificate(typ="JWT"), "no certificate of", id="another kind of text"),
        pytest.param(a_certificate(exp=None), "no end", id="without an end"),
        pytest.param(
            a_certificate(key=OKPKey.generate_key("Ed25519", {"kid": "k1"})),
            "not of these keys",
            id="another key under the same name",
        ),
        pytest.param("a.b.c", "no certificate", id="nothing like it"),
        pytest.param(
            "eyJhbGciOiJub25lIn0." + a_certificate().split(".")[1] + ".",
            "not of these keys",
            id="unsigned",
        ),
    ],
)
def test_what_proves_nothing_is_refused(text, why):
    with pytest.raises(Unproven, match=why):
        verified(text, KEYS)


REVOKED = {"state": "revoked", "revoked": {"at": "2026-11-22T10:00:00Z", "reason": "It misled."}}
UNKNOWN = "Valid; whether it was revoked since is not known offline."


def an_entry(state="valid", **more):
    return {"id": "cert-cf-1", "level": 1, "state": state, "text": a_certificate(), **more}


def test_offline_nobody_knows_whether_a_certificate_was_revoked_since(cli, tmp_path):
    (tmp_path / "cert").write_text(a_certificate())

    assert cli("cert", "verify", "cert", *OFFLINE).output.endswith(f"{UNKNOWN}\n")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (REVOKED, "Not valid: the hub revoked it: It misled."),
        ({"state": "revoked", "revoked": None}, "Not valid: the hub revoked it."),
        ({"state": "expired"}, "Not valid: the hub says that it is over."),
    ],
)
def test_an_entry_of_the_list_that_ended_is_not_valid(cli, tmp_path, entry, why):
    (tmp_path / "entry").write_text(json.dumps(an_entry() | entry))

    reply = cli("cert", "verify", "entry", *OFFLINE)

    assert reply.exit_code == 1
    assert reply.output == f"{why}\n"


@pytest.mark.parametrize(
    ("entry", "end"),
    [
        pytest.param({"state": "ends-soon"}, (0, "Valid."), id="it holds"),
        pytest.param(REVOKED, (1, "revoked it: It misled."), id="it was revoked"),
        pytest.param({"id": "another"}, (4, "did not tell the state"), id="the hub is silent"),
    ],
)
def test_the_hub_that_gives_its_keys_is_asked_for_the_state(cli, hub, tmp_path, entry, end):
    code, told = end
    hub.certificates = [an_entry() | entry]
    where = f"{hub.origin}/certificates/cert-cf-1"
    (tmp_path / "cert").write_text(a_certificate(status_url=where))

    reply = cli("cert", "verify", "cert")

    assert reply.exit_code == code
    assert told in reply.output


@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:1/certificates/cert-cf-1", "http://127.0.0.1:x", "quatsch", None]
)
@pytest.mark.usefixtures("hub")
def test_nobody_but_the_hub_is_asked_for_the_state(cli, tmp_path, where):
    (tmp_path / "cert").write_text(a_certificate(status_url=where))

    reply = cli("cert", "verify", "cert")

    assert reply.exit_code == 0
    assert reply.output.endswith("Valid; its state was not asked, as it is of another hub.\n")


def test_a_report_holds_with_its_certificate(cli, tmp_path):
    report = a_report(a_verdict(), certificate=a_certificate())
    (tmp_path / "report.json").write_text(json.dumps(report))

    assert cli("cert", "verify", "report.json", *OFFLINE).exit_code == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"level": 4}, id="another level"),
        pytest.param({"run": "cf-2"}, id="another run"),
        pytest.param({"verdicts": [a_verdict(word="FAIL")]}, id="another verdict"),
        pytest.param({"verdicts": [a_verdict(), a_verdict("L1-10")]}, id="one verdict more"),
        pytest.param({"verdicts": []}, id="no verdicts"),
        pytest.param({"verdicts": "all passed"}, id="no list"),
        pytest.param({"verdicts": [{"id": []}]}, id="no verdict"),
    ],
)
def test_a_report_that_was_changed_by_hand_is_not_what_was_certified(cli, tmp_path, change):
    report = a_report(a_verdict(), certificate=a_certificate()) | change
    (tmp_path / "report.json").write_text(json.dumps(report))

    reply = cli("cert", "verify", "report.json", *OFFLINE)

    assert reply.exit_code == 1
    assert reply.output == "Not valid: The report says something else than its certificate.\n"
