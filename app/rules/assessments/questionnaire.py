"""The questionnaire as published: questions, rules, cards and barriers of each version.

They are data: a further version is a further pair of documents, `isa_questionnaire…` and
`isa_rules…`, that say the same version.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.model.codec import Resource
from app.rules.reference import Reference

QUESTIONS, RULES = "isa_questionnaire", "isa_rules"
When = tuple[tuple[str, frozenset[str]], ...]
"""Elements of an assessment, each with the answers of which one must be there."""


@dataclass(frozen=True)
class Question:
    """One question; `key` is the element that holds the answer, `answers` are code and words."""

    link_id: str
    key: str
    text: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rule:
    """Which answers propose which programs of an agency, on which card.

    `unless_source` is an agency that does not propose them to those whom it assesses itself.
    """

    id: str
    when: When
    card: str
    agency: str
    programs: tuple[str, ...]
    unless_source: str | None

    def applies(self, answers: Resource, source: str | None) -> bool:
        """Whether the answers, given to a partner of the agency `source`, make the proposal."""
        is_own = self.unless_source is not None and self.unless_source == source
        return not is_own and is_met(self.when, answers)


@dataclass(frozen=True)
class Card:
    """What the person is shown of a proposal."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class Questionnaire:
    """One published version; `cards` in the order in which they are shown.

    `default` is how each card is decided before the person says otherwise.
    """

    version: str
    title: str
    preamble: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    cards: tuple[Card, ...]
    barriers: tuple[tuple[str, When], ...]
    default: str

    def unanswered(self, answers: Resource) -> list[Question]:
        """Return the questions that have no answer yet."""
        return [each for each in self.questions if each.key not in answers]

    def barriers_of(self, answers: Resource) -> list[str]:
        """Return the codes of the barriers that the answers tell of.

        They are the person's own words: PIRL 202 (disability) is never set from them.
        """
        return [barrier for barrier, when in self.barriers if is_met(when, answers)]


def is_met(when: When, answers: Resource) -> bool:
    """Whether each of the elements holds one of its answers; one without an answer never does."""
    return all(answers.get(key) in wanted for key, wanted in when)


@cache
def published(reference: Reference) -> Mapping[str, Questionnaire]:
    """Return the questionnaires by version, oldest first."""
    rules = {each["version"]: each for each in _named(reference, RULES)}
    found = (_questionnaire(each, rules[each["version"]]) for each in _named(reference, QUESTIONS))
    return {each.version: each for each in found}


def latest(reference: Reference) -> Questionnaire:
    """Return the version that was published last."""
    return list(published(reference).values())[-1]


def _named(reference: Reference, prefix: str) -> Iterator[Any]:
    return (each for name, each in sorted(reference.documents.items()) if name.startswith(prefix))


def _questionnaire(asked: Any, rules: Any) -> Questionnaire:
    questions = tuple(map(_question, asked["questions"]))
    keys = {each.link_id: each.key for each in questions}
    return Questionnaire(
        asked["version"],
        "Individual Service Assessment",
        asked["preamble"],
        questions,
        tuple(_rule(each, keys) for each in rules["rules"]),
        tuple(Card(each["proposal"], each["title"], each["text"]) for each in rules["cards"]),
        tuple((each["barrier"], _when(each["when"], keys)) for each in rules["barriers"]),
        rules["defaultDecision"],
    )


def _question(given: Any) -> Question:
    answers = tuple((each["code"], each["display"]) for each in given["answers"])
    return Question(given["linkId"], given["key"], given["text"], answers)


def _rule(given: Any, keys: Mapping[str, str]) -> Rule:
    return Rule(
        given["ruleId"],
        _when(given["when"], keys),
        given["proposal"],
        given["targetAgency"],
        tuple(given["targetPrograms"]),
        given.get("unlessSourceAgency"),
    )


def _when(given: Mapping[str, Iterable[str]], keys: Mapping[str, str]) -> When:
    return tuple((keys[link_id], frozenset(answers)) for link_id, answers in given.items())
