"""The life cycle of a referral: what the hub fills in, and what it refuses.

Domain section 3; the table of moves is published as `referral_lifecycle.json`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from app.model.codec import Resource
from app.model.dates import parse_instant
from app.model.errors import Issue
from app.model.version import instant
from app.rules.business_days import day_of
from app.rules.clock import is_future
from app.rules.issues import fault
from app.rules.plans import links, plan_item
from app.rules.referrals import opening, outcome
from app.rules.referrals.dates import due_dates, overdue, review_by
from app.rules.referrals.parties import foreign_elements, named, wrong_actor
from app.rules.referrals.table import REASONS, life_cycle
from app.rules.workflow import Effect, Facts, Move, Workflow

CLOSED, ON_HOLD, REJECTED = "closed", "on-hold", "rejected"


def complete(move: Move, facts: Facts) -> Resource:
    """Return a referral with its deadlines, its history and what it still waits for."""
    body = dict(move.body)
    if move.former is None:
        _begin(body, move, facts)
    elif move.changed("status"):
        _go_on(body, move.former, move, facts)
    else:
        _stay(body, move.former)
    _mark(body, move.former or {}, facts)
    return body


def _begin(body: Resource, move: Move, facts: Facts) -> None:
    at = body["authoredOn"]
    body.setdefault("movedOn", at)
    body["dueDates"] = due_dates(at, life_cycle(facts.reference).clocks)
    body["statusHistory"] = [_entry(body, move, at)]


def _go_on(body: Resource, former: Resource, move: Move, facts: Facts) -> None:
    at = _said(move) or _now(former, facts)
    body["movedOn"] = at
    if body["status"] == CLOSED:
        body.setdefault("closedOn", at)
    if body["status"] not in REASONS and not move.changed("statusReason"):
        body.pop("statusReason", None)
    is_held = body["status"] == ON_HOLD
    clocks = life_cycle(facts.reference).clocks
    _put(body, "reviewBy", review_by(at, clocks) if is_held else None)
    body["dueDates"] = former["dueDates"]
    entry = {"from": former["status"], **_entry(body, move, at)}
    body["statusHistory"] = [*former["statusHistory"], entry]


def _stay(body: Resource, former: Resource) -> None:
    for name in ("dueDates", "statusHistory"):
        body[name] = former[name]
    for name in ("movedOn", "closedOn", "reviewBy"):
        if name in former:
            body.setdefault(name, former[name])


def _mark(body: Resource, former: Resource, facts: Facts) -> None:
    """Keep of what was past due what still is, and say whether a new referral is awaited."""
    late = overdue(body, day_of(facts.now))
    _put(body, "overdue", [each for each in former.get("overdue", ()) if each in late])
    _put(body, "followUp", _follow_up(body, former) if body["status"] == REJECTED else None)


def _follow_up(body: Resource, former: Resource) -> str:
    if "made" in (body.get("followUp"), former.get("followUp")):
        return "made"
    is_waived = "followUpReason" in body or body.get("statusReason") == "duplicate"
    return "waived" if is_waived else "awaited"


def _put(body: Resource, name: str, value: Any) -> None:
    """Set an element, or remove it when there is nothing to say."""
    if value:
        body[name] = value
    else:
        body.pop(name, None)


def _entry(body: Resource, move: Move, at: str) -> Resource:
    entry = {"to": body["status"], "at": at}
    if move.actor.partner:
        entry["actorPartner"] = {"reference": move.actor.partner}
    if body["status"] in REASONS and "statusReason" in body:
        entry["reason"] = body["statusReason"]
    return entry


def _said(move: Move) -> str | None:
    """Return when the move happened as the client says, None when it does not say."""
    told = [move.body.get(each) for each in ("movedOn", "closedOn") if move.changed(each)]
    return next(filter(None, told), None)


def _now(former: Resource, facts: Facts) -> str:
    """Return the hub's own time, but not one before the previous move."""
    return instant(max(facts.now, parse_instant(former["statusHistory"][-1]["at"])))


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return every rule that a referral breaks as it is made, moved or corrected."""
    cycle = life_cycle(facts.reference)
    moved = wrong_actor(move, facts, cycle) if move.former else []
    opened = [] if move.former else opening.faults(move, facts)
    return [
        *moved,
        *foreign_elements(move, facts),
        *(opening.unfixed(move) if move.former else opened),
        *opening.target_partner(move, facts),
        *plan_item.faults(move, facts),
        *_reason(move),
        *_moments(move, facts),
        *_ended(move),
        *outcome.faults(move, facts, cycle),
    ]


def _reason(move: Move) -> Iterator[Issue]:
    """Yield the fault of a reason that does not fit the move, or comes without one."""
    reason, fitting = move.body.get("statusReason"), REASONS.get(move.body["status"], ())
    if not move.changed("status"):
        if move.changed("statusReason"):
            text = "The reason of a status is given with the move to it."
            yield fault("reason-without-move", text, "/statusReason")
    elif reason is not None and reason not in fitting:
        text = "This reason does not fit the move." if fitting else "This move takes no reason."
        yield fault("wrong-reason", text, "/statusReason", fitting)
    if "followUpReason" in move.body and move.body["status"] != REJECTED:
        text = "Only a rejected referral says why no new one follows it."
        yield fault("not-rejected", text, "/followUpReason")


def _moments(move: Move, facts: Facts) -> Iterator[Issue]:
    """Yield a fault for a move that is said to have happened before the last one or later on."""
    body, history = move.body, move.body["statusHistory"]
    at = history[-1]["at"]
    moment = parse_instant(at)
    if move.former and not move.changed("status"):
        for name in ("movedOn", "closedOn"):
            if move.changed(name):
                yield fault("immutable", "When a move happened is said with it.", f"/{name}")
        return
    before = parse_instant(history[-2]["at"] if move.former else body["authoredOn"])
    if moment < before or (moment > before and is_future(at, facts.now)):
        text = "A move happens after the one before it and not in the future."
        yield fault("wrong-moment", text, "/movedOn")
    for name in ("movedOn", "closedOn"):
        if name in body and parse_instant(body[name]) != moment:
            yield fault("wrong-moment", "This is not the moment of the move.", f"/{name}")


def _ended(move: Move) -> Iterator[Issue]:
    """Yield the fault of an outcome that changes after the end."""
    if move.former and not move.changed("status") and move.changed("outcome"):
        yield fault("immutable", "An outcome stays as it was closed.", "/outcome")


def effects(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return the rejected referral that a new one follows, and the plan with its item."""
    return [*_followed(move, facts), *links.after_referral(move, facts)]


def _followed(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return the rejected referral that a new one follows, no longer waiting for it."""
    before = named(move.body, "priorReferral")
    prior = facts.row(before) if move.former is None else None
    if before is None or prior is None or prior.get("followUp") != "awaited":
        return ()
    return [Effect(before, {**prior, "followUp": "made"})]


WORKFLOW = Workflow(complete, faults, effects=effects, alone=opening.alone)
