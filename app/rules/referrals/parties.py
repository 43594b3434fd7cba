"""Who may do what with a referral: the source asks and calls off, the target serves and proves."""

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.issues import fault
from app.rules.referrals.table import SOURCE, TARGET, LifeCycle
from app.rules.workflow import Facts, Move

EVIDENCE = (
    "contactAttempts",
    "appointments",
    "offerDate",
    "outcome",
    "eligibilityReason",
    "resultEnrollment",
)
"""What only the target knows and says."""
ONLY = {**dict.fromkeys(EVIDENCE, TARGET), "followUpReason": SOURCE}
"""Element → the only role that writes it."""


def named(referral: Resource, name: str) -> str | None:
    """Return the reference of an element, `Type/id`, None when it is absent."""
    found: str | None = referral.get(name, {}).get("reference")
    return found


def programs(referral: Resource) -> list[str]:
    """Return references to the programs to which somebody is referred."""
    return [each["reference"] for each in referral.get("targetPrograms", ())]


def seen(reference: str | None, facts: Facts) -> Resource | None:
    """Return what the actor sees of what a reference names, None for nothing.

    That such a reference leads nowhere is said where all references are checked.
    """
    return facts.seen(reference)


def roles(move: Move, facts: Facts) -> frozenset[str]:
    """Return the roles of the actor's agency; the state's staff has both, an agency may too."""
    agency = move.actor.agency
    if agency is None:
        return frozenset({SOURCE, TARGET})
    referral = move.former or move.body
    ends = {
        SOURCE: (named(referral, "sourceAgency"), facts.agency(named(referral, "sourcePartner"))),
        TARGET: (named(referral, "targetAgency"), facts.agency(named(referral, "targetPartner"))),
    }
    return frozenset(role for role, agencies in ends.items() if agency in agencies)


def wrong_actor(move: Move, facts: Facts, cycle: LifeCycle) -> list[Issue]:
    """Return the fault of a move that is the other agency's to make, with those the actor has."""
    former = move.former or {}
    here, there = former.get("status", ""), move.body["status"]
    role = cycle.actors.get((here, there))
    mine = roles(move, facts)
    if role is None or role in mine:
        return []
    text = f"This move is for the {role} of the referral to make."
    allowed = cycle.moves(here, mine)
    return [fault("wrong-actor", text, "/status", allowed)]


def foreign_elements(move: Move, facts: Facts) -> list[Issue]:
    """Return a fault for each element that the actor changes and only the other side writes."""
    mine = roles(move, facts)
    return [
        fault("wrong-actor", f"Only the {role} of the referral writes this.", f"/{name}")
        for name, role in ONLY.items()
        if role not in mine and move.changed(name)
    ]
