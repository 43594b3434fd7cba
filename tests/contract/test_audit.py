"""The audit trail counts exactly, is found by whom and what it concerns, and comes in pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.composition import now
from app.interactions import audit as reading
from app.model.audit.query import AuditQuery
from app.model.conflicts import VersionConflict
from app.model.dates import milliseconds
from app.model.errors import TooCostly
from app.store import audit, audit_rows
from app.store.audit import MongoAudit
from feeding import first
from trails import an_event


def ids(events):
    return [each.id for each in events]


def every(trail, query):
    """Return all pages of a query."""
    pages = []
    while True:
        found = trail.audit.search(query)
        pages.append(ids(found.events))
        if found.next is None:
            return pages
        query = query.after(found.next)


def test_an_event_is_read_back_as_it_was_recorded(trail):
    (event,) = trail.record(about=("p1",), held_by=("Agency/mdrs",), query="f00d")

    assert trail.audit.read(event.id) == event


def test_an_event_of_which_little_is_known_is_kept_too(trail):
    (event,) = trail.record(
        **dict.fromkeys(("client", "partner", "agency", "staff", "purpose", "type", "route")),
        **dict.fromkeys(("resources", "participants", "owners", "labels", "basis"), ()),
    )

    assert trail.audit.read(event.id) == event


def test_an_unknown_id_is_no_event(trail):
    assert trail.audit.read("nothing") is None


def test_many_threads_leave_exactly_as_many_rows_as_they_recorded(trail):
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: [trail.record()[0].id for _ in range(25)], range(8)))

    assert sorted(trail.stored()) == sorted(id for each in kept for id in each)
    assert len(trail.stored()) == 8 * 25


def test_a_row_that_a_lost_attempt_left_is_not_recorded_twice(trail):
    events = trail.record(3)

    trail.audit.record([*events, an_event()])

    assert len(trail.stored()) == 4


def test_recording_nothing_does_nothing(trail):
    trail.audit.record([])

    assert trail.stored() == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        pytest.param({"client": "mdrs"}, {"agent": "mdrs"}, id="client"),
        pytest.param({"partner": "Partner/x"}, {"agent": "Partner/x"}, id="partner"),
        pytest.param({"resources": ("Plan/s/1", "Plan/t/9")}, {"entity": "Plan/t"}, id="version"),
        pytest.param({"resources": ("Plan/t",)}, {"entity": "Plan/t"}, id="resource"),
        pytest.param({"participants": ("a", "b")}, {"participant": "b"}, id="participant"),
        pytest.param({"owners": ("Agency/x",)}, {"owner": "Agency/x"}, id="owner"),
        pytest.param({"interaction": "delete"}, {"action": "D"}, id="action"),
        pytest.param({"interaction": "search-type"}, {"action": "E"}, id="another action"),
        pytest.param({"purpose": "research"}, {"purpose": "research"}, id="purpose"),
        pytest.param({"outcome": "forbidden", "status": 403}, {"outcome": "4"}, id="refused"),
        pytest.param({"outcome": "defect", "status": 500}, {"outcome": "8"}, id="failed"),
        pytest.param(
            {"participants": ("b",), "owners": ("Agency/x",), "client": "c"},
            {"participant": "b", "owner": "Agency/x", "agent": "c"},
            id="several",
        ),
    ],
)
def test_events_are_found_by(trail, said, asked):
    trail.record(3)
    (event,) = trail.record(**said)
    trail.record(2)

    assert ids(trail.audit.search(AuditQuery(**asked)).events) == [event.id]


def test_what_is_asked_together_must_all_hold(trail):
    trail.record(participants=("b",))
    trail.record(owners=("Agency/x",))

    query = AuditQuery(participant="b", owner="Agency/x", entity="Plan/1")

    assert trail.audit.search(query).events == []


def test_refused_and_done_are_told_apart(trail):
    (done,) = trail.record()
    (failed,) = trail.record(outcome="unavailable", status=503)

    assert ids(trail.audit.search(AuditQuery(outcome="0")).events) == [done.id]
    assert ids(trail.audit.search(AuditQuery(outcome="8")).events) == [failed.id]
    assert trail.audit.search(AuditQuery(outcome="4")).events == []


def test_the_newest_comes_first_page_by_page_without_gap_or_repetition(trail):
    events = trail.record(25)
    query = AuditQuery(count=10)

    page = trail.audit.search(query)
    trail.record(5)
    rest = every(trail, query.after(page.next))

    found = ids(page.events) + [id for each in rest for id in each]
    assert found == sorted(ids(events), reverse=True)
    assert [len(each) for each in rest] == [10, 5]


def test_a_search_that_takes_long_goes_on_where_it_stopped(trail, monkeypatch):
    at = now() - timedelta(seconds=20)
    (event,) = trail.record(at=at, id=f"{audit_rows.id_at(at)}-7000-8000-000000000000")
    monkeypatch.setattr(audit, "PATIENCE", 10**9)

    pages = every(trail, AuditQuery(at=now(), start=milliseconds(at)))

    assert len(pages) > 5
    assert [id for page in pages for id in page] == [event.id]


def test_a_search_goes_back_for_years_and_no_further_than_asked(trail):
    ages = [timedelta(0), timedelta(hours=3), timedelta(days=20), timedelta(days=800)]
    made = []
    for age in ages:
        at = now() - age
        name = f"{audit_rows.id_at(at)}-7000-8000-000000000000"
        made += trail.record(at=at, id=name)

    start = milliseconds(now() - timedelta(days=30))
    end = milliseconds(now() - timedelta(hours=1))

    assert ids(trail.audit.search(AuditQuery()).events) == ids(made)
    assert ids(trail.audit.search(AuditQuery(start=start)).events) == ids(made[:3])
    assert ids(trail.audit.search(AuditQuery(start=start, end=end)).events) == ids(made[1:3])
    assert every(trail, AuditQuery(count=1)) == [[each.id] for each in made]


@pytest.mark.parametrize("bound", [-(10**15), 0, 10**15])
def test_dates_beyond_all_bounds_are_dates(trail, bound):
    trail.record()

    assert len(trail.audit.search(AuditQuery(start=bound)).events) == (bound <= 0)
    assert len(trail.audit.search(AuditQuery(end=bound)).events) == (bound > 0)


def test_the_rows_of_a_write_are_stored_with_it(wire):
    events = [an_event(interaction="create"), an_event(interaction="create")]

    wire.commit([first("a")], audit=events[:1])
    with pytest.raises(VersionConflict):
        wire.commit([first("a")], audit=events[1:])

    stored = MongoAudit(wire._database)  # noqa: SLF001 - the same tenant
    assert stored.read(events[0].id) == events[0]
    assert stored.read(events[1].id) is None


def test_writes_that_share_a_transaction_keep_their_own_rows(wire):
    def write(number):
        event = an_event(interaction="create")
        wire.commit([first(f"a{number}")], audit=[event])
        return event.id

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(write, range(40)))

    stored = wire._database["audit"].find({}, {"_id": 1})  # noqa: SLF001 - counts all rows
    assert sorted(each["_id"] for each in stored) == sorted(made)


def test_a_report_on_too_much_is_refused(trail, monkeypatch):
    trail.record(4, participants=("b",))
    monkeypatch.setattr(reading, "MOST_EVENTS", 2)

    with pytest.raises(TooCostly):
        reading.account(trail.audit, AuditQuery(participant="b", count=1))


def test_a_report_is_read_page_by_page(trail):
    events = trail.record(4, participants=("b",), purpose=None)

    found = reading.account(trail.audit, AuditQuery(participant="b", count=1))

    assert {each.event for each in found.disclosures} == {each.id for each in events}
