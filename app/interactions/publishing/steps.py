"""What each move of a version of a schema takes, and what the resource says afterwards."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.interactions.judgement import refuse
from app.interactions.publishing import scanning
from app.interactions.publishing.checking import gates, issues, stored_gate
from app.interactions.publishing.moving import Mover, fixed
from app.interactions.publishing.shelves import candidate
from app.model.codec import Resource
from app.model.contracts import CANONICAL
from app.model.errors import Issue, RuleBroken
from app.model.version import instant
from app.rules.issues import fault
from app.rules.publishing import moves
from app.rules.publishing.finding import Finding, Gate
from app.rules.publishing.report import report
from app.rules.publishing.waiving import lets_wait, waived, waiver

SHUT = "The gates are shut."


def submit(mover: Mover, row: Resource) -> Resource:
    """Hand a draft in; raise RuleBroken when gates are shut by more than may be waived."""
    found = gates(mover.hub, row)
    refuse(RuleBroken, SHUT, issues(found) if not lets_wait(found) else ())
    told = fixed(report(candidate(row), [*found, stored_gate(mover.hub, row)]))
    return moves.submitted(row, mover.step, *told)


def revise(mover: Mover, row: Resource) -> Resource:
    """Take a version back to its author; its approval is void.

    Raises RuleBroken for what is a draft.
    """
    refuse(RuleBroken, "It cannot be taken back.", moves.revision_faults(row))
    return moves.revised(row, mover.step)


def approve(mover: Mover, row: Resource) -> Resource:
    """Approve a version as a second person, perhaps letting findings through with a reason.

    Raises RuleBroken for one of its authors, and for gates that stay shut.
    """
    refuse(RuleBroken, "This is not for you to approve.", moves.approval_faults(row, mover.step))
    reason = mover.inputs.get("reason")
    asked = mover.inputs.get("waive", [])
    if asked and not reason:
        needed = [fault("waiver-reason", "A waiver says why.", "reason")]
        refuse(RuleBroken, "A waiver says why.", needed)
    waivers = [waiver(each, reason) for each in asked]
    refuse(RuleBroken, SHUT, issues(waived(gates(mover.hub, row), waivers)))
    return moves.approved(row, mover.step, reason, waivers)


def reject(mover: Mover, row: Resource) -> Resource:
    """Decide that a version will not be published."""
    return moves.rejected(row, mover.step, mover.inputs["reason"])


def publish(mover: Mover, row: Resource) -> Resource:
    """Put an approved version in force; a deprecated one is put back.

    Raises RuleBroken for gates that are shut, the stored documents above all, Unavailable while
    the last of them are looked at.
    """
    if row["status"] == "deprecated":
        return moves.reinstated(row, mover.step)
    found = waived(gates(mover.hub, row), row.get("waivers", ()))
    if "approval" in row and scanning.kept(mover.hub, row):
        scanning.step(mover.records, row)
    found = [*found, stored_gate(mover.hub, row), _approval(row)]
    refuse(RuleBroken, SHUT, issues(found))
    mover.hub.store.prepare(scanning.made_type(mover.hub, row))
    return moves.published(row, mover.step, *fixed(report(candidate(row), found)))


def deprecate(mover: Mover, row: Resource) -> Resource:
    """Tell clients to leave a version by a day; raise RuleBroken for one that is too near."""
    inputs, hub = mover.inputs, mover.hub
    then = inputs.get("alternative")
    live = hub.registry.live.get(row["type"], {})
    faults = moves.deprecation_faults(row, mover.step, inputs["sunset"], hub.desk.grace_days)
    if live.keys() <= {row["version"]}:
        text = "It is the only version that is served; publish another one first."
        faults.append(fault("only-version", text, "/version"))
    if then is not None and (then not in live or then == row["version"]):
        text = "The alternative is another version that is served."
        faults.append(fault("alternative", text, "alternative", sorted(live)))
    refuse(RuleBroken, "It cannot be deprecated so.", faults)
    return moves.deprecated(row, mover.step, inputs["sunset"], inputs["reason"], then)


def retire(mover: Mover, row: Resource) -> Resource:
    """Take a version out of service; raise RuleBroken while anything holds on to it."""
    refuse(RuleBroken, "It cannot be retired yet.", _holding(mover, row))
    return moves.retired(row, mover.step, mover.inputs.get("reason"))


def _approval(row: Resource) -> Gate:
    """Return gate G10: a second person approved exactly this schema and this report."""
    given = row.get("approval")
    found: list[Finding] = []
    if given is None:
        found = [Finding("not-approved", "Nobody has approved it yet.")]
    elif (given["digest"], given["reportDigest"]) != (row["digest"], row["reportDigest"]):
        found = [Finding("approval-void", "What was approved is not what stands here.")]
    return Gate("G10", "Approval by a second person", found, {"approval": given} if given else {})


def _holding(mover: Mover, row: Resource) -> list[Issue]:
    """Return what keeps a version from being retired."""
    hub, name, version = mover.hub, row["type"], row["version"]
    ended = row.get("deprecation")
    if ended is None or date.fromisoformat(ended["sunset"]) > hub.now().date():
        text = "Only a deprecated version whose sunset has passed is retired."
        return [fault("sunset", text, "/deprecation/sunset")]
    faults = list(_users(mover, row))
    if hub.registry.type(name).version == version:
        text = "It is the newest version, which all that is stored is valid under."
        faults.append(fault("newest-version", text, "/version"))
    address = f"{CANONICAL}{name}/{version}#".encode()
    live = (each.text for each in hub.registry.publications.values() if each.is_live)
    if any(address in text for text in live):
        faults.append(fault("referred", "A schema in force refers to it.", "/text"))
    return faults


def _users(mover: Mover, row: Resource) -> Iterator[Issue]:
    """Yield a fault for each client that used a version of late."""
    hub = mover.hub
    since = hub.now() - timedelta(days=hub.desk.unused_days)
    for each in hub.usage.of(row["type"]):
        if each.version == row["version"] and each.last > since:
            text = f"The client {each.client} used it last at {instant(each.last)}."
            yield fault("in-use", text, "/version")
