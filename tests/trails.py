"""An audit trail of its own, sealed by hand and checked as `hub audit verify` does."""

from datetime import timedelta
from itertools import count

from app.checkpoints import Checkpoints
from app.composition import new_id, now
from app.interactions.audit_check import check
from app.keyring.seal_key import SealKey
from app.model.audit.event import AuditEvent
from app.notary import Notary
from app.store import audit_rows
from app.store.audit import MongoAudit
from app.store.sealer import Sealer
from app.store.segments import MongoSegments

NUMBERS = count()


def an_event(**said):
    """Return the event of a read by a partner; each is about a resource of its own."""
    number = next(NUMBERS)
    usual = {
        "id": new_id(),
        "at": now(),
        "request": f"request-{number}",
        "interaction": "read",
        "client": "mdes",
        "partner": "Partner/mdes-wp",
        "agency": "Agency/mdes",
        "staff": "worker-7",
        "purpose": "service-coordination",
        "type": "Referral",
        "resources": (f"Referral/r{number}/1",),
        "participants": (f"p{number}",),
        "owners": ("Agency/mdrs",),
        "labels": ("OPS", "PII-QUASI"),
        "basis": ("agreement:DSA-1",),
        "status": 200,
        "method": "GET",
        "route": "/v1/<type:kind>/<id:id>",
    }
    return AuditEvent(**usual | said)


class Trailing:
    """One tenant's audit trail: its database, its key and its checkpoints."""

    def __init__(self, database, sessions, folder):
        self.database = database
        self.sessions = sessions
        audit_rows.ensure(database)
        self.audit = MongoAudit(database, write_seconds=20, read_seconds=20)
        self.key = SealKey.load_or_create(folder)
        self.checkpoints = Checkpoints(folder / "checkpoints.jsonl")
        self.segments = MongoSegments(database, sessions)

    def record(self, many=1, **said):
        events = [an_event(**said) for _ in range(many)]
        self.audit.record(events)
        return events

    def sealer(self, **how):
        return Sealer(self.database, self.sessions, how.pop("now", now), self.key, **how)

    def seal(self, **how):
        """Seal all there is, by a sealer that is new to it."""
        done = 0
        sealer = self.sealer(**how)
        while found := sealer.round():
            done += found
        return done

    def checkpoint(self):
        return Notary(self.sealer(), self.key, self.checkpoints, now).checkpoint()

    def check(self, before=None):
        later = before or audit_rows.id_at(now() + timedelta(minutes=1))
        return check(self.segments, self.checkpoints.read(), self.key, later)

    def sealed(self):
        """Return the ids in all segments, in order."""
        return [id for each in self.segments.walk() for id in each.segment.rows]

    def stored(self):
        return [each["_id"] for each in self.database["audit"].find({}, {"_id": 1})]
