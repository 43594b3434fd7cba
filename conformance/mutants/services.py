"""Bad habits with enrollments, one for each requirement of level 2."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from conformance.client.errors import Refused, Unanswered
from conformance.client.finding import act_key
from conformance.client.hub import Body, Hub
from conformance.client.product import CaseTrack, Outcome
from conformance.client.steps.services import KIND, enrollment
from conformance.mutants import mutant

DATES = ("from", "to", "on", "plannedEnd")
ENDINGS = ("endDate", "completed")


def _is_enrollment(reference: str) -> bool:
    return reference.startswith(f"{KIND}/")


def _without(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}


@mutant("incomplete-enrollment", breaks=("L2-01",))
class IncompleteEnrollment(Hub):
    """Does not say at which center."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create without the center."""
        return super().create(kind, _without(body, "localCenter") if kind == KIND else body, key)


@mutant("enrolls-twice", breaks=("L2-02",))
class EnrollsTwice(Hub):
    """Enrolls once more when it learns that somebody was enrolled on a referral."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create, and create again under another key."""
        made = super().create(kind, body, key)
        if kind == KIND and "referral" in body:
            super().create(kind, body, str(uuid4()))
        return made


@mutant("enrolls-too-early", breaks=("L2-03",))
class EnrollsTooEarly(CaseTrack):
    """Enrolls on a referral without looking whether it is accepted."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Enroll at once, also while the referral waits."""
        if name == "enrollment.start" and data["key"] == "referral":
            self.hub.create(KIND, enrollment(self, data), act_key(self, f"start {data['key']}"))
        return super().do(name, data)


@mutant("delete-and-recreate", breaks=("L2-04",))
class DeleteAndRecreate(Hub):
    """Changes an enrollment by deleting it and making another one."""

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.moved: dict[str, str] = {}

    def update(self, reference: str, change: Callable[[Body], Body], **how: Any) -> Body:
        """Replace an enrollment whose planned end changes."""
        here = self.moved.get(reference, reference)
        if not _is_enrollment(here):
            return super().update(here, change, **how)
        read = self.get(here)
        mine = change(dict(read.body))
        if read.body.get("plannedEndDate") in (None, mine.get("plannedEndDate")):
            return super().update(here, change, **how)
        self.ask("DELETE", here, None, {"If-Match": read.etag})
        made = self.create(KIND, _without(mine, "id", "meta", "atEntry", "period"), str(uuid4()))
        self.moved[reference] = f"{KIND}/{made['id']}"
        return made


@mutant("deletes-mistakes", breaks=("L2-05",))
class DeletesMistakes(Hub):
    """Deletes an enrollment that was a mistake."""

    def update(self, reference: str, change: Callable[[Body], Body], **how: Any) -> Body:
        """Delete what is to be entered in error."""
        if _is_enrollment(reference):
            read = self.get(reference)
            if change(dict(read.body)).get("status") == "entered-in-error":
                self.ask("DELETE", reference, None, {"If-Match": read.etag})
                return read.body
        return super().update(reference, change, **how)


@mutant("time-zone-shift", breaks=("L2-06",))
class TimeZoneShift(CaseTrack):
    """Takes a date for midnight east of Greenwich and sends its date in UTC: the day before."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Shift the dates of enrollments, then go on."""
        return super().do(name, _shifted(data) if name.startswith("enrollment.") else data)


def _shifted(data: dict[str, Any]) -> dict[str, Any]:
    moved = {name: _day_before(data[name]) for name in DATES if name in data}
    values = _shifted(data["values"]) if "values" in data else {}
    return data | moved | ({"values": values} if values else {})


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(1)).isoformat()


@mutant("edits-foreign-enrollments", breaks=("L2-07",))
class EditsForeignEnrollments(CaseTrack):
    """Enters a new planned end in all enrollments of a person, whoever made them."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Do what is asked; then change what others made."""
        done = super().do(name, data)
        if name == "enrollment.update":
            own = self.memory[data["key"]]
            end = {"plannedEndDate": data["values"]["plannedEnd"]}
            person = self.hub.get(own).body["participant"]["reference"]
            for each in self.hub.search(KIND, participant=person, status="enrolled"):
                if "plannedEndDate" not in each:
                    _forced(self.hub, f"{KIND}/{each['id']}", end)
        return done


def _forced(hub: Hub, reference: str, values: Body) -> None:
    try:
        hub.update(reference, lambda body: body | values)
    except (Refused, Unanswered):
        return


@mutant("resend-all", breaks=("L2-08",))
class ResendAll(Hub):
    """Sends the whole list again when an entry was refused."""

    def send(self, bundle: Body, key: str) -> list[Body]:
        """Send a list, and send it again whole."""
        answers = super().send(bundle, key)
        if len(bundle["entry"]) > len(_refused(answers)) > 0:
            super().send(bundle, str(uuid4()))
        return answers


def _refused(answers: list[Body]) -> list[Body]:
    return [each for each in answers if not each["response"]["status"].startswith("2")]


@mutant("reopens-the-old", breaks=("L2-09",))
class ReopensTheOld(CaseTrack):
    """Writes into the enrollment that ended that the person is back."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Enroll who is back, and change the old enrollment too."""
        done = super().do(name, data)
        if name == "enrollment.start" and data["key"] == "second-period":
            old = self.memory["first-period"]
            _forced(self.hub, old, {"plannedEndDate": data["from"]})
        return done


@mutant("fixed-code-table", breaks=("L2-10",))
class FixedCodeTable(Hub):
    """Has the codes of services in a table of its own."""

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.table: dict[str, list[Body]] = {}

    def search(self, kind: str, **criteria: Any) -> list[Body]:
        """Look a service up once and never again."""
        if kind != "Service":
            return super().search(kind, **criteria)
        at = str(criteria)
        self.table[at] = self.table.get(at) or super().search(kind, **criteria)
        return self.table[at]


@mutant("sends-late", breaks=("L2-11",))
class SendsLate(CaseTrack):
    """Keeps what is entered in the evening for a night that does not come in a run."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Note the end of the class, and send nothing."""
        if name == "enrollment.end" and data["key"] == "planning":
            return Outcome("done", "Will be sent tonight.")
        return super().do(name, data)


@mutant("sends-everything", breaks=("L2-12",))
class SendsEverything(Hub):
    """Sends an enrollment again whenever it has saved one."""

    def update(self, reference: str, change: Callable[[Body], Body], **how: Any) -> Body:
        """Change, and send what stands then once more."""
        made = super().update(reference, change, **how)
        if _is_enrollment(reference):
            read = self.get(reference)
            self.put(reference, read.body, read.etag)
        return made
