"""Referral/$worklist: the referrals on which the asking agency, or the other end, must still act.

Sorted by the day on which they must be closed, so that what is past due comes first. What is past
due is on the worklists of both agencies (domain section 3).
"""

from dataclasses import replace

from app.interactions.operations import Answer, Call, Operation
from app.interactions.records import Records, begin
from app.interactions.search import asked, page
from app.model import bundle
from app.model.clause import ENDS, Clause, Reached
from app.model.errors import Forbidden
from app.model.operation import Input, Signature
from app.model.query import CURSOR, Pairs
from app.rules.referrals.table import SOURCE, TARGET, life_cycle

KIND, PATH = "Referral", "Referral/$worklist"
ELEMENT = {SOURCE: "source-agency", TARGET: "target-agency"}
"""Role → the search parameter that names the agency in it."""


def run(call: Call) -> Answer:
    """Return a page of the worklist of the client's agency; staff sees that of all agencies.

    Raises BadParameter, and Forbidden for a client of no agency.
    """
    records = begin(call.hub, call.client, "search-type", KIND)
    decision = records.decide("search-type", KIND)
    role = call.inputs.get("role", TARGET)
    counted = [(name, str(call.inputs[name])) for name in ("_count",) if name in call.inputs]
    query = asked(records, KIND, [*_conditions(records, role), *counted])
    if not decision.is_open:
        # Without it an agency that has no referrals yet would be refused as one that guesses.
        query = query.within(Clause(ENDS, Reached(tuple(sorted(decision.own_names)))))
    shown = (("role", role), ("_count", str(query.count)))
    cursor = [(CURSOR, call.inputs[CURSOR])] if CURSOR in call.inputs else []
    found = page(records, replace(query, pairs=shown), cursor, PATH)
    return Answer(bundle.searchset(call.base, found))


def _conditions(records: Records, role: str) -> Pairs:
    """Return the search of a worklist; the source also looks after what was rejected."""
    states = life_cycle(records.hub.reference).open
    agency = _agency(records)
    whose = [(ELEMENT[role], agency)] if agency else []
    if role == TARGET:
        return [("_sort", "close-by"), ("status", ",".join(states)), *whose]
    settled = ("follow-up:not", "made,waived")
    return [("_sort", "close-by"), ("status", ",".join((*states, "rejected"))), settled, *whose]


def _agency(records: Records) -> str | None:
    """Return the agency of the client; None for staff, which looks at those of all."""
    party = records.policy.parties.get(records.client.partner or "")
    if party is None and not records.client.is_staff:
        raise Forbidden("Only the system of a partner has a worklist.")
    return party.agency if party else None


OPERATION = Operation(
    Signature(
        KIND,
        "worklist",
        "The open referrals of the asking agency, those to be closed soonest first.",
        (
            Input(
                "role",
                "code",
                "Whether the agency referred or was asked; `target` when absent.",
                codes=(SOURCE, TARGET),
            ),
            Input("_count", "integer", "Most referrals on one page.", least=1),
            Input(CURSOR, "string", "Where the page before ended; follow its next link."),
        ),
        method="GET",
        answers="Bundle",
    ),
    run,
)
