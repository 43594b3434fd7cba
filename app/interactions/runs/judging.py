"""The end of a run: verdicts on everything that was seen, frozen, and what they open.

Nothing a partner says of itself counts; absence is never a pass.
"""

from hashlib import sha256
from typing import Any

from app.interactions import Hub
from app.interactions.certificates.award import award
from app.interactions.runs import OVER, Row, spoken
from app.interactions.runs.ghosts import again
from app.interactions.runs.redaction import redacted
from app.interactions.runs.run import Desk, keep, led, live
from app.interactions.runs.wish import CERTIFY
from app.model.access.certification import Tried
from app.model.access.client import Client
from app.model.codec import encode
from app.model.errors import RuleBroken
from app.model.version import instant
from conformance import evaluators, requirements, scenario
from conformance.exchange import Evidence, Exchange
from conformance.requirements import Requirement
from conformance.verdict import Verdict

SUITE = "1.0.0"
GOOD = ("PASS", "WARN", "N/A")
"""Verdicts that keep no level shut; a warning on a MUST says that it holds, but not well."""


def evaluate(desk: Desk, hub: Hub, client: Client, id: str) -> Row:
    """Judge a run, freeze it and return its report; a level that was reached opens at once.

    Asked again it changes no verdict, but does what a crash may have kept from being done.
    """
    run = led(desk, client, id)
    if "report" not in run:
        run = _frozen(desk, live(run))
        hub.certificates.try_out(run["partner"], _tried(run))
        hub.policies.renew()
    if run.get("certificate"):
        award(hub, run["certificate"])
    desk.sandboxes.close(run["opaque"])
    return told(desk, run)


def _frozen(desk: Desk, run: Row) -> Row:
    """Judge a run and keep what was found, with the certificate when there is to be one."""
    desk.runs.disarm(run["id"])
    report = _report(desk, run)
    run |= {"state": "passed" if report["reached"] else "failed", "endedAt": report["endedAt"]}
    if report["reached"] and run["mode"] == CERTIFY:
        run["certificate"] = desk.mint.issue(run, report)
        report["certificate"] = run["certificate"]["text"]
    run["report"] = report
    keep(desk, run)
    return again(desk, run["id"])


def told(desk: Desk, run: Row) -> Row:
    """Return the report of a run, with what was seen; in practice also while it goes on.

    Raises RuleBroken in earnest before the end: the seed would tell what is to be found out.
    """
    if run["mode"] == CERTIFY and run["state"] not in OVER:
        raise RuleBroken("The verdicts of a run for a certificate are told at its end.")
    report: Row = run.get("report") or _report(desk, run)
    seen = [redacted(each) for each in desk.runs.exchanges(run["id"])[: report["seen"]]]
    return {**report, "state": run["state"], "steps": run["steps"], "exchanges": seen}


def _report(desk: Desk, run: Row) -> Row:
    exchanges = desk.runs.exchanges(run["id"])
    seen = Evidence([Exchange(**row) for row in exchanges])
    wanted = requirements.of(run["level"], "both")
    verdicts = [_entry(each, _verdict(each, run, seen)) for each in wanted]
    is_whole = run["at"] >= len(scenario.journey(run["level"], run["profile"]))
    musts = [each for each in verdicts if each["keyword"] == "MUST"]
    return {
        "run": run["id"],
        "suite": SUITE,
        "registerDigest": requirements.digest(),
        **{name: run[name] for name in ("level", "profile", "mode", "product", "seed")},
        "startedAt": run["startedAt"],
        "endedAt": instant(desk.now()),
        "reached": is_whole and all(each["verdict"] in GOOD for each in musts),
        "verdicts": verdicts,
        "counts": {
            word: sum(each["verdict"] == word for each in verdicts)
            for word in dict.fromkeys(each["verdict"] for each in verdicts)
        },
        "schemas": spoken.schemas(seen),
        "agents": spoken.agents(seen),
        "seen": len(exchanges),
        "evidenceRoot": _root(exchanges),
        "certificate": None,
    }


def _tried(run: Row) -> Tried:
    open_ = tuple(
        each["id"]
        for each in run["report"]["verdicts"]
        if each["keyword"] == "MUST" and each["verdict"] not in GOOD
    )
    return Tried(run["id"], run["level"], open_, run["mode"] != CERTIFY, run["endedAt"])


def _verdict(requirement: Requirement, run: Row, seen: Any) -> Verdict:
    if requirement.pull:
        return Verdict(requirement.id, "N/A", observed="The partner reads the feed by itself.")
    found = evaluators.verdict(requirement.id, seen, run["world"])
    if found.word == "NOT-EXERCISED" and not requirement.is_for(run["profile"]):
        # What the declared profile leaves out is judged all the same when it was done.
        return Verdict(requirement.id, "N/A", observed=f"A system that {run['profile']}.")
    if found.word == "FAIL" and requirement.keyword == "SHOULD":
        return Verdict(found.requirement, "WARN", found.expected, found.observed, found.exchanges)
    return found


def _entry(requirement: Requirement, found: Verdict) -> Row:
    return {
        "id": requirement.id,
        "keyword": requirement.keyword,
        "level": requirement.level,
        "title": requirement.title,
        "verdict": found.word,
        "evidence": requirement.evidence,
        "expected": found.expected,
        "observed": found.observed,
        "exchanges": list(found.exchanges),
        "fix": requirement.fix,
    }


def _root(exchanges: list[Row]) -> str:
    """Return the head of the hash chain over all that was seen."""
    head = ""
    for each in exchanges:
        head = sha256(f"{head}{encode(each)}".encode()).hexdigest()
    return head
