"""What becomes of the entries of one plan when a referral, enrollment or credential is written."""

from collections.abc import Callable, Sequence
from typing import Any

from app.model.codec import Resource
from app.rules.guarded import is_guarded
from app.rules.workflow import Facts, Move

Entry = dict[str, Any]
ITEM = {"enrolled": "enrolled", "completed": "completed", "withdrawn": "dropped"}
"""What an item becomes by the status of its enrollment; by any other it is not carried out."""
CHALLENGE = {"enrolled": "being-remedied", "completed": "resolved"}
TAKEN_BACK = ("cancelled", "entered-in-error")
WAITING = ("planned", "referred")
ENDED = ("closed", "rejected", "cancelled", "entered-in-error")


def credited(plan: Resource, move: Move, facts: Facts) -> Resource:
    """Return a plan in which the items that expect an earned credential are completed."""
    body = move.body

    def change(item: Entry) -> Entry:
        is_meant = item.get("expectedCredential") == body["credential"]
        is_done = is_meant and item["status"] in (*WAITING, "enrolled")
        return {**item, "status": "completed"} if is_done and not is_guarded(item, facts) else item

    return _each(plan, "schedule", change) if body["status"] == "earned" else plan


def referred(plan: Resource, move: Move, facts: Facts) -> Resource:
    """Return a plan whose item a referral names: referred, enrolled, or planned again."""
    body, link, name = move.body, _link(move.reference), _named(plan, move.body)

    def change(item: Entry) -> Entry:
        is_meant = item["itemId"] == name and not is_guarded(item, facts)
        if is_meant and body["status"] not in ENDED:
            is_new = item["status"] == "planned"
            return {**item, "status": "referred", "referral": link} if is_new else item
        if item.get("referral") != link or item["status"] != "referred":
            return item
        if is_meant and body.get("outcome") == "served":
            return _served(item, body.get("resultEnrollment"), facts)
        return _without(item, "referral", status="planned")

    return _each(plan, "schedule", change)


def _served(item: Entry, link: Entry | None, facts: Facts) -> Entry:
    found = facts.row(link["reference"]) if link else None
    status = ITEM.get(found["status"]) if found and not is_guarded(found, facts) else None
    return {**item, "status": status, "enrollment": link} if status else item


def enrolled(plan: Resource, move: Move, facts: Facts) -> Resource:
    """Return a plan with what an enrollment carries out; by staff's first it becomes active."""
    service = facts.row(move.body["service"]["reference"]) or {}
    target = _target(plan, move, facts)
    made = _each(plan, "schedule", lambda item: _carried(item, move, item["itemId"] == target))
    if service.get("deliveryMode") == "self":
        return made
    made = _each(made, "challenges", lambda entry: _remedied(entry, move, plan))
    strategy = service.get("transitionalStrategy")
    made = _each(made, "transitionalEmployment", lambda entry: _begun(entry, move, strategy))
    is_first = made["status"] == "tentative" and move.body["status"] in CHALLENGE
    return {**made, "status": "active"} if is_first else made


def _target(plan: Resource, move: Move, facts: Facts) -> str | None:
    """Return the itemId of the item that an enrollment carries out.

    It is the one that the enrollment names, or that it carried out before, or the first open one
    of its referral, or of its service.
    """
    body, items = move.body, _items(plan, facts)
    if "planItem" in body:
        name = _named(plan, body)
        return next((name for each in items if each["itemId"] == name), None)
    free = [each for each in items if each["status"] in WAITING and "enrollment" not in each]
    found = [
        *(each for each in items if each.get("enrollment") == _link(move.reference)),
        *(each for each in free if "referral" in body and each.get("referral") == body["referral"]),
        *(each for each in free if each["service"] == body["service"] and _is_paid(each, body)),
    ]
    return found[0]["itemId"] if found else None


def _items(plan: Resource, facts: Facts) -> Sequence[Entry]:
    """Return the items that may be linked, in their order."""
    items = [each for each in plan.get("schedule", ()) if not is_guarded(each, facts)]
    return sorted(items, key=lambda each: each["sequence"])


def _is_paid(item: Entry, enrollment: Resource) -> bool:
    return bool(item.get("program", enrollment["program"]) == enrollment["program"])


def _carried(item: Entry, move: Move, is_target: bool) -> Entry:
    link, status = _link(move.reference), ITEM.get(move.body["status"])
    is_linked = item.get("enrollment") == link
    if is_target and status:
        is_kept = item["status"] == "completed" and (is_linked or status == "dropped")
        return {**item, "status": item["status"] if is_kept else status, "enrollment": link}
    if not is_linked:
        return item
    return _without(item, "enrollment", status="referred" if "referral" in item else "planned")


def _remedied(entry: Entry, move: Move, plan: Resource) -> Entry:
    body, link = move.body, _link(move.reference)
    is_linked = entry.get("remedyEnrollment") == link
    is_meant = entry["itemId"] == _named(plan, body) or (
        entry.get("remedyService") == body["service"] and "remedyEnrollment" not in entry
    )
    status = CHALLENGE.get(body["status"])
    if status and (is_linked or (is_meant and entry["status"] == "open")):
        service = {"remedyService": entry.get("remedyService", body["service"])}
        return {**entry, **service, "remedyEnrollment": link, "status": status}
    return _without(entry, "remedyEnrollment", status="open") if is_linked else entry


def _begun(entry: Entry, move: Move, strategy: str | None) -> Entry:
    link, status = _link(move.reference), move.body["status"]
    if entry.get("enrollment") == link and status in TAKEN_BACK:
        return _without(entry, "enrollment")
    is_new = entry["strategy"] == strategy and "enrollment" not in entry and status in CHALLENGE
    return {**entry, "enrollment": link} if is_new else entry


def _named(plan: Resource, body: Resource) -> str | None:
    """Return the itemId of this plan that a referral or enrollment names."""
    item = body.get("planItem", {})
    named = item.get("successPlan", {}).get("reference")
    return item["itemId"] if named == f"{plan['resourceType']}/{plan['id']}" else None


def _link(reference: str) -> Entry:
    return {"reference": reference}


def _without(entry: Entry, name: str, **changes: str) -> Entry:
    return {key: value for key, value in entry.items() if key != name} | changes


def _each(plan: Resource, name: str, change: Callable[[Entry], Entry]) -> Resource:
    if name not in plan:
        return plan
    return {**plan, name: [change(each) for each in plan[name]]}
