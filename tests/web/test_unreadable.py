"""What a client sees when a protected part cannot be read: a refusal, never a gap."""

import logging
from contextlib import closing
from dataclasses import replace

import pytest

from app import create_app
from app.composition import DATABASE
from app.keyring import master_keys
from app.store.connection import connect
from builders import a_profile, a_stranger, an_agency
from tenants import as_client, is_unavailable

PROFILES = "/v1/ParticipantProfile"
SSN = "666000777"


@pytest.fixture
def two(http):
    """Return the addresses of two people."""
    made = [http.post(PROFILES, json=a_stranger(ssn=SSN, disability="1")) for _ in range(2)]
    return [f"{PROFILES}/{reply.json['id']}" for reply in made]


@pytest.fixture
def without_keys(site, tmp_path):
    """Yield the application as a machine runs it that was not given the master keys."""
    other = tmp_path / "other.json"
    master_keys.ensure(other)
    made = create_app(replace(site, kms=other))
    with closing(made.extensions[DATABASE]):
        yield made


def test_a_swapped_ciphertext_is_an_alarm_and_no_answer(http, site, two, caplog):
    with connect(site.mongodb_uri, pool=2) as client:
        rows = client[site.database]["current.ParticipantProfile"]
        own, other = (rows.find_one({"_id": path.rpartition("/")[2]}) for path in two)
        rows.update_one({"_id": own["_id"]}, {"$set": {"x": other["x"]}})

    reply = http.get(two[0])

    assert reply.status_code == 500
    assert reply.json["issue"][0]["details"]["coding"][0]["code"] == "unreadable"
    assert SSN not in reply.text + caplog.text
    assert logging.CRITICAL in {record.levelno for record in caplog.records}
    assert http.get(two[1]).json["ssn"] == SSN
    assert http.get(f"{two[0]}/_history/1").json["ssn"] == SSN


def test_without_master_keys_only_what_needs_them_waits(http, without_keys):
    person = http.post(PROFILES, json=a_profile(disability="1")).json["id"]
    agency = http.post("/v1/Agency", json=an_agency()).json["id"]
    apart = as_client(without_keys, "state-staff")

    assert is_unavailable(apart.get(f"{PROFILES}/{person}"))
    assert is_unavailable(apart.post(PROFILES, json=a_profile()))
    assert is_unavailable(apart.get(f"{PROFILES}?birth-date=1990-01-08"))
    assert apart.get(f"/v1/Agency/{agency}").status_code == 200
