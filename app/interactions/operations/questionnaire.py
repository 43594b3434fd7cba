"""ParticipantServiceAssessment/$questionnaire: questions, rules and cards as published.

The questions are a FHIR Questionnaire, of which each item names by `definition` the element that
holds its answer. https://hl7.org/fhir/R4/questionnaire.html
"""

from app.interactions.operations import Answer, Call, Operation
from app.interactions.operations.parts import code, part, reference, text
from app.interactions.records import begin
from app.model.codec import Resource
from app.model.errors import NotFound
from app.model.operation import Input, Signature, parameters
from app.model.outcome import CANONICAL
from app.rules.assessments.questionnaire import (
    Card,
    Question,
    Questionnaire,
    Rule,
    When,
    latest,
    published,
)

ASSESSMENT = "ParticipantServiceAssessment"
URL = f"{CANONICAL}/questionnaires/individual-service-assessment"


def run(call: Call) -> Answer:
    """Return one version of the questionnaire, the latest unless another is asked for.

    Raises NotFound for a version that was never published.
    """
    records = begin(call.hub, call.client, "validate", ASSESSMENT)
    schema = records.decide("validate", ASSESSMENT).kind.url
    facts = call.hub.reference
    version = call.inputs.get("version", latest(facts).version)
    found = published(facts).get(version)
    if found is None:
        raise NotFound("No questionnaire was published under this version.", "version")
    return Answer(
        parameters(
            {"name": "questionnaire", "resource": _questionnaire(found, schema)},
            code("defaultDecision", found.default),
            *map(_card, found.cards),
            *map(_rule, found.rules),
            *(
                part("barrier", code("code", barrier), *_when(when))
                for barrier, when in found.barriers
            ),
        )
    )


def _questionnaire(found: Questionnaire, schema: str) -> Resource:
    return {
        "resourceType": "Questionnaire",
        "url": URL,
        "version": found.version,
        "title": found.title,
        "status": "active",
        "description": found.preamble,
        "item": [_item(each, schema) for each in found.questions],
    }


def _item(question: Question, schema: str) -> Resource:
    options = [
        {"valueCoding": {"code": answer, "display": words}} for answer, words in question.answers
    ]
    return {
        "linkId": question.link_id,
        "definition": f"{schema}#/properties/{question.key}",
        "text": question.text,
        "type": "choice",
        "required": True,
        "answerOption": options,
    }


def _card(card: Card) -> Resource:
    words = text("title", card.title), text("text", card.text)
    return part("card", code("proposal", card.name), *words)


def _rule(rule: Rule) -> Resource:
    return part(
        "rule",
        code("ruleId", rule.id),
        *_when(rule.when),
        code("proposal", rule.card),
        reference("targetAgency", rule.agency),
        *(reference("targetProgram", each) for each in rule.programs),
        *([reference("unlessSourceAgency", rule.unless_source)] if rule.unless_source else ()),
    )


def _when(when: When) -> list[Resource]:
    """Return the condition: for each element the answers of which one must be there."""
    return [
        part("when", code("element", key), *(code("answer", each) for each in sorted(answers)))
        for key, answers in when
    ]


OPERATION = Operation(
    Signature(
        ASSESSMENT,
        "questionnaire",
        "The questions of the Individual Service Assessment, its rules and its cards.",
        (Input("version", "string", "A published version; without it the latest."),),
        method="GET",
    ),
    run,
)
