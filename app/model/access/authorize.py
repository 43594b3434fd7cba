"""Whether a client may do something with a type: the one place where that is decided.

allow = token scope ∩ client policy ∩ onboarding level ∩ ownership ∩ data-sharing agreement ∩
consent of the participant; the last three are judged row by row, by the Decision.
"""

from app.model.access.client import ANY, LETTER, Client
from app.model.access.decision import Decision
from app.model.access.policy import Party, Policy
from app.model.errors import Forbidden, LevelMissing
from app.model.resource_type import ResourceType

WRITES = "cud"
FINISHED = "Referral"
"""The type whose open rows may be finished for a while after a certificate ended."""
MOST_OPEN = 10
"""Ids of open requirements that a refusal names."""


def authorize(
    client: Client, interaction: str, kind: ResourceType, purpose: str | None, policy: Policy
) -> Decision:
    """Return what the client may do; raise Forbidden or LevelMissing when it is nothing.

    The rows that the decision lets the client see are for `Decision.sight` to say.
    """
    if not client.may(interaction, kind.name):
        raise Forbidden(
            f"No scope of this token allows {interaction} on {kind.name}; "
            f"it takes system/{kind.name}.{LETTER[interaction]}."
        )
    decision = standing(client, interaction, kind, purpose, policy)
    if LETTER[interaction] in WRITES and not client.is_staff:
        if kind.is_lookup:
            raise Forbidden(f"Only state staff write a {kind.name}; it takes the scope hub/staff.")
        party = _party(client, policy)
        if party.level < kind.level and not _finishes(interaction, kind, party):
            raise _level_missing(client, party, kind)
    return decision


def standing(
    client: Client, interaction: str, kind: ResourceType, purpose: str | None, policy: Policy
) -> Decision:
    """Return what the client may see of a type whatever its scopes; raise Forbidden for nothing.

    This is what a reference to a row is checked by, as it takes no right to read the row.
    """
    if client.is_staff or kind.is_lookup:
        return Decision(client, interaction, kind, policy, purpose, None)
    party = _party(client, policy)
    if purpose is None:
        raise Forbidden("Say why you ask: send the header Purpose-Of-Use.", "Purpose-Of-Use")
    decision = Decision(client, interaction, kind, policy, purpose, party.agency)
    if kind.is_shared and not decision.agreements:
        raise Forbidden(
            f"No data-sharing agreement in force lets your agency have a {kind.name} "
            "for this purpose of use."
        )
    return decision


def authorize_system(client: Client, interaction: str) -> None:
    """Raise Forbidden unless a wildcard scope allows an interaction on all types at once."""
    if not client.may(interaction, ANY):
        letter = LETTER[interaction]
        raise Forbidden(f"No scope of this token allows {interaction}; it takes system/*.{letter}.")


def _party(client: Client, policy: Policy) -> Party:
    party = policy.parties.get(client.partner or "")
    if party is None:
        raise Forbidden("This client acts for no registered partner; it may read lookups only.")
    if not party.is_admitted:
        raise Forbidden("The partner of this client is suspended or inactive.")
    return party


def _finishes(interaction: str, kind: ResourceType, party: Party) -> bool:
    is_update = LETTER[interaction] == LETTER["update"]
    return is_update and kind.name == FINISHED and party.finishing >= kind.level


def _level_missing(client: Client, party: Party, kind: ResourceType) -> LevelMissing:
    return LevelMissing(
        f"{client.partner} may write up to onboarding level {party.level}; writing a {kind.name} "
        f"takes level {kind.level}. {_still_open(party, kind.level)} "
        f"Run: wioa-conformance run L{kind.level} --certify"
    )


def _still_open(party: Party, level: int) -> str:
    runs = [each for each in party.tried if each.level >= level]
    if not runs:
        return f"No run of level {level} was judged yet."
    run = max(runs, key=lambda each: each.at)
    if not run.open:
        why = "was practice" if run.is_practice else "holds no more"
        return f"Run {run.run} left nothing open, but {why}."
    more = ", …" if len(run.open) > MOST_OPEN else ""
    return f"Run {run.run} left open {', '.join(run.open[:MOST_OPEN])}{more}."
