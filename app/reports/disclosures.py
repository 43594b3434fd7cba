"""The accounting of disclosures: to whom facts about a participant were given, when and why.

From the audit trail alone. 34 CFR 99.32(a)(3): the parties who received, and their legitimate
interests; 20 CFR 603.9(b); 34 CFR 361.38(e).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.model.audit.event import SUCCESS, AuditEvent
from app.model.audit.query import PATIENT
from app.model.audit.view import of_participant
from app.model.codec import Resource
from app.model.version import instant


@dataclass(frozen=True)
class Disclosure:
    """Facts about a participant that were given to a party, by one request.

    `labels` are the kinds of facts, `basis` the grounds, `resources` what they were part of, as far
    as the trail tells.
    """

    at: datetime
    event: str
    client: str | None
    partner: str | None
    agency: str | None
    staff: str | None
    interaction: str
    purpose: str | None
    basis: tuple[str, ...]
    labels: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    """The disclosures of facts about a participant; `agency` when only of those that it holds."""

    participant: str
    agency: str | None
    disclosures: list[Disclosure]


def accounting(participant: str, events: Iterable[AuditEvent]) -> list[Disclosure]:
    """Return the disclosures of facts about a participant, oldest first."""
    return sorted(_disclosures(participant, events), key=lambda each: (each.at, each.event))


def _disclosures(participant: str, events: Iterable[AuditEvent]) -> Iterator[Disclosure]:
    for each in events:
        if each.outcome == SUCCESS and each.labels and participant in each.participants:
            yield Disclosure(
                each.at,
                each.id,
                each.client,
                each.partner,
                each.agency,
                each.staff,
                each.interaction,
                each.purpose,
                each.basis,
                each.labels,
                of_participant(each, participant),
            )


def parameters(account: Account) -> Resource:
    """Return an account as FHIR Parameters, one `disclosure` for each."""
    head = [_reference("participant", f"{PATIENT}/{account.participant}")]
    if account.agency is not None:
        head.append(_reference("holder", account.agency))
    found = [{"name": "disclosure", "part": list(_parts(each))} for each in account.disclosures]
    return {"resourceType": "Parameters", "parameter": [*head, *found]}


def _parts(each: Disclosure) -> Iterator[Resource]:
    yield {"name": "at", "valueInstant": instant(each.at)}
    yield _reference("event", f"AuditEvent/{each.event}")
    for name in ("client", "staff"):
        value = getattr(each, name)
        if value:
            yield {"name": name, "valueString": value}
    for name in ("partner", "agency"):
        value = getattr(each, name)
        if value:
            yield _reference(name, value)
    yield {"name": "interaction", "valueCode": each.interaction}
    if each.purpose:
        yield {"name": "purpose", "valueCode": each.purpose}
    yield from ({"name": "basis", "valueString": basis} for basis in each.basis)
    yield from ({"name": "label", "valueCode": label} for label in each.labels)
    yield from (_reference("resource", name) for name in each.resources)


def _reference(name: str, reference: str) -> Resource:
    return {"name": name, "valueReference": {"reference": reference}}
