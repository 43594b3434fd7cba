"""Bad habits with success plans, one for each requirement of level 4."""

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any

from conformance.client.errors import Refused
from conformance.client.hub import Body, Hub, Record
from conformance.client.product import CaseTrack, Outcome
from conformance.client.steps.people import PARTNER, known
from conformance.client.steps.plans import LEAD, PLAN, REPLACES, RESTS_ON, SIGNED, current
from conformance.mutants import mutant

STALE = 412


def _is_plan(reference: str) -> bool:
    return reference.startswith(f"{PLAN}/")


def _marks(plan: Body, url: str) -> list[Body]:
    return [each for each in plan.get("extension", ()) if each["url"] == url]


class Remembering(Hub):
    """Keeps each plan as it was read last, so that a bad habit can compare."""

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.read: dict[str, Body] = {}

    def get(self, reference: str) -> Record:
        """Read and remember."""
        found = super().get(reference)
        self.read[reference] = deepcopy(found.body)
        return found


@mutant("starts-a-second-plan", breaks=("L4-01",))
class StartsASecondPlan(CaseTrack):
    """Begins a plan of its own before it looks for the one that is there."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Create a plan first; then go on."""
        if name == "plan.join" and "second" not in self.memory:
            self.memory["second"] = True
            goal = {"onetSoc": "53-3032", "title": "Heavy and Tractor-Trailer Truck Drivers"}
            rest = {"careerGoal": goal, "status": "active", "lastEditedBy": PARTNER}
            with suppress(Refused):
                who = {"reference": known(self, data["person"])}
                self.hub.create(PLAN, {"participant": who, **rest}, f"second-{id(self)}")
        return super().do(name, data)


@mutant("edits-others", breaks=("L4-02",))
class EditsOthers(Hub):
    """Numbers all entries anew, as its own database does."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Renumber, then store."""
        if _is_plan(reference):
            rows = enumerate(body.get("schedule", ()), start=1)
            body = body | {"schedule": [each | {"sequence": 10 * at} for at, each in rows]}
        return super().put(reference, body, etag)


@mutant("replaces-the-list", breaks=("L4-02", "L4-03"))
class ReplacesTheList(Hub):
    """After 412 sends its own list again, under the new tag."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Store; when others were first, store all the same."""
        try:
            return super().put(reference, body, etag)
        except Refused as refusal:
            if refusal.status != STALE or not _is_plan(reference):
                raise
            return super().put(reference, body, self.get(reference).etag)


@mutant("overwrites-goal", breaks=("L4-04",))
class OverwritesGoal(CaseTrack):
    """Writes the new goal over the old one."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Change the goal in place, as long as this agency leads."""
        if name != "goal.change":
            return super().do(name, data)
        plan = current(self, known(self, data["person"]))
        if plan is None or _marks(plan, LEAD)[0]["valueReference"] != PARTNER:
            return Outcome("done")
        marks = [each for each in plan["extension"] if each["url"] != SIGNED]
        new = {"careerGoal": data["goal"], "lastEditedBy": PARTNER, "extension": marks}
        self.hub.update(f"{PLAN}/{plan['id']}", lambda body: body | new)
        return Outcome("done")


@mutant("dangling-references", breaks=("L4-05",))
class DanglingReferences(Hub):
    """Links records by the numbers of its own database."""

    def ask(self, method: str, path: str, body: Body | None = None, *more: Any, **how: Any) -> Any:
        """Put own numbers into the links of a plan, then send it."""
        if body is not None and path.startswith(PLAN):
            body = body | {"extension": [_dangling(each) for each in body.get("extension", ())]}
        return super().ask(method, path, body, *more, **how)


def _dangling(mark: Body) -> Body:
    if mark["url"] != RESTS_ON:
        return mark
    kind = mark["valueReference"]["reference"].split("/")[0]
    return {"url": RESTS_ON, "valueReference": {"reference": f"{kind}/casetrack-4711"}}


@mutant("plans-from-a-stale-copy", breaks=("L4-06",))
class PlansFromAStaleCopy(Hub):
    """Reckons with the days that the plan had when it saw it first."""

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.days: dict[str, str] = {}

    def update(
        self,
        reference: str,
        change: Callable[[Body], Body],
        *,
        conflict: Callable[[Body, Body], None] | None = None,
    ) -> Body:
        """Change a copy in which the days are old; send the entries of others as they are."""
        if not _is_plan(reference):
            return super().update(reference, change, conflict=conflict)
        return super().update(reference, lambda body: self._changed(body, change))

    def _changed(self, body: Body, change: Callable[[Body], Body]) -> Body:
        now = {each["itemId"]: each for each in body.get("schedule", ())}
        for name, each in now.items():
            self.days.setdefault(name, each.get("plannedEnd", ""))
        old = [
            each | ({"plannedEnd": self.days[name]} if self.days[name] else {})
            for name, each in now.items()
        ]
        made = change(deepcopy(body) | {"schedule": old})
        rows = [now[each["itemId"]] if each in old else each for each in made.get("schedule", ())]
        return made | {"schedule": rows}


@mutant("still-leads", breaks=("L4-07",))
class StillLeads(Hub):
    """Takes itself for the lead, whatever the plan says."""

    def get(self, reference: str) -> Record:
        """Read a plan as if this agency led."""
        found = super().get(reference)
        if _is_plan(reference) and _marks(found.body, LEAD):
            for each in _marks(found.body, LEAD):
                each["valueReference"] = dict(PARTNER)
        return found


@mutant("keeps-the-sign-off", breaks=("L4-08",))
class KeepsTheSignOff(Remembering):
    """Edits a plan and leaves the signature under it."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Put the signature back that was there, then store."""
        signed = _marks(self.read.get(reference, {}), SIGNED)
        if signed and not _marks(body, SIGNED):
            body = body | {"extension": [*body.get("extension", ()), *signed]}
        return super().put(reference, body, etag)


@mutant("completes-twice", breaks=("L4-09",))
class CompletesTwice(Remembering):
    """Writes a completion again for each time that it was told."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Store, and store what completes an entry once more."""
        before = _completed(self.read.get(reference, {}))
        done = super().put(reference, body, etag)
        if _is_plan(reference) and _completed(body) > before:
            done = super().put(reference, done, f'W/"{done["meta"]["versionId"]}"')
        return done


def _completed(plan: Body) -> int:
    return sum(each["status"] == "completed" for each in plan.get("schedule", ()))


@mutant("breaks-the-lineage", breaks=("L4-10",))
class BreaksTheLineage(Hub):
    """Begins at zero with who comes back."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create the first plan without the link to the one before."""
        if kind == PLAN and body["careerGoal"]["onetSoc"] == "53-3032":
            body = body | {"extension": [e for e in body["extension"] if e["url"] != REPLACES]}
        return super().create(kind, body, key)


@mutant("loses-a-fact", breaks=("L4-11",))
class LosesAFact(Hub):
    """Takes only its own entries over into a new plan."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create a plan without the entries of others."""
        if kind == PLAN:
            rows = [each for each in body.get("schedule", ()) if each.get("provider") == PARTNER]
            body = {n: v for n, v in body.items() if n != "schedule"} | {"schedule": rows}
        return super().create(kind, body, key)
