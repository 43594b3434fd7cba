"""How a system comes over a change of a schema, L1-32."""

from collections.abc import Mapping

from conformance.evaluators import evaluates
from conformance.evaluators.headers import versions
from conformance.exchange import Evidence, Exchange
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

HEARD = 10.0
"""How long after the first notice some worker of the hub may not know of it yet, in seconds."""
OF_A_VERSION = frozenset({400, 406, 415, 422})
"""What is answered to who names a version that is not live, or writes what it does not allow."""


@evaluates("L1-32")
def survives_a_rollover(evidence: Evidence, world: World) -> Verdict:
    """While both versions are live nothing fails; after the notice the new one is written."""
    change = world.get("rollover")
    opened, ended = _move(evidence, change, "publish"), _move(evidence, change, "deprecate")
    if change is None or opened is None or ended is None:
        return not_exercised("No schema changed.")
    mine = evidence.partner.of(change["kind"]).after(opened)
    noticed = mine.done.where(lambda each: "deprecation" in each.answer_headers).first
    since = noticed or ended
    broken = mine.before(since).where(_is_broken).first
    if broken:
        told = f"a request was answered with {broken.status}"
        return failed("no failed exchange while both are live", told, broken)
    writes = mine.after(since).writes.done
    old = writes.where(lambda each: versions(each).get(change["kind"]) == change["old"])
    new = writes.where(lambda each: versions(each).get(change["kind"]) == change["new"])
    if old and (not new or _is_late(old, since) or old.after(new.exchanges[-1])):
        expected = f"writes in {change['new']} after the notice"
        return failed(expected, f"a write in {change['old']}", since, old.last)
    return passed(since, new.first, new.last) if new else not_exercised("Nothing was written.")


def _move(evidence: Evidence, change: Mapping[str, str] | None, operation: str) -> Exchange | None:
    """Return the exchange in which staff moved a version of the schema that changes."""
    version = (change or {}).get("new" if operation == "publish" else "old")
    path = f"SchemaVersion/{(change or {}).get('kind')}-{version}/${operation}"
    return evidence.ghosts.where(lambda each: each.path == path).done.first


def _is_broken(exchange: Exchange) -> bool:
    """Whether a request failed by the version it was made in, and not by a token or a race."""
    return exchange.status in OF_A_VERSION and not exchange.fault


def _is_late(old: Evidence, notice: Exchange) -> bool:
    return any(each.at - notice.at > HEARD for each in old)
