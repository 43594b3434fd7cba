"""What a reader of the change feed is given, over the wire."""

from app.composition import now
from app.model.feed import Place
from app.model.version import deletion
from app.store.feed import renew
from feeding import after, first, is_in_order, names


def test_every_version_is_numbered_once_and_deletions_too(tenant):
    one = first("a")
    two = after(one)
    for each in (one, two, deletion(two, now(), "tests"), first("b")):
        tenant.store.commit([each])

    tenant.sequence()
    tenant.sequence()

    rows = tenant.rows()
    assert [row.sequence for row in rows] == [1, 2, 3, 4]
    assert sorted(names(rows)) == ["Agency/a/1", "Agency/a/2", "Agency/a/3", "Agency/b/1"]
    assert is_in_order(names(rows))
    assert tenant.pending() == 0
    ops = {row["h"]: row["op"] for row in tenant.database["feed"].find_one({"_id": 1})["rows"]}
    assert ops["Agency/a/3"] == "delete"


def test_pages_of_every_size_give_the_same(tenant):
    for number in range(9):
        tenant.store.commit([first(f"a{number}")])
        if number % 3 == 0:
            tenant.sequence()
    tenant.sequence(most=2)
    every = tenant.rows()

    for row in every:
        assert tenant.feed.read(row.after, 1000)[0] == every[row.sequence :]
    assert tenant.rows(most=1) == every
    assert [row.sequence for row in every] == list(range(1, 10))


def test_the_rows_of_one_commit_stay_in_one_segment(tenant):
    tenant.store.commit([first(f"x{number}", now()) for number in range(3)])
    tenant.store.commit([first(f"y{number}", now()) for number in range(3)])

    tenant.sequence(most=1)

    sizes = [len(each["rows"]) for each in tenant.database["feed"].find().sort("_id", 1)]
    assert sum(sizes) == 6
    assert min(sizes) >= 3


def test_a_place_of_another_epoch_or_beyond_the_end_is_no_more(tenant):
    tenant.store.commit([first("a")])
    tenant.sequence()
    end = tenant.feed.end()

    assert tenant.feed.read(end, 10) == ([], end)
    assert tenant.feed.read(end._replace(segment=end.segment + 1), 10) is None
    renew(tenant.database)
    assert tenant.feed.read(end, 10) is None


def test_an_empty_feed_begins_where_it_ends(tenant):
    assert tenant.feed.start() == tenant.feed.end()
    assert tenant.feed.read(tenant.feed.start(), 5) == ([], tenant.feed.start())
    assert not tenant.feed.has_grown(tenant.feed.start())


def test_a_store_of_before_the_feed_gets_into_it(tenant):
    tenant.store.commit([first("a")])
    tenant.database["versions"].update_many({}, {"$unset": {"pending": ""}})
    tenant.database["feed_state"].delete_many({})

    tenant.store.ensure_indexes()
    tenant.sequence()

    assert names(tenant.rows()) == ["Agency/a/1"]


def test_versions_come_in_the_order_of_their_names(tenant):
    one = first("a")
    two = first("b")
    tenant.store.commit([one])
    tenant.store.commit([two])

    assert tenant.feed.versions(["Agency/b/1", "Agency/a/1"]) == [two, one]
    assert tenant.feed.versions([]) == []
    assert isinstance(tenant.feed.start(), Place)
