"""The register of requirements: what a partner's system must do, as data that everything reads.

An id is permanent and never given again. The keyword decides what a miss means: a MUST keeps the
level from being reached, a SHOULD is printed.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

import yaml

LEVELS = (1, 2, 3, 4)
PROFILES = frozenset({"refers", "receives", "both"})
"""What a partner's system does with referrals."""
EVIDENCE = {
    "A": "wire: the hub saw it",
    "B": "forced echo: what the hub had the system read came back in what it wrote",
    "C": "the adapter's answer",
    "D": "a person's word",
}
"""Evidence class → what it rests on; a MUST takes A or B."""
_ID = re.compile(r"L[1-4]-\d{2}")
_FAULT = re.compile(r"F([1-9]|1[0-8])")
_MUTANT = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_TEXTS = ("title", "rule", "why", "fix")
_LISTS = ("profile", "mutants")
_OPTIONAL = {"faults", "steps", "pull", "needs"}
_KNOWN = {"id", "keyword", "evidence", "exchange", *_TEXTS, *_LISTS, *_OPTIONAL}


class Misregistered(ValueError):
    """The register does not say what it must; the text names the requirement and the fault."""


@dataclass(frozen=True)
class Sample:
    """An invented request, and what the hub answers."""

    request: str
    answer: str


@dataclass(frozen=True)
class Requirement:
    """One requirement: the rule, why it is one, how it is shown and what to do about a miss."""

    id: str
    keyword: str
    title: str
    rule: str
    why: str
    profile: frozenset[str]
    """Whom it is for: systems that refer, that receive, or both."""
    evidence: str
    fix: str
    exchange: Sample
    mutants: tuple[str, ...]
    """Names of broken clients that it must catch."""
    faults: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    """Keys of the steps that show it; without any, those of the journey that say so."""
    pull: bool = False
    """Whether it does not apply to partners that fetch changes instead of being notified."""
    needs: str = ""
    """What must be there to show it, such as a second host; empty for nothing."""

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        """Return the requirement of an entry of the register; raise Misregistered."""
        for fault in _faults(entry):
            raise Misregistered(f"{entry.get('id', 'A requirement')}: {fault}")
        sample = entry["exchange"]
        return cls(
            **{name: entry[name] for name in ("id", "keyword", "evidence", *_TEXTS)},
            profile=frozenset(entry["profile"]),
            exchange=Sample(sample["request"], sample["answer"]),
            mutants=tuple(entry["mutants"]),
            faults=tuple(entry.get("faults", ())),
            steps=tuple(entry.get("steps", ())),
            pull=entry.get("pull", False),
            needs=entry.get("needs", ""),
        )

    @property
    def level(self) -> int:
        """The onboarding level it belongs to."""
        return int(self.id[1])

    @property
    def is_must(self) -> bool:
        """Whether the level is not reached without it."""
        return self.keyword == "MUST"

    def is_for(self, profile: str) -> bool:
        """Whether it applies to a system of this profile; `both` has all."""
        return profile == "both" or profile in self.profile


@cache
def requirements() -> dict[str, Requirement]:
    """Return all requirements by their ids, in their order; raise Misregistered."""
    read = [Requirement.read(entry) for entry in _register()]
    by_id = {each.id: each for each in read}
    if len(by_id) != len(read) or list(by_id) != sorted(by_id):
        raise Misregistered("Ids are given once, and stand in their order.")
    return by_id


def of(level: int, profile: str) -> list[Requirement]:
    """Return what a system of a profile must show for a level: levels are cumulative.

    Raises:
        ValueError: when there is no such level or profile.
    """
    if level not in LEVELS or profile not in PROFILES:
        raise ValueError("Levels are 1 to 4; profiles are refers, receives and both.")
    return [
        each for each in requirements().values() if each.level <= level and each.is_for(profile)
    ]


def digest() -> str:
    """Return the fingerprint of the register: a certificate names it."""
    return fingerprint(_register())


def fingerprint(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256, in hexadecimal, of entries in their canonical form (RFC 8785)."""
    canonical = json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@cache
def _register() -> tuple[dict[str, Any], ...]:
    folder = files("conformance") / "register"
    pages = (folder / f"L{level}.yaml" for level in LEVELS)
    return tuple(entry for page in pages for entry in yaml.safe_load(page.read_text("utf-8")))


def _faults(entry: Mapping[str, Any]) -> Sequence[str]:
    """Return what is wrong with an entry, in words."""
    sample = entry.get("exchange")
    checks = {
        f"knows no {', '.join(sorted(set(entry) - _KNOWN))}": set(entry) <= _KNOWN,
        "id is a level and two digits, such as L1-13": _fits(_ID, entry.get("id")),
        "keyword is MUST or SHOULD": entry.get("keyword") in ("MUST", "SHOULD"),
        "title, rule, why and fix are sentences": all(_is_text(entry.get(n)) for n in _TEXTS),
        "profile is a list of refers and receives": _holds(entry.get("profile"), _is_side),
        "evidence is A, B, C or D, and of a MUST A or B": _is_shown(entry),
        "faults are F1 to F18": all(_fits(_FAULT, each) for each in entry.get("faults", ())),
        "mutants are names in kebab case": _holds(entry.get("mutants"), _is_mutant),
        "exchange has a request and an answer": isinstance(sample, dict)
        and set(sample) == {"request", "answer"}
        and all(map(_is_text, sample.values())),
    }
    return [fault for fault, holds in checks.items() if not holds]


def _is_shown(entry: Mapping[str, Any]) -> bool:
    return entry.get("evidence") in (EVIDENCE if entry.get("keyword") == "SHOULD" else ("A", "B"))


def _holds(given: Any, is_one: Callable[[Any], bool]) -> bool:
    return isinstance(given, list) and bool(given) and all(map(is_one, given))


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _is_side(given: Any) -> bool:
    return given in ("refers", "receives")


def _is_mutant(given: Any) -> bool:
    return _fits(_MUTANT, given)


def _fits(pattern: re.Pattern[str], given: Any) -> bool:
    return isinstance(given, str) and bool(pattern.fullmatch(given))
