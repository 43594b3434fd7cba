"""The doctor, the loop of a run, and what a run ends with."""

import json
import socket
import ssl

import httpx
import pytest
from joserfc.jwk import OKPKey

from conformance.adapters import Answer
from conformance.runner.config import Config, checked, read, secret_in
from conformance.runner.connection import connect
from conformance.runner.doctor import examine
from conformance.runner.drive import Driver, Watcher
from conformance.runner.outcome import Exit, exit_of
from conformance.runner.problem import HubTrouble, Misconfigured
from conformance.runner.runs import Runs, Wish
from run_stand_in import HubOfRuns, a_command, a_config, a_report, a_verdict, an_exchange, settings

WISH = Wish(1, "both", "practice", {"name": "CaseTrack", "version": "7.3"}, "seed")


def checkup(config, hub=None, level=1):
    found = examine(config, level, (hub or HubOfRuns()).transport)
    return {each.name: each for each in found.findings}


def drive(config, hub, watcher=None):
    http = connect(config, hub.transport).http
    return Driver(config, Runs(http, lambda _: None), watcher or Watcher())


@pytest.fixture
def config(tmp_path):
    return a_config(tmp_path, a_command(tmp_path))


def test_the_doctor_finds_nothing_where_all_is_well(config):
    found = checkup(config)

    assert list(found) == [
        *("hub", "clock", "token", "scopes", "schemas", "certificate", "adapter"),
    ]
    assert all(each.is_well for each in found.values())


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("valid", "level 2 until 2027-11-22, valid"),
        ("ends-soon", "level 2 until 2027-11-22, ends-soon; renew it by one more run"),
        ("revoked", "level 2 until 2027-11-22, revoked; a new run makes a new one"),
        ("expired", "level 2 until 2027-11-22, expired; a new run makes a new one"),
    ],
)
def test_the_doctor_tells_of_a_certificate_that_ends_and_a_run_may_still_begin(config, state, said):
    hub = HubOfRuns()
    own = {"id": "cert-cf-1", "level": 2, "issued": "2026", "ends": "2027-11-22T00:00:00Z"}
    hub.certificates = [{**own, "state": state}, {**own, "id": "cert-of-others", "issued": "2027"}]

    found = checkup(config, hub)

    assert found["certificate"].sentence == said
    assert found["certificate"].is_well


@pytest.mark.parametrize(
    ("hub", "wrong"),
    [
        pytest.param({"at": 1_000_000_000}, "clock", id="the clock is off"),
        pytest.param({"scope": "system/*.rs"}, "scopes", id="reading alone is too little"),
        pytest.param({"scope": "system/Referral.cruds"}, "scopes", id="one type is too little"),
    ],
)
def test_the_doctor_says_what_is_wrong_and_what_to_do(config, hub, wrong):
    found = checkup(config, HubOfRuns(**hub))

    assert [name for name, each in found.items() if not each.is_well] == [wrong]
    assert found[wrong].fix


def test_a_wrong_secret_is_configuration(config):
    (config.folder / "secret").write_text("wrong")

    assert "does not accept this client" in checkup(config)["token"].sentence


@pytest.mark.parametrize("setting", ["secret", "key"])
def test_a_proof_that_is_not_there_is_a_matter_of_the_token_and_says_which_file(tmp_path, setting):
    wanted = settings("http://127.0.0.1/v1", a_command(tmp_path), secret="")
    wanted[setting] = "file:nothere.txt"

    found = checkup(checked(wanted, tmp_path))

    assert found["hub"].is_well
    assert found["token"].sentence == "The file nothere.txt cannot be read."
    assert "the folder of wcf.yaml" in found["token"].fix


def test_a_schema_version_that_the_hub_does_not_speak_is_configuration(tmp_path):
    config = a_config(tmp_path, a_command(tmp_path), schemas={"Referral": "9.0.0"})

    assert "Referral 9.0.0" in checkup(config)["schemas"].sentence


def test_an_adapter_that_is_missing_is_configuration(tmp_path):
    found = checkup(a_config(tmp_path, ["/nowhere"]))

    assert not found["adapter"].is_well


@pytest.mark.parametrize(
    ("cause", "word"),
    [
        (socket.gaierror("unknown name"), "DNS"),
        (ssl.SSLCertVerificationError("CERTIFICATE_VERIFY_FAILED"), "TLS"),
        (ssl.SSLError("WRONG_VERSION_NUMBER"), "TLS"),
        (ConnectionRefusedError("refused"), "Nothing answers"),
    ],
)
def test_what_keeps_the_hub_from_being_reached_has_a_name(config, cause, word):
    def broken(request):
        raise httpx.ConnectError(str(cause), request=request) from cause

    found = examine(config, 1, httpx.MockTransport(broken)).findings[0]

    assert word in found.sentence
    assert found.fix


