"""What all reports show of a verdict: the register's words, the hub's, the exchanges."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance import requirements
from conformance.reports.redaction import hostless, redacted
from conformance.requirements import Requirement

MOST_EXCHANGES = 12
"""Exchanges that a report shows of one verdict; the hub has them all."""
MOST_CHARACTERS = 4000
LEFT_OUT = frozenset({"content-length", "connection", "accept-encoding", "user-agent"})
Report = Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """One exchange as a report shows it."""

    number: int
    heading: str
    fault: str
    request: str
    answer: str
    curl: str


@dataclass(frozen=True)
class Row:
    """One requirement of a report."""

    verdict: Mapping[str, Any]
    rule: str
    why: str
    shown: Sequence[Shown]

    @property
    def word(self) -> str:
        """The verdict in one word."""
        return str(self.verdict["verdict"])


def rows(report: Report) -> list[Row]:
    """Return the requirements of a report, in their order."""
    by_number = {each["number"]: each for each in report.get("exchanges", ())}
    return [_row(each, by_number) for each in report["verdicts"]]


def _row(verdict: Mapping[str, Any], by_number: Mapping[int, Mapping[str, Any]]) -> Row:
    known: Requirement | None = requirements.requirements().get(verdict["id"])
    numbers = [each for each in verdict["exchanges"] if each in by_number][:MOST_EXCHANGES]
    texts = {name: hostless(str(verdict[name])) for name in ("expected", "observed", "fix")}
    return Row(
        {**verdict, **texts},
        known.rule if known else verdict["title"],
        known.why if known else "",
        [_shown(redacted(by_number[each])) for each in numbers],
    )


def _shown(exchange: Mapping[str, Any]) -> Shown:
    target = str(exchange.get("target") or _target(exchange))
    line = f"{exchange['method']} {target}"
    status = str(exchange["status"])
    return Shown(
        number=exchange["number"],
        heading=f"{exchange.get('who') or 'nobody named'} · {line} → {status}",
        fault=str(exchange.get("fault") or ""),
        request=_text(line, exchange.get("headers"), exchange.get("body")),
        answer=_text(
            str(exchange["status"]), exchange.get("answer_headers"), exchange.get("answer")
        ),
        curl=_curl(exchange, target),
    )


def _target(exchange: Mapping[str, Any]) -> str:
    query = exchange.get("query") or ""
    return f"/{exchange.get('path', '')}{'?' if query else ''}{query}"


def _text(line: str, headers: Mapping[str, str] | None, body: Any) -> str:
    lines = [line, *(f"{name}: {value}" for name, value in (headers or {}).items())]
    text = "" if body in (None, "") else json.dumps(body, indent=1, ensure_ascii=False)
    return "\n".join([*lines, "", text]).strip()[:MOST_CHARACTERS]


def _curl(exchange: Mapping[str, Any], target: str) -> str:
    """Return the request as a command; $BASE and $TOKEN are of a practice run."""
    sent = {
        name: value
        for name, value in (exchange.get("headers") or {}).items()
        if name.lower() not in LEFT_OUT and value != "…"
    }
    words = ["curl", "-i", "-X", exchange["method"]]
    for name, value in sent.items():
        words += ["-H", f"{name}: {value}"]
    body = exchange.get("body")
    if body not in (None, ""):
        words += ["--data-raw", body if isinstance(body, str) else json.dumps(body)]
    return f'{shlex.join(words)} -H "Authorization: Bearer $TOKEN" "$BASE"{shlex.quote(target)}'
