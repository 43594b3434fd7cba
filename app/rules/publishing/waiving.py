"""Which findings an approver may let through, with a reason that is published.

What a document proves to break is never waived; what could not be proved may be. So may a
protection that is lowered or dropped, which is the privacy officer's decision. A combination of
elements that becomes unique is not: the rows that are stored hold no key of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.model.codec import Resource
from app.rules.publishing.finding import Finding, Gate

WAIVABLE = frozenset({"not-proven", "sensitivity-lowered", "secret-dropped", "blind-dropped"})


def is_waivable(finding: Finding) -> bool:
    """Whether an approver may let a finding through."""
    return finding.code in WAIVABLE and not finding.witness


def waived(gates: Iterable[Gate], waivers: Sequence[Resource]) -> list[Gate]:
    """Return the gates with the reasons of what is let through."""
    return [
        replace(gate, findings=[_waived(each, waivers) for each in gate.findings]) for gate in gates
    ]


def lets_wait(gates: Iterable[Gate]) -> bool:
    """Whether nothing but what may be waived keeps the gates shut."""
    found = (each for gate in gates for each in gate.findings)
    return all(is_waivable(each) for each in found if each.level == "error" and not each.waiver)


def waiver(text: str, reason: str) -> Resource:
    """Return the waiver that `CODE AGAINST PATH` asks, the last two perhaps missing."""
    code, _, rest = text.strip().partition(" ")
    against, _, path = rest.strip().partition(" ")
    named = {"against": against, "path": path.strip()}
    return {"code": code, **{k: v for k, v in named.items() if v}, "reason": reason}


def _waived(finding: Finding, waivers: Sequence[Resource]) -> Finding:
    if finding.level != "error" or not is_waivable(finding):
        return finding
    for each in waivers:
        if _is_meant(finding, each):
            return replace(finding, waiver=each["reason"])
    return finding


def _is_meant(finding: Finding, waiver: Resource) -> bool:
    told = (finding.code, finding.against, finding.path)
    meant = (waiver["code"], waiver.get("against", told[1]), waiver.get("path", told[2]))
    return told == meant
