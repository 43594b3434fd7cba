"""Rotation of the signing keys: what is published, what still verifies, and what does not."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwk, jwt

from app.interactions.identity.authentication import Secret
from app.keyring import signing
from app.keyring.keys import Keys
from app.keyring.signing import WatchedKeys, rotate_signing
from app.model.errors import Unauthenticated
from registrations import SECRET, START, Clock, a_hub, some_clients

LATER = timedelta(minutes=6)


@pytest.fixture
def folder(tmp_path):
    Keys.load_or_create(tmp_path)
    return tmp_path


@pytest.fixture
def clock():
    return Clock()


def workers(folder, clock, number=2):
    """Return as many hubs as there would be workers, over one data folder and one database."""
    clients = some_clients()
    return [a_hub(clients, clock, keys=WatchedKeys(folder)) for _ in range(number)]


def rotate(folder, at=START, minutes=5):
    return rotate_signing(folder, at, overlap_minutes=minutes)


def kids(folder):
    return [each["kid"] for each in Keys.load_or_create(folder).signing.published()["keys"]]


def test_each_key_was_published_before_it_signs_and_is_after(folder):
    current, following = kids(folder)

    rotate(folder)

    found = kids(folder)
    assert (found[0], found[2]) == (following, current)
    assert len(set(found)) == 3


def test_rotation_leaves_everything_else_as_it_is(folder):
    before = Keys.load_or_create(folder)
    path = folder / "keys.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "other": {"kept": True}}))

    rotate(folder)

    after = Keys.load_or_create(folder)
    assert (after.pepper, after.cursor_secret) == (before.pepper, before.cursor_secret)
    assert json.loads(path.read_text())["other"] == {"kept": True}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_keys_file_of_the_first_form_still_loads_and_rotates(folder):
    path = folder / "keys.json"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps({name: kept[name] for name in ("signing", "secret")}))

    assert kids(folder) == [kept["signing"]["kid"]]
    rotate(folder)

    assert kids(folder)[2] == kept["signing"]["kid"]


def test_other_workers_believe_a_new_key_at_once_and_the_old_one_until_its_tokens_end(
    folder, clock
):
    first, second = workers(folder, clock)
    old = first.issue(Secret("mdes", SECRET)).access_token

    rotate(folder)
    (third,) = workers(folder, clock, 1)
    new = third.issue(Secret("mdes", SECRET)).access_token

    assert [each.verify(token).id for each in (first, second, third) for token in (old, new)] == (
        ["mdes"] * 6
    )


def test_a_worker_signs_with_the_new_key_within_seconds(folder, clock, monkeypatch):
    (tokens,) = workers(folder, clock, 1)
    (following,) = kids(folder)[1:]
    rotate(folder)

    monkeypatch.setattr(signing.time, "monotonic", lambda: 1e9)

    token = tokens.issue(Secret("mdes", SECRET)).access_token
    assert tokens.jwks()["keys"][0]["kid"] == following
    keys = jwk.KeySet.import_key_set(tokens.jwks())
    assert jwt.decode(token, keys, algorithms=["ES256"]).header["kid"] == following


def test_a_second_rotation_waits_until_the_tokens_of_the_first_key_are_over(folder):
    rotate(folder)

    with pytest.raises(ValueError, match="rotated minutes ago"):
        rotate(folder, START + timedelta(minutes=5))

    rotate(folder, START + LATER)


def test_a_leaked_key_is_gone_after_two_rotations_and_so_is_what_it_signed(
    folder, clock, monkeypatch
):
    (tokens,) = workers(folder, clock, 1)
    old = tokens.issue(Secret("mdes", SECRET)).access_token
    tokens.verify(old)

    rotate(folder)
    rotate(folder, minutes=0)
    monkeypatch.setattr(signing.time, "monotonic", lambda: 1e9)

    with pytest.raises(Unauthenticated):
        tokens.verify(old)


@pytest.mark.parametrize("text", ["{", "[]", '{"signing": {}}'])
def test_a_file_that_turns_unreadable_leaves_the_keys_in_use(folder, text):
    keys = WatchedKeys(folder)
    before = keys()
    (folder / "keys.json").write_text(text)

    assert keys(at_once=True) is before
    with pytest.raises(ValueError, match="damaged"):
        rotate(folder)


def test_a_file_that_vanished_leaves_the_keys_in_use(folder):
    keys = WatchedKeys(folder)
    before = keys()
    (folder / "keys.json").unlink()

    assert keys(at_once=True) is before


def test_the_file_is_read_only_when_it_was_replaced(folder):
    keys = WatchedKeys(folder)
    before = keys()

    assert keys(at_once=True) is before
    os.utime(folder / "keys.json", ns=(0, 0))
    assert keys(at_once=True) is not before


def test_after_three_rotations_every_key_is_new(folder):
    at = datetime(2026, 1, 5, tzinfo=UTC)
    before = kids(folder)

    for _ in range(3):
        rotate(folder, at, minutes=0)

    assert not set(before) & set(kids(folder))
