import json
import stat
from dataclasses import replace
from datetime import UTC, datetime

import mongomock
import pytest

from app.demo_clients import DemoClient, demo_clients, ensure, secrets_in
from app.interactions.identity.clients import change, disable, secret_hash, with_keys
from app.model.access.client import Client
from app.store.clients import MongoClients

PEPPER = b"p" * 32
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
WANTED = {
    "mdes": DemoClient("system/*.rs system/Referral.cruds", "Partner/mdes"),
    "state-staff": DemoClient("system/*.cruds hub/staff"),
}


@pytest.fixture
def clients():
    return MongoClients(mongomock.MongoClient(tz_aware=True)["hub"])


def start(clients, folder, wanted=WANTED, pepper=PEPPER):
    ensure(clients, pepper, folder, wanted, NOW)
    return secrets_in(folder)


def works(clients, client_id, secret, pepper=PEPPER):
    return clients.get(client_id).secret_hash == secret_hash(pepper, secret)


def test_the_first_start_registers_every_demo_client(clients, tmp_path):
    kept = start(clients, tmp_path)

    assert [each.id for each in clients.all()] == sorted(kept) == ["mdes", "state-staff"]
    assert all(works(clients, *each) for each in kept.items())
    assert clients.get("mdes").partner == "Partner/mdes"
    assert clients.get("state-staff").scopes == {"system/*.cruds", "hub/staff"}


def test_the_secrets_are_kept_for_their_owner_only(clients, tmp_path):
    kept = start(clients, tmp_path)

    path = tmp_path / "demo-clients.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == kept
    assert len(set(kept.values())) == 2
    assert min(len(secret) for secret in kept.values()) >= 43


def test_a_restart_changes_nothing(clients, tmp_path):
    first = start(clients, tmp_path), clients.all()

    second = start(clients, tmp_path), clients.all()

    assert second == first


def test_a_lost_file_gives_the_client_a_new_secret(clients, tmp_path):
    lost = start(clients, tmp_path)["mdes"]
    (tmp_path / "demo-clients.json").unlink()

    found = start(clients, tmp_path)["mdes"]

    assert found != lost
    assert works(clients, "mdes", found)


def test_a_lost_database_keeps_the_secrets(clients, tmp_path):
    first = start(clients, tmp_path)
    fresh = MongoClients(mongomock.MongoClient(tz_aware=True)["other"])

    assert start(fresh, tmp_path) == first
    assert works(fresh, "mdes", first["mdes"])


def test_lost_keys_leave_the_demo_secrets_working(clients, tmp_path):
    start(clients, tmp_path)

    kept = start(clients, tmp_path, pepper=b"q" * 32)

    assert works(clients, "mdes", kept["mdes"], pepper=b"q" * 32)


def test_a_client_that_staff_disabled_stays_as_it_is(clients, tmp_path):
    start(clients, tmp_path)
    disabled = disable(clients, "mdes")
    (tmp_path / "demo-clients.json").unlink()

    start(clients, tmp_path)

    assert clients.get("mdes") == disabled


def test_scopes_that_staff_changed_stay_changed(clients, tmp_path):
    start(clients, tmp_path)
    changed = replace(clients.get("mdes"), scopes=frozenset({"system/Referral.r"}), version=2)
    clients.put(changed)

    start(clients, tmp_path)

    assert clients.get("mdes") == changed


def test_a_client_that_staff_gave_a_key_gets_no_secret_back(clients, tmp_path):
    start(clients, tmp_path)
    keyed = change(clients, with_keys(clients.get("mdes"), jwks='{"keys": []}'))

    start(clients, tmp_path)

    assert clients.get("mdes") == keyed


def test_a_demo_client_has_its_usual_purpose(clients, tmp_path):
    start(clients, tmp_path, {"mdes": DemoClient("system/*.rs", "Partner/mdes", "referral")})

    assert clients.get("mdes").purpose == "referral"


def test_an_agency_sees_its_own_labels_and_staff_sees_all(registry):
    found = demo_clients(registry, ["mdes-mississippi-works", "mdrs-vr", "mdhs"])

    hub_scopes = {
        name: {scope for scope in each.scopes.split() if scope.startswith("hub/")}
        for name, each in found.items()
    }
    assert hub_scopes == {
        "mdes-mississippi-works": {"hub/audit", "hub/wages"},
        "mdrs-vr": {"hub/audit", "hub/disability"},
        "mdhs": {"hub/audit"},
        "state-staff": {"hub/audit", "hub/disability", "hub/ssn", "hub/staff", "hub/wages"},
        "state-reviewer": {"hub/audit", "hub/disability", "hub/ssn", "hub/staff", "hub/wages"},
    }
    assert {found[name].purpose for name in ("mdrs-vr", "mdhs")} == {"service-coordination"}


def test_a_partner_that_is_new_gets_its_client_at_the_next_start(clients, tmp_path):
    first = start(clients, tmp_path)

    second = start(clients, tmp_path, {**WANTED, "mdhs": DemoClient("system/*.rs", "Partner/mdhs")})

    assert {**second, "mdhs": None} == {**first, "mdhs": None}
    assert works(clients, "mdhs", second["mdhs"])


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "demo-clients.json").write_text("{")

    with pytest.raises(ValueError, match=r"demo-clients\.json is damaged"):
        secrets_in(tmp_path)


def test_partners_write_all_but_the_lookups_and_staff_write_everything(registry):
    found = demo_clients(registry, ["mdes"])

    partner = Client("mdes", frozenset(found["mdes"].scopes.split()), found["mdes"].partner)
    staff = Client("state-staff", frozenset(found["state-staff"].scopes.split()))
    assert partner.partner == "Partner/mdes"
    for name, kind in registry.types.items():
        for interaction in ("read", "search-type", "create", "update", "delete"):
            is_reading = interaction in ("read", "search-type")
            assert staff.may(interaction, name)
            assert partner.may(interaction, name) == (is_reading or not kind.is_lookup)
