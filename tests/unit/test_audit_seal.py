"""Merkle roots, canonical JSON and the seal key: what the seal of the audit trail stands on."""

import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.checkpoints import Checkpoints
from app.keyring.seal_key import NAME, SealKey
from app.model.audit.event import AuditEvent, canonical, plain
from app.model.audit.merkle import root
from app.model.audit.seal import Checkpoint, fault, seal

LEAVES = [
    bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
] + [bytes(range(0x60, 0x70))]
AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_the_root_is_that_of_certificate_transparency(count, expected):
    assert root(LEAVES[:count]) == expected


def test_the_order_of_fields_makes_no_difference_and_their_type_does():
    assert canonical({"b": 1, "a": "x"}) == canonical({"a": "x", "b": 1}) == b'{"a":"x","b":1}'
    assert len({canonical({"a": each}) for each in (1, 1.0, "1", True, None, AT, b"1")}) == 7


def test_an_event_says_nothing_of_what_does_not_apply():
    told = plain(AuditEvent(id="e", at=AT, request="r", interaction="read"))

    assert told == {
        "id": "e",
        "at": "2026-01-05T12:00:00.000Z",
        "request": "r",
        "interaction": "read",
        "outcome": "success",
        "status": 0,
    }


def test_the_seal_key_is_made_once_and_is_its_owners_only(tmp_path):
    first, again = SealKey.load_or_create(tmp_path), SealKey.load_or_create(tmp_path)

    signature = first.sign(b"content")
    assert again.verify(first.kid, b"content", signature)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_only_the_signature_of_a_known_key_over_these_bytes_is_good(tmp_path):
    key, other = (SealKey.load_or_create(tmp_path / name) for name in ("one", "other"))
    signature = key.sign(b"content")

    assert not key.verify(key.kid, b"contents", signature)
    assert not key.verify(key.kid, b"content", other.sign(b"content"))
    assert not key.verify(other.kid, b"content", other.sign(b"content"))
    assert not key.verify(key.kid, b"content", "no signature")


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": [{"kty": "RSA"}]}'])
def test_a_damaged_seal_key_is_told_and_never_replaced(tmp_path, text):
    (tmp_path / NAME).write_text(text)

    with pytest.raises(ValueError, match="is damaged"):
        SealKey.load_or_create(tmp_path)

    assert (tmp_path / NAME).read_text() == text


def test_checking_without_the_key_is_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot be read"):
        SealKey.load(tmp_path)


def test_checkpoints_are_read_back_as_they_were_written(tmp_path):
    key, kept = SealKey.load_or_create(tmp_path), Checkpoints(tmp_path / "checkpoints")
    row = plain(AuditEvent(id="e", at=AT, request="r", interaction="read"))
    made = [Checkpoint.of(seal(None, [row], AT, key), AT, key) for _ in range(2)]

    for each in made:
        kept.append(each)

    assert kept.read() == made
    assert stat.S_IMODE((tmp_path / "checkpoints").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line", ['{"k": 1}', "[]", "", '{"k":"1","hash":"","at":"","kid":[],"signature":""}']
)
def test_a_line_that_is_no_checkpoint_is_told(tmp_path, line):
    path = tmp_path / "checkpoints"
    path.write_text(f"{line}\n")

    with pytest.raises(ValueError, match="Line 1 of"):
        Checkpoints(path).read()


def a_chain(key, *names):
    """Return segments of one row each, and the rows by id."""
    rows = [plain(AuditEvent(id=each, at=AT, request="r", interaction="read")) for each in names]
    made = []
    for row in rows:
        made.append(seal(made[-1] if made else None, [row], AT, key))
    return made, {row["id"]: row for row in rows}


def test_a_segment_of_another_trail_under_the_same_key_does_not_fit(tmp_path):
    key = SealKey.load_or_create(tmp_path)
    (first, _), _ = a_chain(key, "a", "b")
    (_, second), rows = a_chain(key, "c", "d")

    assert "does not follow the segment before it" in fault(second, first, rows, key)


def test_a_segment_signed_with_wrong_numbers_does_not_fit(tmp_path):
    key = SealKey.load_or_create(tmp_path)
    (first, second), rows = a_chain(key, "a", "b")
    moved = replace(second, first=7, last=7)
    signed = replace(moved, signature=key.sign(moved.content))

    assert fault(second, first, rows, key) is None
    assert "numbers" in fault(signed, first, rows, key)
