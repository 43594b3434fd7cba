"""Referrals from the workforce agency to adult education, moved by the pure rules."""

from app.rules.workflow import Actor, Move
from app.rules.workflows import workflow
from builders import an_example
from rule_facts import NOW, RuleFacts

WHO = "ParticipantProfile/01920000-0000-7000-8000-000000000001"
OTHER = "ParticipantProfile/01920000-0000-7000-8000-000000000002"
SOURCE = Actor("Partner/mdes-mississippi-works", "Agency/mdes")
TARGET = Actor("Partner/mccb-adult-education", "Agency/mccb")
STRANGER = Actor("Partner/mdhs-eligibility", "Agency/mdhs")
STAFF = Actor()
SET_BY_HUB = ("dueDates", "statusHistory")
RULES = workflow("Referral")
AUTHORED = "2026-02-02T15:00:00Z"
"""A Monday, four weeks before the rules' fixed moment."""


def ref(name):
    return {"reference": name}


def a_referral(**changes):
    """Return what a client sends to refer somebody to adult education."""
    body = an_example("Referral") | {
        "participant": ref(WHO),
        "targetAgency": ref("Agency/mccb"),
        "targetPrograms": [ref("Program/title2-aefla")],
        "authoredOn": AUTHORED,
        **changes,
    }
    return {name: value for name, value in body.items() if name not in SET_BY_HUB}


def an_enrollment(**changes):
    """Return an enrollment that proves that adult education served the person."""
    return {
        "resourceType": "ParticipantServiceEnrollment",
        "id": "e1",
        "participant": ref(WHO),
        "program": ref("Program/title2-aefla"),
        "partner": ref("Partner/mccb-adult-education"),
        "status": "enrolled",
        "enrollmentDate": "2026-02-02",
        **changes,
    }


PROOF = {
    "served": {"outcome": "served", "resultEnrollment": ref("ParticipantServiceEnrollment/e1")},
    "no-show": {
        "outcome": "no-show",
        "appointments": [{"start": "2026-02-10T15:00:00Z", "status": "missed"}],
    },
    "declined": {"outcome": "declined", "offerDate": "2026-02-10"},
    "ineligible": {"outcome": "ineligible", "eligibilityReason": "Enrolled in high school."},
}
"""What a move to closed brings along, by outcome."""
REASON = {
    "rejected": {"statusReason": "wrong-agency"},
    "cancelled": {"statusReason": "participant-withdrew"},
    "on-hold": {"statusReason": "participant-asked-to-wait"},
}


def proved(status):
    """Return what a move to a status brings along, by default."""
    return {
        "status": status,
        **REASON.get(status, {}),
        **(PROOF["ineligible"] if status == "closed" else {}),
    }


class Course:
    """One referral on its way by the rules alone."""

    def __init__(self, *rows, body=None, actor=SOURCE, now=NOW):
        self.facts = RuleFacts(*rows, now=now)
        self.body, self.faults = None, []
        self.write(a_referral() if body is None else body, actor)

    def go(self, actor, *statuses):
        """Move from status to status, each with what it takes; all must be legal."""
        for status in statuses:
            assert self.change(actor, **proved(status)) == [], status
        return self

    def change(self, actor, **changes):
        """Merge changes into what the client reads; return the details of the faults."""
        body = {name: value for name, value in self.body.items() if name not in SET_BY_HUB}
        merged = {**body, **changes}
        return self.write({k: v for k, v in merged.items() if v is not None}, actor)

    def write(self, body, actor):
        """Write a body; what breaks no rule is kept. Return (pointer, detail) of the faults."""
        move = self.judge(body, actor)
        self.faults = RULES.faults(move, self.facts)
        if not self.faults:
            self.body = move.body
            self.facts.add("Referral/r1", move.body)
        return [(each.pointer, each.detail) for each in self.faults]

    def judge(self, body, actor):
        """Return the completed move."""
        move = Move("Referral/r1", self.body, body, actor)
        return Move("Referral/r1", self.body, RULES.complete(move, self.facts), actor)