def test_something_else_at_the_address_is_configuration(config):
    found = examine(config, 1, httpx.MockTransport(lambda _: httpx.Response(200, text="shop")))

    assert "it is no hub" in found.findings[0].sentence


def test_a_hub_elsewhere_is_never_asked_in_clear(tmp_path):
    config = a_config(tmp_path, a_command(tmp_path), "http://hub.example/v1")

    assert "plain HTTP" in checkup(config)["hub"].sentence


def test_a_hub_that_is_down_is_not_configuration(config):
    with pytest.raises(HubTrouble):
        examine(config, 1, httpx.MockTransport(lambda _: httpx.Response(503)))


def test_a_run_walks_all_steps_and_keeps_its_report(config):
    hub = HubOfRuns()

    report = drive(config, hub).run(WISH)

    assert [each["status"] for each in hub.told] == ["done", "done"]
    assert hub.asked["seed"] == "seed"
    assert exit_of(report) == Exit.REACHED
    assert json.loads((config.kept() / "cf-1.report.json").read_text())["run"] == "cf-1"
    assert (config.kept() / "cf-1.json").stat().st_mode & 0o077 == 0


def test_a_hub_that_is_busy_and_an_answer_that_is_lost_change_nothing(config):
    hub = HubOfRuns(lost=["A1-participant.register"])
    driver = drive(config, hub)
    hub.expired = 1

    report = driver.run(WISH)

    assert len(hub.told) == 2
    assert report["reached"]


def test_a_run_that_was_left_goes_on_where_it_was(config):
    hub = HubOfRuns()

    class Leaving(Watcher):
        def turn(self, step, where):
            del where
            if step["number"] == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drive(config, hub, Leaving()).run(WISH)
    hub.busy = 2
    report = drive(config, hub).resume("cf-1")

    assert report["reached"]
    assert drive(config, hub).resume("cf-1") == hub.report


def test_a_product_that_cannot_do_a_step_leaves_the_run_incomplete(tmp_path):
    step = 'answer = {"id": said["id"], "status": "unsupported", "detail": "no"}'
    hub = HubOfRuns()

    report = drive(a_config(tmp_path, a_command(tmp_path, step)), hub).run(WISH)

    assert hub.told[0] == {"status": "unsupported", "detail": "no"}
    assert exit_of(report) == Exit.INCOMPLETE


def test_in_earnest_the_adapter_is_not_told_where_the_hub_is(tmp_path):
    step = 'answer["detail"] = str("WCF_CREDENTIAL" in __import__("os").environ)'
    hub, shown = HubOfRuns(), []
    driver = drive(a_config(tmp_path, a_command(tmp_path, step)), hub)
    driver.hand_over = shown.append

    driver.run(Wish(1, "both", "certify", WISH.product))

    assert [each.client_id for each in shown] == ["product"]
    assert hub.told[0]["detail"] == "False"


EARNEST = Wish(1, "both", "certify", WISH.product)
ERROR = 'answer["status"] = "error"'


def test_in_earnest_a_product_that_sent_nothing_is_configuration_and_its_step_waits(tmp_path):
    hub = HubOfRuns()
    hub.unmatched = []
    driver = drive(a_config(tmp_path, a_command(tmp_path, ERROR)), hub)

    with pytest.raises(Misconfigured, match="was its address entered"):
        driver.run(EARNEST)
    told = list(hub.told)
    a_command(tmp_path)
    report = drive(driver.config, hub).resume("cf-1")

    assert driver.under_way == "cf-1"
    assert told == []
    assert report["reached"]


@pytest.mark.parametrize(
    ("wish", "seen"),
    [
        pytest.param(EARNEST, {"exchanges": [an_exchange()]}, id="it was seen at work"),
        pytest.param(EARNEST, {}, id="what it sent belonged to nobody"),
        pytest.param(WISH, {"unmatched": []}, id="it is practice"),
    ],
)
def test_an_error_of_a_product_that_knows_its_sandbox_is_told_to_the_hub(tmp_path, wish, seen):
    hub = HubOfRuns()
    vars(hub).update(seen)

    drive(a_config(tmp_path, a_command(tmp_path, ERROR)), hub).run(wish)

    assert [each["status"] for each in hub.told] == ["error", "error"]


