"""Two published versions of a type side by side: who can go on as before, and what changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.interactions.publishing.desk import Judge
from app.interactions.publishing.shelves import library
from app.model.codec import Resource, decode
from app.model.publication import Publication, number
from app.model.registry import Registry
from app.rules.compatibility.compare import Comparison, Verdict
from app.rules.publishing.annotations.changelog import annotation_findings
from app.rules.publishing.changes.breaking import breaking
from app.rules.publishing.changes.changelog import changes
from app.rules.publishing.finding import Candidate
from app.rules.publishing.report import finding_json, report

GATES = frozenset(("G5", "G6"))
"""The gates that compare versions."""
UNKNOWN = {"answer": "unknown", "evidence": ""}


def comparison(registry: Registry, judge: Judge, old: Publication, new: Publication) -> Resource:
    """Return whether `new` takes all that `old` does, how readers fare, and every change.

    What the gates found when `new` was published stands; other pairs are judged now. Where that
    takes too long both answers are unknown. Raises Unavailable while too much else is judged.
    """
    told = decode(new.report) if new.report else {}
    found = (
        _told(told, old.version)
        or _told(_judged(registry, judge, old, new), old.version)
        or _unproven(registry, old, new)
    )
    return {"type": new.type, "from": old.version, "to": new.version, **found}


def _told(told: Mapping[str, Any], against: str) -> Resource | None:
    """Return what a report says of a pair; None when it says nothing."""
    verdicts = [each for each in told.get("comparisons", ()) if each["against"] == against]
    if not verdicts:
        return None
    gates = [gate for gate in told["gates"] if gate["code"] in GATES]
    findings = [one for gate in gates for one in gate["findings"]]
    mine = [one for one in findings if one.get("against") == against]
    sides = {side: _shown(verdicts[0][side], side, mine) for side in ("write", "read")}
    return {**sides, "changes": mine}


def _shown(verdict: Resource, side: str, findings: list[Resource]) -> Resource:
    """Return a verdict with the document that breaks, if the findings of its side have one."""
    found = (one["witness"] for one in findings if one.get("witness") and one["direction"] == side)
    witness = next(found, None) if verdict["answer"] == "no" else None
    return {**verdict, "witness": witness} if witness else verdict


def _judged(registry: Registry, judge: Judge, old: Publication, new: Publication) -> Resource:
    candidate = Candidate(new.type, new.version, new.text.decode(), old.version)
    published = library(registry, new.type)
    found = judge(candidate, replace(published, live={old.version: old.schema}, former={}))
    return report(candidate, found)


def _unproven(registry: Registry, old: Publication, new: Publication) -> Resource:
    documents, against = registry.by_url, old.version
    is_major = number(new.version)[0] > number(old.version)[0]
    unknown = Comparison(Verdict("unknown"), Verdict("unknown"))
    listed = changes(old.schema, new.schema, documents, against)
    told = breaking(unknown, listed, against, is_major=is_major)
    told += annotation_findings(old.schema, new.schema, documents, against, is_major=is_major)
    return {"write": UNKNOWN, "read": UNKNOWN, "changes": [finding_json(each) for each in told]}
