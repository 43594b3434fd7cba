"""Attendance lists: many short enrollments in one batch, of which the hub may refuse some."""

from typing import Any

from conformance.client.finding import act_key
from conformance.client.product import CaseTrack
from conformance.client.steps import step
from conformance.client.steps.services import KIND, codes, enrollment, is_retired

Body = dict[str, Any]
GOOD = "2"
"""The first digit of the status of what was done."""


@step("attendance.batch")
def attendance(product: CaseTrack, data: Body) -> str:
    """Send a list in one batch, or what is still missing of it, as staff corrected it."""
    missing = product.memory.setdefault("lists", {}).setdefault(data["key"], {})
    for row in data["rows"]:
        missing[row["key"]] = missing.get(row["key"], {}) | row
    if retired := _sent(product, missing, list(missing), fresh=False):
        _sent(product, missing, retired, fresh=True)
    return f"{len(missing)} entries wait for a person." if missing else "Everything was taken."


def _sent(product: CaseTrack, missing: Body, keys: list[str], *, fresh: bool) -> list[str]:
    """Send rows; forget those that were taken, and return those whose code is retired."""
    entries = [_entry(product, missing[key], fresh=fresh) for key in keys]
    tries = product.memory["tries"] = product.memory.get("tries", 0) + 1
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    answers = product.hub.send(bundle, act_key(product, f"list {tries}"))
    retired = []
    for key, answer in zip(keys, answers, strict=True):
        response = answer["response"]
        if response["status"].startswith(GOOD):
            del missing[key]
        elif is_retired(codes(response["outcome"]["issue"])):
            retired.append(key)
    return retired


def _entry(product: CaseTrack, row: Body, *, fresh: bool) -> Body:
    ended = {"status": "completed", "completed": True, "endDate": row["to"]}
    body = {"resourceType": KIND, **enrollment(product, row, fresh=fresh), **ended}
    return {"request": {"method": "POST", "url": KIND}, "resource": body}
