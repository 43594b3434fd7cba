"""What an evaluator says of one requirement, and the words it says it in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Self

from conformance.exchange import Evidence, Exchange

Word = Literal["PASS", "FAIL", "WARN", "NOT-EXERCISED", "N/A", "SUITE-ERROR", "CONFIG"]


@dataclass(frozen=True)
class Verdict:
    """The verdict on one requirement: what was expected, what was seen, in which exchanges."""

    requirement: str
    word: Word
    expected: str = ""
    observed: str = ""
    exchanges: tuple[int, ...] = ()

    def on(self, requirement: str) -> Self:
        """Return it as the verdict on a requirement."""
        return replace(self, requirement=requirement)


def passed(*seen: Exchange | None, observed: str = "") -> Verdict:
    """Return that a requirement holds, shown by these exchanges."""
    return Verdict("", "PASS", observed=observed, exchanges=_numbers(seen))


def failed(expected: str, observed: str, *seen: Exchange | None) -> Verdict:
    """Return that a requirement is broken."""
    return Verdict("", "FAIL", expected, observed, _numbers(seen))


def not_exercised(why: str) -> Verdict:
    """Return that nothing showed whether a requirement holds: absence is never a pass."""
    return Verdict("", "NOT-EXERCISED", observed=why)


def fence(evidence: Evidence, after: Exchange) -> Exchange | None:
    """Return the next good request of the same system: it was alive while it kept still."""
    return evidence.partner.after(after).done.first


def _numbers(seen: Iterable[Exchange | None]) -> tuple[int, ...]:
    return tuple(each.number for each in seen if each is not None)
