"""Who may write which row: its owner, those who have a part in it, or every partner.

A type's `x-owner` names the owner first and then the other ends; a shared type names its writer.
"""

from app.model.access.decision import Decision
from app.model.access.redaction import hidden_paths
from app.model.access.regime import WAGES
from app.model.codec import Resource
from app.model.element import values
from app.model.errors import Forbidden
from app.model.version import Version


def refuse_foreign(decision: Decision, former: Version | None, body: Resource | None) -> None:
    """Raise Forbidden when a write is not the client's to do; no `body` means a deletion.

    A new row is its writer's. A change is for whoever has a part in the row and leaves its owner
    as it is; a deletion is for the owner.
    """
    kind = decision.kind
    if decision.is_open or not kind.owners:
        return
    owner = kind.owners[0]
    if kind.is_shared:
        if body is not None:
            _refuse_other(decision, owner, body)
    elif former is None:
        _refuse_other(decision, owner, body or {})
        _refuse_wages(decision, body or {})
    elif body is None:
        _refuse_other(decision, owner, former.resource)
    else:
        _refuse_outsider(decision, former)
        if _named(body, owner) != _named(former.resource, owner):
            raise Forbidden("The owner of a row stays its owner.", f"/{owner}/reference")
        _refuse_release(decision, former, body)


def _refuse_release(decision: Decision, former: Version, body: Resource) -> None:
    """Refuse a change that would take a row out of the protection of another agency."""
    before, after = decision.kind.marks(former.resource).ends, decision.kind.marks(body).ends
    guards = decision.policy.guarding(before) - {decision.agency}
    if guards and set(before) != set(after):
        raise Forbidden("Who has a part in this row is not for this client to change.")


def _refuse_outsider(decision: Decision, former: Version) -> None:
    mine = {decision.client.partner, decision.agency}
    named = (_named(former.resource, name) for name in decision.kind.owners)
    if not mine.intersection(named):
        raise Forbidden(f"This {decision.kind.name} is for those to change who have a part in it.")


def _refuse_wages(decision: Decision, body: Resource) -> None:
    """Refuse what wage records say in a new row, without the right to it (20 CFR 603.9)."""
    if WAGES not in decision.withheld:
        return
    for path in hidden_paths(decision.kind, frozenset({WAGES})):
        for _, _, pointer in values(body, path):
            raise Forbidden("What wage records say is for the wage match to write.", pointer)


def _refuse_other(decision: Decision, owner: str, resource: Resource) -> None:
    if _named(resource, owner) != decision.client.partner:
        text = f"The element {owner} must name the partner of this client."
        raise Forbidden(text, f"/{owner}/reference")


def _named(resource: Resource, name: str) -> str | None:
    value = resource.get(name)
    found = value.get("reference") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
