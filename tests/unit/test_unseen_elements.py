"""What a rule refuses tells nothing of elements that the actor does not see of another record.

An agreement about operations alone shows rows without whom they are about (20 CFR 603.9).
"""

import pytest

from rule_facts import RuleFacts
from rule_rows import a_credential, a_score, an_enrollment, at, faults

ELSE = at("ParticipantProfile/p2")
NOT_OURS = {"partner": at("Partner/mccb-adult-education")}


class Partly(RuleFacts):
    """Rows of other agencies are seen without these elements."""

    hidden = frozenset({"participant", "administeredOn", "functionalArea", "score"})

    def seen(self, reference):
        row = self.row(reference)
        return row and {name: value for name, value in row.items() if name not in self.hidden}


def told(body, other, facts):
    return [detail for _, detail in faults(body, facts(other))]


@pytest.mark.parametrize(("facts", "expected"), [
    (RuleFacts, ["other-participant"]), (Partly, []),
])  # fmt: skip
def test_whom_an_enrollment_is_about_is_told_to_those_only_who_see_it(facts, expected):
    other = an_enrollment("e9", participant=ELSE, **NOT_OURS)

    credential = a_credential(enrollment=at("ParticipantServiceEnrollment/e9"))

    assert told(credential, other, facts) == expected


@pytest.mark.parametrize("changes", [
    {"participant": ELSE}, {"administeredOn": "2026-02-20"}, {"functionalArea": "mathematics"},
])  # fmt: skip
def test_a_score_is_compared_by_what_is_seen_of_the_other_only(changes):
    body = a_score(
        testType="post", administeredOn="2026-02-10", comparedWith=at("ParticipantScore/s9")
    )
    other = a_score("s9", **changes)

    assert told(body, other, RuleFacts)
    assert told(body, other, Partly) == []
