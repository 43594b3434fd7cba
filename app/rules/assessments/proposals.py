"""What answers propose: cards, each to one agency, but for what is open already.

No wrong door: whoever asks the six questions, the right agencies are proposed.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.model.codec import Resource
from app.rules.assessments.questionnaire import Card, Questionnaire, Rule
from app.rules.guarded import is_told
from app.rules.workflow import Actor, Facts

ENROLLED = "enrolled"


@dataclass(frozen=True)
class Proposal:
    """One card with the agency and the programs that it would refer to, and the rules' ids."""

    card: Card
    agency: str
    programs: tuple[str, ...]
    rule_ids: tuple[str, ...]

    @property
    def element(self) -> Resource:
        """What an entry of `proposals` says of it, decisions aside."""
        return {
            "proposal": self.card.name,
            "targetAgency": {"reference": self.agency},
            "targetPrograms": [{"reference": each} for each in self.programs],
            "ruleIds": [*self.rule_ids],
        }


def proposed(
    questionnaire: Questionnaire,
    answers: Resource,
    source: str | None,
    already: Collection[str] = (),
) -> list[Proposal]:
    """Return the proposals in the order of the cards.

    `source` is the agency whose partner asked; programs of `already` are left out. A question
    without an answer proposes nothing.
    """
    rules = [each for each in questionnaire.rules if each.applies(answers, source)]
    found = (_proposal(card, rules, already) for card in questionnaire.cards)
    return [each for each in found if each]


def open_programs(participant: str | None, actor: Actor, facts: Facts) -> frozenset[str]:
    """Return the programs in which the person is enrolled or to which a referral is open.

    Of rows that a law keeps from the actor (34 CFR 361.38) only those that its agency has a part
    in count: a proposal that is left out must not tell of others.
    """
    return frozenset(
        program
        for row, programs in _engagements(participant, facts)
        if is_told(row, actor, facts)
        for program in programs
    )


def _proposal(card: Card, rules: list[Rule], already: Collection[str]) -> Proposal | None:
    own = [each for each in rules if each.card == card.name and set(each.programs) - set(already)]
    if not own:
        return None
    programs = {name for each in own for name in each.programs} - set(already)
    rule_ids = tuple(each.id for each in own)
    return Proposal(card, own[0].agency, tuple(sorted(programs)), rule_ids)


def _engagements(participant: str | None, facts: Facts) -> Iterator[tuple[Resource, list[str]]]:
    """Yield each open referral and active enrollment with its programs."""
    states = facts.reference.documents["referral_lifecycle"]["states"]
    is_open = {each["code"] for each in states if each["open"]}
    for each in facts.about("Referral", participant):
        if each["status"] in is_open:
            yield each, [program["reference"] for program in each["targetPrograms"]]
    for each in facts.about("ParticipantServiceEnrollment", participant):
        if each["status"] == ENROLLED:
            yield each, [each["program"]["reference"]]
