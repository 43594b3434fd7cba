"""The notary seals while the hub runs, and leaves a checkpoint when it ends."""

import logging
from threading import Event, Thread

import pytest

from app.checkpoints import Checkpoints
from app.composition import now
from app.notary import Notary


@pytest.fixture
def ended():
    """Return the sign to stop, given already."""
    stop = Event()
    stop.set()
    return stop


def a_notary(trail, checkpoints=None):
    return Notary(trail.sealer(), trail.key, checkpoints or trail.checkpoints, now)


def test_at_its_end_everything_is_sealed_and_a_checkpoint_tells_so(trail, ended):
    trail.record(3)

    a_notary(trail).run(ended)

    (told,) = trail.checkpoints.read()
    assert told.k == 1
    assert sorted(trail.sealed()) == sorted(trail.stored())
    assert trail.check().is_whole


def test_a_trail_that_did_not_grow_needs_one_checkpoint_only(trail, ended):
    trail.record()
    notary = a_notary(trail)

    notary.run(ended)
    notary.run(ended)

    assert len(trail.checkpoints.read()) == 1


def test_of_an_empty_trail_there_is_no_checkpoint(trail, ended):
    a_notary(trail).run(ended)

    assert trail.checkpoint() is None
    assert trail.checkpoints.read() == []


def test_it_seals_while_it_runs(trail):
    stop = Event()
    thread = Thread(target=a_notary(trail).run, args=(stop,))
    thread.start()
    try:
        trail.record(3)
        for _ in range(100):
            if len(trail.sealed()) == 3:
                break
            stop.wait(0.1)
        assert len(trail.sealed()) == 3
    finally:
        stop.set()
        thread.join()


def test_a_checkpoint_that_cannot_be_written_does_not_stop_the_sealing(
    trail, ended, tmp_path, caplog
):
    trail.record(2)
    nowhere = Checkpoints(tmp_path / "missing" / "checkpoints")

    with caplog.at_level(logging.WARNING):
        a_notary(trail, nowhere).run(ended)

    assert len(trail.sealed()) == 2
    assert "its checkpoint cannot be written" in caplog.text
