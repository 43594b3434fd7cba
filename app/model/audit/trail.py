"""What one request did, gathered while it runs, so that its audit can be exact.

Acts become `AuditEvent`s: those of a write in the write's own commit, all others before the answer
leaves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.model.audit.event import SUCCESS, AuditEvent


@dataclass
class Act:
    """One interaction of a request, as far as it has come; `status` is that of HTTP."""

    interaction: str
    type: str | None
    outcome: str = SUCCESS
    status: int = 0
    query: str | None = None
    resources: dict[str, None] = field(default_factory=dict)
    whose: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Resource → the participant it is about and the agencies that hold it; empty for none."""
    participants: set[str] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    basis: set[str] = field(default_factory=set)

    def reset(self) -> None:
        """Forget what was seen: the interaction begins again."""
        self.whose.clear()
        for each in (self.resources, self.participants, self.owners, self.labels, self.basis):
            each.clear()

    @property
    def holdings(self) -> list[tuple[str, str]]:
        """Whose each resource is, in turn; empty when none is anybody's."""
        found = [self.whose.get(each, ("", "")) for each in self.resources]
        return found if any(map(any, found)) else []


@dataclass
class Trail:
    """The acts of one request that no audit row tells yet, and what they have in common."""

    request: str = ""
    client: str | None = None
    partner: str | None = None
    agency: str | None = None
    staff: str | None = None
    purpose: str | None = None
    method: str | None = None
    route: str | None = None
    acts: list[Act] = field(default_factory=list)

    def begin(self, interaction: str, kind: str | None) -> Act:
        """Return the act of an interaction that begins."""
        self.acts.append(Act(interaction, kind))
        return self.acts[-1]

    def refuse(self, outcome: str, status: int = 0) -> None:
        """Say that the act under way was refused: nothing of it was disclosed."""
        last = self.acts.pop() if self.acts else Act("request", None)
        self.acts.append(Act(last.interaction, last.type, outcome, status, last.query))

    def refuse_since(self, before: int, interaction: str, outcome: str) -> None:
        """Say that one of several interactions was refused; `before` it there were so many acts."""
        if len(self.acts) <= before:
            self.begin(interaction, None)
        self.refuse(outcome)

    def collapse(self, interaction: str) -> None:
        """Make one act of all: they were refused together, and none of them happened."""
        self.acts[:] = [Act(interaction, None)]

    def events(
        self, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> tuple[AuditEvent, ...]:
        """Return the acts as rows of the audit; `settle` once they are stored."""
        return tuple(self._event(each, now(), new_id()) for each in self.acts)

    def settle(self) -> None:
        """Forget the acts, as they are stored."""
        self.acts.clear()

    def _event(self, act: Act, at: datetime, id: str) -> AuditEvent:
        return AuditEvent(
            id=id,
            at=at,
            request=self.request,
            client=self.client,
            partner=self.partner,
            agency=self.agency,
            staff=self.staff,
            purpose=self.purpose,
            method=self.method,
            route=self.route,
            interaction=act.interaction,
            type=act.type,
            resources=tuple(act.resources),
            about=tuple(each for each, _ in act.holdings),
            held_by=tuple(each for _, each in act.holdings),
            participants=_sorted(act.participants),
            owners=_sorted(act.owners),
            labels=_sorted(act.labels),
            basis=_sorted(act.basis),
            outcome=act.outcome,
            query=act.query,
            status=act.status,
        )


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(values))
