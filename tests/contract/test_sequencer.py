"""What sequencers make of committed versions, whatever clocks, rivals and fail-overs do."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

from app.composition import now
from feeding import after, first, is_in_order, names


def test_clocks_that_disagree_lose_nothing_and_keep_the_order(tenant):
    late = now() + timedelta(minutes=5)
    one = first("a", late)
    tenant.store.commit([one])
    tenant.sequence()
    tenant.store.commit([first("b")])
    tenant.store.commit([after(one)])

    tenant.sequence()

    assert names(tenant.rows()) == ["Agency/a/1", "Agency/b/1", "Agency/a/2"]


def test_a_flag_that_a_fail_over_set_again_repeats_nothing(tenant):
    tenant.store.commit([first("a")])
    tenant.sequence()
    tenant.database["versions"].update_one({}, {"$set": {"pending": "2020|Agency/a/1"}})

    tenant.sequence()

    assert names(tenant.rows()) == ["Agency/a/1"]
    assert tenant.pending() == 0


def test_a_version_waits_until_the_one_before_it_is_numbered(tenant):
    one = first("a")
    tenant.store.commit([one])
    tenant.store.commit([after(one)])
    rows = list(tenant.database["versions"].find({"n": 2}))

    # A cursor can miss a version that was committed behind it and meet the next one.
    tenant.sequencer()._append(rows, None)  # noqa: SLF001 - no cursor can be held up in time
    missed = tenant.rows()
    tenant.sequence()

    assert missed == []
    assert names(tenant.rows()) == ["Agency/a/1", "Agency/a/2"]


def test_a_sequencer_that_slept_through_a_segment_starts_again(tenant):
    tenant.store.commit([first("a")])
    tenant.store.commit([first("b")])
    sleeper, rival = tenant.sequencer(), tenant.sequencer()
    asked = sleeper._appended  # noqa: SLF001 - what it asks just before it appends

    def sleep(names, session):
        sleeper._appended = asked  # noqa: SLF001
        found = asked(names, session)
        rows = list(tenant.database["versions"].find({"key": "Agency/b"}))
        rival._append(rows, None)  # noqa: SLF001
        return found

    sleeper._appended = sleep  # noqa: SLF001
    sleeper.round()
    meanwhile = names(tenant.rows())
    tenant.sequence()

    assert meanwhile == ["Agency/b/1"]
    assert names(tenant.rows()) == ["Agency/b/1", "Agency/a/1"]


def test_a_reader_at_the_end_of_a_pruned_segment_goes_on(tenant):
    tenant.store.commit([first("a")])
    tenant.sequence()
    (row,) = tenant.rows()
    tenant.store.commit([first("b")])
    tenant.sequence()

    tenant.sequencer().prune(now() + timedelta(seconds=1))

    assert names(tenant.feed.read(row.after, 10)[0]) == ["Agency/b/1"]


def test_old_segments_are_pruned_and_the_newest_always_stays(tenant):
    for number in range(5):
        tenant.store.commit([first(f"a{number}")])
        tenant.sequence()
    before = tenant.feed.start()

    deleted = tenant.sequencer().prune(now() + timedelta(seconds=1))
    tenant.store.commit([first("b")])
    tenant.sequence()

    assert deleted == 4
    assert tenant.feed.read(before, 10) is None
    assert [row.sequence for row in tenant.rows()] == [5, 6]


def test_what_is_young_enough_is_kept(tenant):
    tenant.store.commit([first("a")])
    tenant.sequence()
    tenant.store.commit([first("b")])
    tenant.sequence()

    assert tenant.sequencer().prune(now() - timedelta(days=1)) == 0
    assert len(tenant.rows()) == 2


def test_many_sequencers_and_writers_number_everything_once(tenant):
    over = Event()

    def write(number):
        version = first(f"w{number}")
        tenant.store.commit([version])
        for _ in range(10):
            skew = timedelta(seconds=random.uniform(-30, 30))  # noqa: S311 - no secret
            version = after(version, now() + skew)
            tenant.store.commit([version, first(f"o{uuid4().hex}", now() + skew)])

    def sequence():
        sequencer = tenant.sequencer(most=3)
        while not over.is_set():
            sequencer.round()

    with ThreadPoolExecutor() as pool:
        sequencers = [pool.submit(sequence) for _ in range(3)]
        writers = [pool.submit(write, each) for each in range(4)]
        try:
            for each in writers:
                each.result()
        finally:
            over.set()
        for each in sequencers:
            each.result()
    tenant.sequence()

    rows = tenant.rows()
    stored = {each["_id"] for each in tenant.database["versions"].find({}, {"_id": 1})}
    assert len(stored) == 4 * 21
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    assert sorted(names(rows)) == sorted(stored)
    assert is_in_order(names(rows))
