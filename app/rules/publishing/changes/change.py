"""One change between two versions: what changed in one plain sentence, for whom it matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.model.pointer import escaped
from app.rules.publishing.changes.pairs import Pair
from app.rules.publishing.changes.resolving import Node
from app.rules.publishing.finding import Bump, Finding, Level

Direction = Literal["", "write", "read"]
CONSEQUENCE = {
    "": "; clients of {} need not change.",
    "write": "; what clients of {} send may be refused.",
    "read": "; clients that read {} may get what they do not expect.",
}
"""Direction that a change breaks → how its sentence ends."""
HARMLESS = "; it is proved that clients of {} need not change."
UNTOUCHED = "; the proof found nothing here that clients of {} would notice."
NOT_PROVEN = {
    "write": "; it is not proved that all that clients of {} send is still taken.",
    "read": "; it is not proved that clients of {} can read all that may come.",
}
SHAPES = ("property-", "schema-", "required-", "enum-", "opened", "closed", "items-")
"""How codes of changes begin that no patch makes, even when no client notices."""

STORED = ("unique-added",)
"""Codes of changes that stored resources may break, whatever the version is called."""


@dataclass(frozen=True)
class Change:
    """A change at a place, or at a keyword there.

    `what` is the sentence without its end, `direction` the one that it seems to break, `hint` what
    to do instead of the next major version. Without a direction the change takes `bump`. `name` is
    that of an element below the place; `new_name` and `old_word` say what differs on one side.
    """

    code: str
    place: Pair
    what: str
    direction: Direction = ""
    word: str = ""
    hint: str = "Keep it as it was"
    bump: Bump = "minor"
    name: str = ""
    new_name: str = ""
    old_word: str = ""
    advice: str = ""
    """What to do about a change that breaks no direction but is not harmless either."""
    level: Level | None = None
    """How bad it is, when not an error where a direction breaks and a note elsewhere."""

    def finding(self, against: str) -> Finding:
        """Return the finding against the older version named."""
        below = f"/{self.name}" if self.name else ""
        return Finding(
            self.code,
            self._text(against),
            path=_path(self.place.new, self.new_name or self.name, self.word),
            level=self.level or ("error" if self.direction else "note"),
            direction=self.direction,
            against=against,
            old_path=_path(self.place.old, self.name, self.old_word or self.word),
            instance_path=self.place.instance_path + below,
            bump="major" if self.direction else self.bump,
            hint=self._hint(against),
        )

    def _text(self, against: str) -> str:
        is_said = bool(self.direction) or self.level is None
        return self.what + (CONSEQUENCE[self.direction].format(against) if is_said else ".")

    def _hint(self, against: str) -> str:
        if self.direction:
            return f"{self.hint}, or publish {next_major(against)}."
        return f"{self.advice}." if self.advice else ""


def _path(node: Node | None, name: str, word: str) -> str:
    """Return the pointer to what changed on one side, or to what is around it."""
    if node is None or node.is_foreign:
        return node.pointer if node else ""
    if name and name in node.schema.get("properties", {}):
        return f"{node.pointer}/properties/{escaped(name)}"
    return f"{node.pointer}/{word}" if word.partition("/")[0] in node.schema else node.pointer


def next_major(version: str) -> str:
    """Return the first version of the next major; the text itself when it is no version."""
    major = version.partition(".")[0]
    return f"{int(major) + 1}.0.0" if major.isascii() and major.isdecimal() else version


def harmless(found: Finding, *, is_proved: bool = True) -> Finding:
    """Return a change that breaks nobody: all was proved, or nothing failed at its place."""
    end = HARMLESS if is_proved else UNTOUCHED
    return replace(
        found,
        text=what(found) + end.format(found.against),
        level="note",
        bump="minor" if found.code.startswith(SHAPES) else "patch",
        hint="",
    )


def not_proven(found: Finding) -> Finding:
    """Return a change of which nobody knows whether it breaks a client."""
    return replace(
        found,
        code="not-proven",
        text=what(found) + NOT_PROVEN[found.direction].format(found.against),
        level="error",
        bump="major",
        hint=f"Write it more simply, publish {next_major(found.against)},"
        " or have it waived with a reason.",
    )


def turned(found: Finding, direction: Direction) -> Finding:
    """Return a change as one that breaks a direction after all."""
    return replace(
        found,
        text=what(found) + CONSEQUENCE[direction].format(found.against),
        level="error",
        direction=direction,
        bump="major",
        hint=f"Leave it as it was, or publish {next_major(found.against)}.",
    )


def softened(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with warnings for what a major version may break."""
    return [replace(each, level="warning") if _may_break(each) else each for each in findings]


def listed(values: list[str]) -> str:
    """Return values in one line, as a sentence writes them."""
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} and {values[-1]}"


def what(found: Finding) -> str:
    """Return what changed, without for whom it matters."""
    return found.text.rpartition("; ")[0] or found.text.rstrip(".")


def _may_break(found: Finding) -> bool:
    return found.level == "error" and found.bump == "major" and found.code not in STORED
