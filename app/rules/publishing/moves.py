"""How a version of a schema moves on: each step as a change of the resource, and who may do it.

None of those who wrote a version approves it; what they wrote cannot change in between, as each
step is written upon the version of the resource that it judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.model.codec import Resource
from app.model.errors import Issue
from app.model.version import instant
from app.rules.issues import fault


@dataclass(frozen=True)
class Step:
    """Who takes a step, and when."""

    client: str
    now: datetime

    @property
    def signed(self) -> Resource:
        """What the resource says of it."""
        return {"by": self.client, "at": instant(self.now)}


def submitted(row: Resource, step: Step, report: str, digest: str) -> Resource:
    """Return a draft as it waits for review, with the report of its gates."""
    return {
        **_without(row, "approval", "waivers"),
        "status": "in-review",
        "submission": step.signed,
        "report": report,
        "reportDigest": digest,
    }


def revision_faults(row: Resource) -> list[Issue]:
    """Return why a version is not taken back: it is a draft, and nothing would change."""
    if row["status"] == "draft":
        return [fault("not-in-review", "It is a draft already; edit it as it is.", "/status")]
    return []


def revised(row: Resource, _step: Step) -> Resource:
    """Return a version as a draft again; whatever approval it had is void."""
    gone = ("approval", "waivers", "submission", "report", "reportDigest")
    return {**_without(row, *gone), "status": "draft"}


def approval_faults(row: Resource, step: Step) -> list[Issue]:
    """Return why somebody may not approve a version: he wrote it or handed it in, or it was."""
    if row["status"] != "in-review":
        return [fault("not-in-review", "Only what waits for review is approved.", "/status")]
    if step.client in {*row["authors"], row["submission"]["by"]}:
        text = "A second person approves: neither who wrote the draft nor who handed it in."
        return [fault("same-person", text, "/approval/by")]
    return []


def approved(
    row: Resource, step: Step, reason: str | None, waivers: Sequence[Resource]
) -> Resource:
    """Return a version with its approval, bound to the schema's and the report's bytes."""
    approval = {**step.signed, "digest": row["digest"], "reportDigest": row["reportDigest"]}
    if reason:
        approval["reason"] = reason
    found = {**row, "approval": approval}
    return {**found, "waivers": [*waivers]} if waivers else found


def published(row: Resource, step: Step, report: str, digest: str) -> Resource:
    """Return a version in force, with the report that stays with it for ever."""
    return {
        **row,
        "status": "published",
        "report": report,
        "reportDigest": digest,
        "publishedAt": instant(step.now),
        "publishedBy": step.client,
    }


def reinstated(row: Resource, _step: Step) -> Resource:
    """Return a deprecated version as one that is published again."""
    return {**_without(row, "deprecation"), "status": "published"}


def deprecation_faults(row: Resource, step: Step, sunset: str, days: int) -> list[Issue]:
    """Return why a version may not be deprecated until a day: clients need time to move."""
    first = (step.now + timedelta(days=days)).date()
    try:
        day = date.fromisoformat(sunset)
    except ValueError:
        return [fault("sunset", "The sunset is a day, YYYY-MM-DD.", "sunset")]
    if row["status"] == "deprecated":
        first = date.fromisoformat(row["deprecation"]["sunset"])
    if day < first:
        text = f"Clients are given time: the sunset is no earlier than {first}."
        return [fault("sunset", text, "sunset")]
    return []


def deprecated(row: Resource, step: Step, sunset: str, reason: str, then: str | None) -> Resource:
    """Return a version that clients are to leave by a day; deprecated again it may end later."""
    at = row.get("deprecation", step.signed)["at"]
    told = {"at": at, "sunset": sunset, "reason": reason}
    if then:
        told["alternative"] = then
    return {**row, "status": "deprecated", "deprecation": told}


def retired(row: Resource, step: Step, reason: str | None) -> Resource:
    """Return a version under which nothing is written or read any more."""
    told = {**step.signed, **({"reason": reason} if reason else {})}
    return {**row, "status": "retired", "retirement": told}


def rejected(row: Resource, step: Step, reason: str) -> Resource:
    """Return a version that will not be published."""
    return {**row, "status": "rejected", "rejection": {**step.signed, "reason": reason}}


def _without(row: Resource, *names: str) -> Resource:
    return {name: value for name, value in row.items() if name not in names}
