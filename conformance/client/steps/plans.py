"""Success plans: one plan for each person, shared by all agencies.

This system changes nothing but its own entries, leaves goal and status to who leads, takes the
participant's sign-off back with every edit, and never writes a new plan over an old one.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from conformance.client.errors import NeedsPerson
from conformance.client.product import CaseTrack
from conformance.client.steps import step
from conformance.client.steps.people import PARTNER, known
from conformance.client.steps.sync import reacts

Body = dict[str, Any]
Edit = Callable[[Body], Body]
PLAN = "ParticipantSuccessPlan"
WORD = "https://hub.wioa.example/extension/plan-"
LEAD, REPLACES, BECAUSE, SIGNED, RESTS_ON = (
    f"{WORD}{name}" for name in ("lead", "replaces", "closed-because", "signed-off", "rests-on")
)
OVER = ("completed", "dropped")
"""Entries that a new plan does not take over."""


@step("plan.join")
def join(product: CaseTrack, data: Body) -> str:
    """Add an entry to the plan that is there, or go on from the last one with a new plan."""
    person = known(product, data["person"])
    plan = current(product, person)
    if plan is None:
        former = _newest(_plans(product, person))
        if former is None:
            raise NeedsPerson("There is no plan yet; the person must choose a goal first.")
        plan = _begin(product, person, former, former["careerGoal"])
    return _add(product, plan, data)


@step("goal.add")
def add(product: CaseTrack, data: Body) -> str:
    """Add an entry of this agency to the plan."""
    return _add(product, _required(product, data), data)


@step("goal.change")
def change_goal(product: CaseTrack, data: Body) -> str:
    """Close the plan of the old goal, with the reason, and begin one that names it."""
    plan = _required(product, data)
    closed = _close(product, plan, data["reason"])
    person = plan["participant"]["reference"]
    new = _begin(product, person, closed, data["goal"], _links(product, person, data))
    return f"{_name(new)} replaces {_name(closed)}"


@step("plan.close")
def close(product: CaseTrack, data: Body) -> str:
    """Close the plan."""
    return f"Closed {_name(_close(product, _required(product, data), data['reason']))}"


@step("signoff")
def sign_off(product: CaseTrack, data: Body) -> str:
    """Record that the participant agreed to the plan as it stands."""
    plan = _required(product, data)
    product.hub.update(_name(plan), _signed)
    return "Signed"


@reacts(PLAN)
def follow(product: CaseTrack, told: Body, _data: Body) -> None:
    """Complete the entries of this agency that waited for others which are completed now."""
    waits = product.memory.get("follows", {})

    def completed(plan: Body) -> Body:
        done = {each["itemId"] for each in plan.get("schedule", ()) if each["status"] in OVER[:1]}
        rows = [
            each | {"status": "completed"} if waits.get(each["itemId"]) in done else each
            for each in plan.get("schedule", ())
        ]
        return plan | {"schedule": rows} if rows else plan

    if any(each["itemId"] in waits for each in told.get("schedule", ())):
        _edit(product, _name(told), completed)


def current(product: CaseTrack, person: str) -> Body | None:
    """Return the open plan of a person, whichever agency began it; None without one."""
    return _newest(_plans(product, person, status="tentative,active"))


def _plans(product: CaseTrack, person: str, **more: str) -> list[Body]:
    return product.hub.search(PLAN, participant=person, **more)


def _newest(plans: Iterable[Body]) -> Body | None:
    """Return the plan that was begun last; ids of the hub grow with time."""
    return max(plans, key=lambda each: str(each["id"]), default=None)


def _required(product: CaseTrack, data: Body) -> Body:
    plan = current(product, known(product, data["person"]))
    if plan is None:
        raise NeedsPerson("The person has no open plan.")
    return plan


def _add(product: CaseTrack, plan: Body, data: Body) -> str:
    """Add one entry, named once for all tries; what it waits for is kept in the own records."""
    entry = data["entry"]
    name = product.memory.setdefault(f"entry:{entry['key']}", f"casetrack-{entry['key']}")
    links = _links(product, plan["participant"]["reference"], data)

    def added(body: Body) -> Body:
        rows = body.get("schedule", [])
        if any(each["itemId"] == name for each in rows):
            return body
        before = _last_of(data.get("follows", ""), rows)
        if before:
            product.memory.setdefault("follows", {})[name] = before["itemId"]
        row = _row(name, entry, before, len(rows) + 1)
        return _linked(body | {"schedule": [*rows, row]}, links)

    return f"Added {name} to {_name(_edit(product, _name(plan), added))}"


def _row(name: str, entry: Body, before: Body, place: int) -> Body:
    """Return an entry that begins on its day, or when the one before it ends."""
    begin = entry.get("plannedStart") or before.get("plannedEnd")
    return {
        "itemId": name,
        "sequence": place,
        "service": {"reference": entry["service"]},
        "provider": PARTNER,
        **({"plannedStart": begin} if begin else {}),
        "status": "planned",
    }


def _last_of(provider: str, rows: list[Body]) -> Body:
    """Return the entry of another agency that ends last, an empty one for none."""
    theirs = [each for each in rows if each.get("provider", {}).get("reference") == provider]
    return max(theirs, key=lambda each: str(each.get("plannedEnd", "")), default={})


def _links(product: CaseTrack, person: str, data: Body) -> list[Body]:
    """Return what the plan rests on: for each type asked for, the newest record of the person."""
    found = []
    for kind in data.get("restsOn", ()):
        row = _newest(product.hub.search(kind, participant=person))
        found += [{"url": RESTS_ON, "valueReference": {"reference": _name(row)}}] if row else []
    return found


def _linked(plan: Body, links: list[Body]) -> Body:
    known_ones = plan.get("extension", [])
    extension = [*known_ones, *(each for each in links if each not in known_ones)]
    return plan | {"extension": extension} if extension else plan


def _close(product: CaseTrack, plan: Body, reason: str) -> Body:
    """Close a plan and say why; raise NeedsPerson when another agency leads."""

    def closed(body: Body) -> Body:
        if _lead(body) != PARTNER["reference"]:
            raise NeedsPerson("Another agency leads the plan; ask there.")
        because = {"url": BECAUSE, "valueCode": reason}
        return _linked(body | {"status": "discontinued"}, [because])

    return _edit(product, _name(plan), closed)


def _begin(
    product: CaseTrack, person: str, former: Body, goal: Body, links: Iterable[Body] = ()
) -> Body:
    """Create the plan after a closed one: what is not over goes on, everybody's entries alike."""
    extension = [
        {"url": LEAD, "valueReference": PARTNER},
        {"url": REPLACES, "valueReference": {"reference": _name(former)}},
        *links,
    ]
    lists = {
        name: [each for each in former.get(name, ()) if each["status"] not in OVER]
        for name in ("schedule", "challenges")
    }
    body = {
        "participant": {"reference": person},
        "status": "active",
        "careerGoal": goal,
        **{name: rows for name, rows in lists.items() if rows},
        "extension": extension,
        "lastEditedBy": PARTNER,
    }
    return product.hub.create(PLAN, body, str(uuid4()))


