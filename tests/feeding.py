"""A tenant whose change feed is fed by hand."""

from app.composition import now
from app.model.version import Key, following
from app.store.feed import MongoFeed
from app.store.mongo import MongoStore
from app.store.protection import Protection
from app.store.sequencer import Sequencer
from builders import an_agency
from memory_cipher import MemoryCipher


class Feeding:
    """One tenant: its database, store and feed."""

    def __init__(self, database, registry, sessions, transaction):
        self.database = database
        self.sessions = sessions
        self.store = MongoStore(database, registry, transaction=transaction, cipher=MemoryCipher())
        self.store.ensure_indexes()
        protection = Protection(database, registry, MemoryCipher())
        self.feed = MongoFeed(database, sessions, protection, read_seconds=20)

    def sequencer(self, most=1000):
        return Sequencer(self.database, self.sessions, now, most=most)

    def sequence(self, **how):
        """Number everything that is pending."""
        while self.sequencer(**how).round():
            pass

    def rows(self, most=1000):
        """Return the whole feed, read in pages."""
        found, place = [], self.feed.start()
        while True:
            rows, place = self.feed.read(place, most)
            if not rows:
                return found
            found += rows

    def pending(self):
        return self.database["versions"].count_documents({"pending": {"$gt": ""}})


def first(id, at=None):
    return following(None, Key("Agency", id), at or now(), "tests", an_agency())


def after(former, at=None):
    return following(former, former.key, at or now(), "tests", {**former.resource, "city": "x"})


def names(rows):
    return [row.name for row in rows]


def is_in_order(found):
    """Whether each resource's versions come as 1, 2, 3 …"""
    seen = {}
    for each in found:
        key, _, number = each.rpartition("/")
        if int(number) != seen.get(key, 0) + 1:
            return False
        seen[key] = int(number)
    return True
