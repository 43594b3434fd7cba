"""What the gates found, as people read it: verdicts, gates, and every finding in full."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.cli.schema.hub import Body, outputs
from app.cli.schema.screen import STYLES, Screen

STORED: Body = {
    "code": "G7",
    "title": "Stored documents",
    "isOpen": False,
    "findings": [{"code": "not-scanned", "text": "The stored documents were not looked at."}],
}
"""The gate that a dry run does not ask, as it stands then."""
LATER = frozenset({"not-scanned", "not-approved"})
"""Findings that tell of a step to come, and of no fault."""
WITNESS_LINE, WITNESS_LINES = 80, 16
"""Characters up to which a witness stands in one line, and most lines of it that are shown."""
VERDICTS = {
    "write": "Old writes still taken",
    "read": "Old readers still served",
}


def report_of(answer: Body) -> Body:
    """Return the report in the answer of `$check`."""
    if answer.get("resourceType") == "Parameters":
        found: Body = json.loads(outputs(answer)["report"])
        return found
    return answer


def shut(report: Body) -> list[str]:
    """Return the codes of the gates that are shut by more than a step still to come."""
    return _codes(report, "shut")


def show(screen: Screen, report: Body) -> None:
    """Print a report, the findings last."""
    screen.say(_title(report), "bold")
    bump = report.get("bump", {})
    if bump.get("computed"):
        screen.say(f"The change is {bump['computed']}; the number says {bump.get('declared')}.")
    comparisons = report.get("comparisons", ())
    if comparisons:
        heads = ("Against", *VERDICTS.values())
        rows = [(each["against"], *map(_verdict, _sides(each))) for each in comparisons]
        screen.table(heads, rows)
    gates = _gates(report)
    rows = [(each["code"], each["title"], _state(each), _counts(each)) for each in gates]
    screen.table(("Gate", "What it asks", "State", "Findings"), rows)
    for gate in gates:
        _facts(screen, gate)
        for finding in gate.get("findings", ()):
            _finding(screen, {**_next(report, finding), **finding}, f"{gate['code']} ")
    screen.say(_conclusion(report), STYLES["shut" if shut(report) else "open"])


def is_compatible(found: Body) -> bool:
    """Whether a comparison says yes in both directions."""
    return all(found.get(side, {}).get("answer") == "yes" for side in VERDICTS)


def compare(screen: Screen, kind: str, old: str, new: str, found: Body) -> None:
    """Print how two published versions differ, every change in full."""
    screen.say(f"{kind}: {old} to {new}", "bold")
    screen.table(("Against", *VERDICTS.values()), [(old, *map(_verdict, _sides(found)))])
    changes = found.get("changes", ())
    for each in changes:
        _finding(screen, each)
    if not changes:
        screen.say("Nothing that a client could notice is different.")


def _gates(report: Body) -> list[Body]:
    """Return the gates in their order, the one for what is stored among them."""
    gates = list(report.get("gates", ()))
    if all(each["code"] != STORED["code"] for each in gates):
        gates.append(STORED)
    return sorted(gates, key=lambda each: (len(each["code"]), each["code"]))


def _codes(report: Body, state: str) -> list[str]:
    return [each["code"] for each in _gates(report) if _state(each) == state]


def _next(report: Body, finding: Body) -> Body:
    """Return what to do about a step to come."""
    if finding.get("code") != "not-scanned":
        return {}
    return {"hint": f"hub schema check --stored {report.get('type')}-{report.get('version')}"}


def _title(report: Body) -> str:
    base = f", made from {report['base']}" if report.get("base") else ", a new type"
    return f"{report.get('type', '')} {report.get('version', '')}{base}"


def _sides(comparison: Body) -> Iterator[Body]:
    yield from (comparison.get(side, {}) for side in VERDICTS)


def _verdict(verdict: Body) -> str:
    parts = (verdict.get("answer", "-"), verdict.get("evidence", ""))
    return ", by ".join(filter(None, parts))


def _state(gate: Body) -> str:
    if gate["isOpen"]:
        return "open"
    found = gate.get("findings", ())
    wrong = {each["code"] for each in found if each.get("level", "error") == "error"}
    return "not yet" if wrong <= LATER else "shut"


def _counts(gate: Body) -> str:
    found = [each for each in gate.get("findings", ()) if each.get("code") not in LATER]
    levels = [each.get("level", "error") for each in found]
    told = {level: levels.count(level) for level in ("error", "warning", "note")}
    return ", ".join(
        f"{count} {level}{'s' * (count > 1)}" for level, count in told.items() if count
    )


def _facts(screen: Screen, gate: Body) -> None:
    """Print what was counted by path or by agency: the facts that are tables."""
    for name, value in gate.get("facts", {}).items():
        title = f"{gate['code']} {gate['title']}: {name}"
        if isinstance(value, Mapping) and value:
            screen.table(("", ""), [(str(key), _cell(each)) for key, each in value.items()], title)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            rows = [[_cell(each) for each in entry.values()] for entry in value]
            screen.table([*value[0]], rows, title)


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _finding(screen: Screen, finding: Body, gate: str = "") -> None:
    level = "waived" if finding.get("waiver") else finding.get("level", "error")
    level = "not yet" if finding.get("code") in LATER else level
    style = STYLES.get(level, "")
    screen.say(f"\n{level.upper()} {gate}{finding.get('code', '')}: {finding['text']}", style)
    for name, value in _details(finding):
        screen.say(f"    {name:<9}{value}")
    for document in finding.get("witness", ()):
        screen.say("    breaks   " + _witness(document))


def _details(finding: Body) -> Iterator[tuple[str, Any]]:
    against = " ".join(filter(None, (finding.get("against"), finding.get("oldPath"))))
    for name, value in (
        ("at", finding.get("path")),
        ("in data", finding.get("instancePath")),
        ("against", against),
        ("side", finding.get("direction")),
        ("shown by", finding.get("evidence")),
        ("stored", finding.get("stored") and f"{finding['stored']:,} documents"),
        ("takes", finding.get("bump") and f"a {finding['bump']} version"),
        ("waived", finding.get("waiver")),
        ("do", finding.get("hint")),
    ):
        if value:
            yield name, value


def _witness(document: Any) -> str:
    """Return a document in a line, or indented when that is long."""
    line = json.dumps(document)
    if len(line) <= WITNESS_LINE:
        return line
    lines = json.dumps(document, indent=1).splitlines()
    more = ["… (--json shows all)"] if len(lines) > WITNESS_LINES else []
    return "\n             ".join(lines[:WITNESS_LINES] + more)


def _conclusion(report: Body) -> str:
    codes, later = shut(report), _codes(report, "not yet")
    if codes:
        return f"\n{'Gate' if len(codes) == 1 else 'Gates'} {', '.join(codes)} shut."
    if later:
        return f"\nNo gate is shut; not yet open: {', '.join(later)}."
    return "\nAll gates are open."
