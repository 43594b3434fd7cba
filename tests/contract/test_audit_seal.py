"""Sealing loses no row and seals none twice, and whatever is done to a sealed trail is found."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from app.composition import now
from app.store import audit_rows
from app.store.segments import Damaged
from trails import an_event

KILLED = """
import sys, time
from pathlib import Path
from app.composition import now
from app.keyring.seal_key import SealKey
from app.store.connection import connect
from app.store.sealer import Sealer
client = connect(sys.argv[1], pool=4)
key = SealKey.load_or_create(Path(sys.argv[3]))
sealer = Sealer(client[sys.argv[2]], client.start_session, now, key, most=5)
print("ready", flush=True)
while True:
    sealer.round()
"""
"""A process that does nothing but seal, in small segments, so that it is killed in the middle."""


def sealed_trail(trail):
    """Seal three segments of four rows and leave a checkpoint."""
    for _ in range(3):
        trail.record(4)
        trail.seal()
    trail.checkpoint()
    return trail.database["audit"], trail.database["audit_segments"]


def test_an_untouched_trail_is_whole(trail):
    sealed_trail(trail)

    report = trail.check()

    assert report.is_whole
    assert (report.segments, report.rows, report.checkpoints) == (3, 12, 1)


def change(rows, segments):
    id = segments.find_one({"_id": 2})["rows"][1]
    rows.update_one({"_id": id}, {"$set": {"client": "mdet"}})
    return 2, "A row was changed"


def change_type(rows, segments):
    id = segments.find_one({"_id": 2})["rows"][1]
    rows.update_one({"_id": id}, {"$set": {"status": 200.0}})
    return 2, "A row was changed"


def hide(rows, segments):
    """Take away what a row is found by."""
    id = segments.find_one({"_id": 3})["rows"][0]
    rows.update_one({"_id": id}, {"$set": {"k": []}})
    return 3, "A row was changed"


def delete(rows, segments):
    id = segments.find_one({"_id": 2})["rows"][1]
    rows.delete_one({"_id": id})
    return 2, "One of its rows is missing"


def delete_from_both(rows, segments):
    id = segments.find_one({"_id": 2})["rows"][1]
    rows.delete_one({"_id": id})
    segments.update_one({"_id": 2}, {"$pull": {"rows": id}, "$inc": {"count": -1}})
    return 2, "signature does not fit"


def insert_into_segment(rows, segments):
    forged = an_event()
    audit_rows.insert(rows.database, [forged], None)
    segments.update_one({"_id": 2}, {"$push": {"rows": forged.id}})
    return 2, "signature does not fit"


def reorder(_rows, segments):
    found = segments.find_one({"_id": 2})["rows"]
    segments.update_one({"_id": 2}, {"$set": {"rows": found[::-1]}})
    return 2, "signature does not fit"


def swap_contents(rows, segments):
    one, other = (rows.find_one({"_id": id}) for id in segments.find_one({"_id": 2})["rows"][:2])
    rows.replace_one({"_id": one["_id"]}, {**other, "_id": one["_id"]})
    rows.replace_one({"_id": other["_id"]}, {**one, "_id": other["_id"]})
    return 2, "A row was changed"


def cut_the_tail(rows, segments):
    last = segments.find_one({"_id": 3})
    segments.delete_one({"_id": 3})
    rows.delete_many({"_id": {"$in": last["rows"]}})
    return 3, "The trail was cut off"


def cut_the_middle(_rows, segments):
    segments.delete_one({"_id": 2})
    return 2, "It is missing"


def replay(_rows, segments):
    old = segments.find_one({"_id": 1})
    segments.replace_one({"_id": 2}, {**old, "_id": 2})
    return 2, "another was put in its place"


def replay_at_the_end(_rows, segments):
    old = segments.find_one({"_id": 3})
    segments.insert_one({**old, "_id": 4})
    return 4, "another was put in its place"


def damage(_rows, segments):
    segments.replace_one({"_id": 1}, {"_id": 1, "rows": "none"})
    return 1, "It is damaged"


def damage_a_field(_rows, segments):
    segments.update_one({"_id": 2}, {"$set": {"kid": ["none"], "signature": 7}})
    return 2, "It is damaged"


def empty(_rows, segments):
    segments.update_one({"_id": 3}, {"$set": {"rows": []}})
    return 3, "It is damaged"


TAMPERINGS = (
    change, change_type, hide, delete, delete_from_both, insert_into_segment, reorder,
    swap_contents, cut_the_tail, cut_the_middle, replay, replay_at_the_end, damage,
    damage_a_field, empty,
)  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda each: each.__name__)
def test_a_tampered_trail_is_found_out(trail, tamper):
    segment, says = tamper(*sealed_trail(trail))

    report = trail.check()

    assert not report.is_whole
    assert report.segment == segment
    assert says in report.fault


def test_a_row_inserted_with_an_old_id_is_found(trail):
    sealed_trail(trail)
    long_ago = now() - timedelta(hours=3)
    forged = an_event(at=long_ago, id=f"{audit_rows.id_at(long_ago)}-7000-8000-000000000000")
    audit_rows.insert(trail.database, [forged], None)

    trail.record()
    trail.seal()
    report = trail.check()

    assert (report.fault, report.unsealed, report.first_unsealed) == (None, 1, forged.id)


def test_a_row_that_really_came_late_is_let_in_and_marked(trail):
    sealed_trail(trail)
    long_ago = now() - timedelta(hours=3)
    late = an_event(at=long_ago, id=f"{audit_rows.id_at(long_ago)}-7000-8000-000000000000")
    trail.audit.record([late])

    done = trail.sealer().admit()
    trail.record(2)
    trail.seal()
    report = trail.check()

    assert done == 1
    assert (report.is_whole, report.rows, report.late) == (True, 15, 1)


def test_a_trail_rebuilt_with_another_key_is_found(trail, tmp_path_factory):
    sealed_trail(trail)
    for name in ("audit", "audit_segments"):
        trail.database[name].delete_many({})
    forger = type(trail)(trail.database, trail.sessions, tmp_path_factory.mktemp("forger"))
    sealed_trail(forger)

    assert "signature" in trail.check().fault


def test_a_trail_rebuilt_with_the_key_is_found_by_its_checkpoint(trail):
    rows, segments = sealed_trail(trail)
    for each in (rows, segments):
        each.delete_many({})
    for _ in range(3):
        trail.record(4)
        trail.seal()

    report = trail.check()

    assert report.segment == 3
    assert "is not the one that was there" in report.fault


def test_a_forged_checkpoint_is_found(trail):
    sealed_trail(trail)
    made = trail.checkpoint()
    trail.checkpoints.append(type(made)(made.k, "0" * 64, made.at, made.kid, made.signature))

    assert "does not bear the signature" in trail.check().fault


def test_what_was_not_sealed_yet_is_no_fault_while_it_is_young(trail):
    sealed_trail(trail)
    trail.record()

    young = trail.check(before=audit_rows.id_at(now() - timedelta(minutes=1)))
    old = trail.check()

    assert young.is_whole
    assert old.unsealed == 1


def test_a_row_that_comes_after_later_ones_were_sealed_is_sealed(trail):
    slow = an_event()
    trail.record(3)
    trail.seal()
    trail.audit.record([slow])

    assert trail.seal() == 1
    assert sorted(trail.sealed()) == sorted(trail.stored())


def test_a_row_from_a_worker_with_a_fast_clock_hides_none_that_come_after(trail):
    ahead = now() + timedelta(days=1)
    trail.audit.record([an_event(id=f"{audit_rows.id_at(ahead)}-7000-8000-000000000000")])
    trail.seal()
    trail.record(2)

    assert trail.seal() == 2


def test_a_backlog_is_sealed_in_order_and_densely(trail):
    trail.record(60)

    done = trail.seal(most=7)

    found = [each.segment for each in trail.segments.walk()]
    assert done == 60
    assert trail.sealed() == sorted(trail.stored())
    assert [each.first for each in found] == [1, *(each.last + 1 for each in found[:-1])]


def test_a_damaged_newest_segment_stops_the_sealer_with_a_sentence(trail):
    _, segments = sealed_trail(trail)
    segments.replace_one({"_id": 3}, {"_id": 3})

    with pytest.raises(Damaged, match="hub audit verify"):
        trail.sealer().round()


def test_a_sealer_that_was_overtaken_seals_nothing_twice(trail):
    trail.record(3)
    sleeper, rival = trail.sealer(), trail.sealer()
    looked = sleeper._fresh  # noqa: SLF001 - the moment at which it sleeps

    def sleep(page, session):
        found = looked(page, session)
        rival.round()
        return found

    sleeper._fresh = sleep  # noqa: SLF001
    first = sleeper.round()
    trail.seal()

    assert first == 0
    assert sorted(trail.sealed()) == sorted(trail.stored())


def test_many_writers_and_sealers_seal_every_row_once(trail):
    over = Event()

    def seal():
        sealer = trail.sealer(most=5)
        while not over.is_set():
            sealer.round()

    with ThreadPoolExecutor() as pool:
        sealers = [pool.submit(seal) for _ in range(2)]
        writers = [pool.submit(lambda: [trail.record() for _ in range(15)]) for _ in range(8)]
        for each in writers:
            each.result()
        over.set()
        for each in sealers:
            each.result()
    trail.seal()

    assert len(trail.stored()) == 8 * 15
    assert sorted(trail.sealed()) == sorted(trail.stored())
    assert trail.check().is_whole


def test_killing_sealers_loses_and_doubles_nothing(trail, embedded_uri, tmp_path):
    def a_sealer():
        command = [sys.executable, "-c", KILLED, embedded_uri, trail.database.name, str(tmp_path)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "ready\n"
        return child

    for _ in range(3):
        child = a_sealer()
        try:
            trail.record(40)
            time.sleep(0.05)
        finally:
            child.kill()
            child.wait()
            child.stdout.close()
    trail.seal()

    assert sorted(trail.sealed()) == sorted(trail.stored())
    assert trail.check().is_whole