def test_a_run_begun_elsewhere_cannot_go_on_here(config):
    with pytest.raises(Misconfigured, match="Nothing is kept"):
        drive(config, HubOfRuns()).resume("cf-1")


def test_a_client_may_prove_itself_by_its_key(tmp_path):
    key = OKPKey.generate_key("Ed25519")
    (tmp_path / "key").write_text(json.dumps(key.as_dict(private=True)))
    wanted = settings("http://127.0.0.1/v1", a_command(tmp_path)) | {"key": "file:key"}
    del wanted["secret"]

    assert checkup(checked(wanted, tmp_path))["token"].is_well


@pytest.mark.parametrize(
    ("words", "end"),
    [
        pytest.param(["PASS", "N/A"], Exit.REACHED, id="reached"),
        pytest.param(["PASS", "FAIL", "NOT-EXERCISED"], Exit.FAILED, id="failed"),
        pytest.param(["PASS", "NOT-EXERCISED"], Exit.INCOMPLETE, id="not exercised"),
        pytest.param(["NOT-EXERCISED", "SUITE-ERROR"], Exit.HUB, id="the suite's fault"),
        pytest.param(["CONFIG"], Exit.CONFIGURATION, id="configuration"),
    ],
)
def test_the_end_of_a_run_is_a_number(words, end):
    verdicts = [a_verdict(f"L1-{n:02}", word) for n, word in enumerate(words, 1)]

    assert exit_of(a_report(*verdicts, reached=end == Exit.REACHED)) == end


def test_a_missed_should_keeps_nobody_from_a_level():
    warned = a_verdict("L1-05", "WARN", keyword="SHOULD")

    assert exit_of(a_report(a_verdict(), warned, reached=True)) == Exit.REACHED


def test_a_journey_that_was_cut_short_reaches_nothing():
    assert exit_of(a_report(a_verdict(), reached=False)) == Exit.INCOMPLETE


def test_a_known_failure_does_not_count_until_it_is_mended():
    bad, good = a_verdict("L1-13", "FAIL"), a_verdict()

    assert exit_of(a_report(bad, good), known=["L1-13"]) == Exit.REACHED
    assert exit_of(a_report(bad, good), known=["L1-13", "L1-09"]) == Exit.FAILED


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"hub": "hub.example"}, "no URL"),
        ({"client": ""}, "No client"),
        ({"secret": "", "key": ""}, "proves itself"),
        ({"profile": "all"}, "profile"),
        ({"colour": "blue"}, "colour"),
        ({"adapter": None}, "No adapter"),
        ({"adapter": {"kind": "command"}}, "no command"),
        ({"adapter": {"kind": "http"}}, "no URL"),
        ({"adapter": {"kind": "manual", "settle": -1}}, "settle"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(tmp_path, change, why):
    wanted = settings("https://hub.example/v1", ["x"]) | change

    with pytest.raises(Misconfigured, match=why) as refusal:
        checked(wanted, tmp_path)
    assert refusal.value.fix


def test_a_secret_never_stands_in_the_file(tmp_path):
    with pytest.raises(Misconfigured, match="must not stand"):
        secret_in("hunter2", tmp_path)


def test_a_secret_may_be_a_member_of_a_file(tmp_path):
    (tmp_path / "clients.json").write_text('{"agency": "s"}')

    assert secret_in("file:clients.json#agency", tmp_path) == "s"
    with pytest.raises(Misconfigured, match="has no member nobody") as refusal:
        secret_in("file:clients.json#nobody", tmp_path)
    assert "after #" in refusal.value.fix


def test_a_configuration_is_read_from_its_file(tmp_path):
    (tmp_path / "wcf.yaml").write_text(json.dumps(settings("https://hub.example", ["x"])))
    found = read(tmp_path / "wcf.yaml")

    assert isinstance(found, Config)
    assert (found.hub, found.origin) == ("https://hub.example/v1", "https://hub.example")
    (tmp_path / "wcf.yaml").write_text("[")
    with pytest.raises(Misconfigured):
        read(tmp_path / "wcf.yaml")


def test_what_a_watcher_hears_is_what_happened(config):
    heard = []

    class Hearing(Watcher):
        def ended(self, step, answer):
            heard.append((step["name"], answer))

    drive(config, HubOfRuns(), Hearing()).run(WISH)

    assert heard == [
        ("participant.register", Answer("done")),
        ("referral.create", Answer("done")),
    ]