def _edit(product: CaseTrack, reference: str, edit: Edit) -> Body:
    """Change a plan; what the participant signed was the version before, so that ends."""

    def changed(body: Body) -> Body:
        made = edit(body)
        if made == body:
            return body
        return _without(made, SIGNED) | {"lastEditedBy": PARTNER}

    return product.hub.update(reference, changed)


def _signed(plan: Body) -> Body:
    """Return a plan with the number of the version that was agreed to, unless that is in it."""
    version = int(plan["meta"]["versionId"])
    if version - 1 in (each.get("valueInteger") for each in _of(plan, SIGNED)):
        return plan
    signature = {"url": SIGNED, "valueInteger": version}
    return _linked(_without(plan, SIGNED), [signature]) | {"lastEditedBy": PARTNER}


def _without(plan: Body, url: str) -> Body:
    kept = [each for each in plan.get("extension", ()) if each["url"] != url]
    rest = {name: value for name, value in plan.items() if name != "extension"}
    return rest | ({"extension": kept} if kept else {})


def _of(plan: Body, url: str) -> list[Body]:
    return [each for each in plan.get("extension", ()) if each["url"] == url]


def _lead(plan: Body) -> str:
    return "".join(each["valueReference"]["reference"] for each in _of(plan, LEAD))


def _name(resource: Body) -> str:
    return f"{resource['resourceType']}/{resource['id']}"
