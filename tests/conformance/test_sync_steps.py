"""How the reference client takes in the feed: once each, the newest, and what it may not see."""

from types import SimpleNamespace

import pytest

from conformance.client.errors import Refused
from conformance.client.product import CaseTrack
from conformance.client.steps import steps
from conformance.client.steps.sync import newest

steps()
RULE = {"source": "feed", "complete": {"city": "Elm Bluff", "postalCode": "38904"}}


def told(id="p1", version=1, **more):
    home = {"city": "Elm Bluff", **more}
    meta = {"versionId": str(version)}
    return {"resourceType": "ParticipantProfile", "id": id, "meta": meta, "address": [home]}


class Feed:
    """The part of a hub that tells changes, and keeps what is written."""

    def __init__(self, *pages):
        self.pages = list(pages)
        self.cursors = []
        self.written = []
        self.refusal = None

    def changes(self, cursor, kinds, wait):
        del kinds, wait
        self.cursors.append(cursor)
        found = self.pages.pop(0)
        if isinstance(found, Exception):
            raise found
        return [{"resource": each} for each in found], f"c{len(self.cursors)}"

    def update(self, reference, change):
        del change
        if self.refusal:
            raise self.refusal
        self.written.append(reference)


def synced(feed, times=1):
    product = CaseTrack(feed)
    outcomes = [product.do("sync.now", RULE) for _ in range(times)]
    return SimpleNamespace(product=product, last=outcomes[-1])


def test_a_change_that_is_told_three_times_is_acted_on_once():
    feed = Feed([told(), told(), told()], [told()])

    synced(feed, times=2)

    assert feed.written == ["ParticipantProfile/p1"]


def test_the_newest_counts_in_whatever_order_it_is_told():
    entries = [{"resource": told(version=each)} for each in (5, 4)]

    assert newest(entries, {})["ParticipantProfile/p1"]["meta"]["versionId"] == "5"
    assert newest(entries, {"ParticipantProfile/p1": 5}) == {}


def test_the_cursor_that_was_kept_is_used_next_time():
    feed = Feed([told()], [])

    synced(feed, times=2)

    assert feed.cursors == ["", "c1"]


def test_the_cursor_stays_while_a_change_is_not_dealt_with():
    feed = Feed([told()])
    feed.refusal = Refused(422)

    done = synced(feed)

    assert done.last.status == "error"
    assert not done.product.memory["feed"]["cursor"]


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_may_no_longer_be_seen_is_passed_over(status):
    feed = Feed([told()])
    feed.refusal = Refused(status)

    assert synced(feed).last.status == "done"


def test_a_cursor_that_is_too_old_begins_anew():
    feed = Feed([told()], Refused(410), [told("p2")])

    synced(feed, times=2)

    assert feed.cursors == ["", "c1", ""]


def test_who_has_the_postal_code_is_left_alone():
    feed = Feed([told(postalCode="38904"), told("p2", city="Fir Bluff")])

    synced(feed)

    assert feed.written == []
