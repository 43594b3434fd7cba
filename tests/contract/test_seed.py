"""What seeding promises, on a real wire."""

import threading

import pytest

from app import seed
from app.model.version import deletion, following

PROGRAM = next(key for key in seed.rows("lookups") if key.type == "Program")


def test_every_row_is_there_after_the_first_start(hub):
    made = seed.seed(hub, "demo")

    rows = seed.rows("demo")
    assert made == len(rows)
    assert hub.store.present(rows.keys()) == rows.keys()


def test_a_second_start_writes_nothing(hub):
    seed.seed(hub, "lookups")

    assert seed.seed(hub, "lookups") == 0
    assert hub.store.latest(PROGRAM).number == 1


def test_what_staff_changed_is_not_overwritten(hub):
    seed.seed(hub, "lookups")
    former = hub.store.latest(PROGRAM)
    changed = following(former, PROGRAM, hub.now(), "staff", {**former.resource, "name": "Ours"})
    hub.store.commit([changed])

    seed.seed(hub, "lookups")

    assert hub.store.latest(PROGRAM).resource["name"] == "Ours"


def test_a_deleted_demo_row_does_not_come_back(hub):
    seed.seed(hub, "demo")
    key = next(key for key in seed.rows("demo") if not hub.store.referrer(key))
    hub.store.commit([deletion(hub.store.latest(key), hub.now(), "staff")])

    seed.seed(hub, "demo")

    assert hub.store.latest(key).is_deleted


def test_two_hubs_may_seed_at_once(hub):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(seed.seed(hub, "lookups"))) for _ in range(2)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sum(made) == len(seed.rows("lookups"))


def test_a_row_that_breaks_its_schema_stops_the_start(hub, monkeypatch):
    broken = {**seed.rows("lookups")[PROGRAM], "name": 1}
    monkeypatch.setattr(seed, "_shipped", lambda _: {PROGRAM: broken})

    with pytest.raises(seed.BadSeed, match=f"{PROGRAM} is not valid at /name"):
        seed.seed(hub, "lookups")
