"""What a credential that a person attained must agree with: its lookup row, its days, its renewal.

PIRL 1800 to 1805.
"""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.business_days import day_of
from app.rules.issues import fault, warning
from app.rules.persons import same_person
from app.rules.plans import links
from app.rules.workflow import Facts, Move, Workflow


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return how a credential contradicts its lookup row, the calendar or its enrollment."""
    today = day_of(facts.now).isoformat()
    return [
        *_of_type(move.body, facts),
        *_of_days(move.body, today),
        *_of_renewal(move),
        *same_person.faults(move, facts, "enrollment"),
    ]


def warnings(move: Move, facts: Facts) -> list[Issue]:
    """Return what is missing of a credential that must be renewed."""
    months = _lookup(move.body, facts).get("renewalMonths")
    if months is None or "expiresOn" in move.body:
        return []
    text = f"This credential is renewed every {months} months; say on which day it expires."
    return [warning("renewal", text, "/expiresOn")]


def _of_type(body: Resource, facts: Facts) -> Iterator[Issue]:
    wanted = _lookup(body, facts).get("pirlCredentialType")
    if wanted is not None and body["credentialType"] != wanted:
        text = "The type must be that of the credential referred to."
        yield fault("credential-type", text, "/credentialType", [wanted])


def _of_days(body: Resource, today: str) -> Iterator[Issue]:
    expires = body.get("expiresOn", "9999-12-31")
    if body["attainedOn"] > today:
        yield fault("in-future", "It was attained on a day that has come.", "/attainedOn")
    if expires <= body["attainedOn"]:
        yield fault("date-order", "It expires after it was attained.", "/expiresOn")
    if body["status"] == "expired" and expires >= today:
        yield fault("not-expired", "It is valid to the end of this day.", "/expiresOn")


def _of_renewal(move: Move) -> Iterator[Issue]:
    """Yield a fault when what expired is valid again without a later day of expiry."""
    former, body = move.former or {}, move.body
    is_renewed = former.get("status") == "expired" and body["status"] == "earned"
    if is_renewed and body.get("expiresOn", "9999-12-31") <= former["expiresOn"]:
        yield fault("not-renewed", "What is renewed expires on a later day.", "/expiresOn")


def _lookup(body: Resource, facts: Facts) -> Resource:
    return facts.row(body["credential"]["reference"]) or {}


WORKFLOW = Workflow(faults=faults, warnings=warnings, effects=links.after_credential)
