"""What proves each outcome of a closed referral.

Domain section 3; the stricter default clocks of the published life cycle hold for a no-show.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from app.model.codec import Resource
from app.model.dates import parse_instant
from app.model.errors import Issue
from app.rules.business_days import business_days_after, day_of
from app.rules.issues import fault
from app.rules.referrals.parties import EVIDENCE, named, seen
from app.rules.referrals.table import METHODS, Clocks, LifeCycle
from app.rules.workflow import Facts, Move

NO_SERVICE = ("planned", "cancelled", "entered-in-error")
"""Statuses of an enrollment in which nobody was ever served."""
EVER = datetime.min.replace(tzinfo=UTC)


def faults(move: Move, facts: Facts, cycle: LifeCycle) -> list[Issue]:
    """Return what is missing to prove the outcome, whenever it or its proof changes."""
    outcome = move.body.get("outcome")
    if outcome is None or not any(map(move.changed, ("status", *EVIDENCE))):
        return []
    proof = PROOFS.get(outcome)
    unproven = proof(move.body, facts, cycle.clocks) if proof else []
    return [*_unreachable(move, cycle.outcomes[outcome]), *unproven]


def _unreachable(move: Move, starts: tuple[str, ...]) -> list[Issue]:
    """Return the fault of an outcome that the former status cannot have."""
    here = (move.former or {}).get("status")
    if not move.changed("status") or here in starts:
        return []
    states = ", ".join(starts)
    text = f"A referral ends with this outcome only from one of these statuses: {states}."
    return [fault("outcome-unreachable", text, "/outcome")]


def _served(referral: Resource, facts: Facts, _clocks: Clocks) -> list[Issue]:
    enrollment = seen(named(referral, "resultEnrollment"), facts)
    if enrollment is None:
        return []
    target, authored = named(referral, "targetAgency"), day_of(referral["authoredOn"])
    providers = {facts.agency(named(enrollment, each)) for each in ("program", "partner")}
    is_proof = {
        "The enrollment must be of the person who was referred.": (
            named(enrollment, "participant") == named(referral, "participant")
        ),
        "The enrollment must be with the target agency.": target in providers,
        "The enrollment must begin on the day of the referral or later.": (
            enrollment.get("enrollmentDate", "") >= authored.isoformat()
        ),
        "The enrollment must have begun and be valid.": (
            enrollment.get("status") not in (None, *NO_SERVICE)
        ),
    }
    return [
        fault("not-served", text, "/resultEnrollment")
        for text, holds in is_proof.items()
        if not holds
    ]


def _no_show(referral: Resource, facts: Facts, clocks: Clocks) -> list[Issue]:
    since = max(_last_answer(referral), parse_instant(referral["authoredOn"]))
    if any(since < at <= facts.now for at in _times(referral, "appointments", "missed")):
        return []
    tries = [
        (day_of(each["at"]), each["method"])
        for each in referral.get("contactAttempts", ())
        if since <= parse_instant(each["at"]) <= facts.now and each["result"] != "reached"
    ]
    if _is_enough(tries, clocks):
        return []
    text = (
        "A no-show needs a missed appointment that was not made good, or since the person last "
        f"answered {clocks.attempts} attempts in {METHODS} ways over {clocks.span} business days."
    )
    return [fault("no-show-unproven", text, "/contactAttempts")]


def _is_enough(tries: list[tuple[date, str]], clocks: Clocks) -> bool:
    """Whether attempts suffice; the last is the business days of the span after the first."""
    days = [day for day, _ in tries]
    methods = {method for _, method in tries}
    return (
        len(tries) >= clocks.attempts
        and len(methods) >= METHODS
        and business_days_after(min(days), clocks.span) <= max(days)
    )


def _last_answer(referral: Resource) -> datetime:
    """Return when the person was last reached or kept an appointment."""
    reached = _times(referral, "contactAttempts", "reached")
    return max([*reached, *_times(referral, "appointments", "kept")], default=EVER)


def _times(referral: Resource, name: str, word: str) -> list[datetime]:
    when, what = ("at", "result") if name == "contactAttempts" else ("start", "status")
    return [parse_instant(each[when]) for each in referral.get(name, ()) if each[what] == word]


def _declined(referral: Resource, facts: Facts, _clocks: Clocks) -> list[Issue]:
    first, last = day_of(referral["authoredOn"]), day_of(facts.now)
    if first.isoformat() <= referral.get("offerDate", "") <= last.isoformat():
        return []
    text = "Services were offered on the day of the referral or later, and not in the future."
    return [fault("not-offered", text, "/offerDate")]


PROOFS: Mapping[str, Callable[[Resource, Facts, Clocks], list[Issue]]] = {
    "served": _served,
    "no-show": _no_show,
    "declined": _declined,
}
"""Outcome → what its proof lacks; the schema alone asks for the reason of `ineligible`."""
