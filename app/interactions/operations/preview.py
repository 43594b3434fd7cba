"""ParticipantServiceAssessment/$preview: what answers would propose; nothing is stored.

The second screen of the Individual Service Assessment: cards with their published words, what is
open already, answers in doubt. The assessment may be in progress; a question without an answer
gives no card.
"""

from collections.abc import Iterator

from app.interactions.contracts import given
from app.interactions.facts import LiveFacts
from app.interactions.judgement import BREAKS, refuse
from app.interactions.operations import Answer, Call, Operation
from app.interactions.operations.parts import code, part, reference, text
from app.interactions.records import Records, begin
from app.interactions.view import View
from app.model.access.decision import Decision
from app.model.access.ownership import refuse_foreign
from app.model.access.redaction import restore
from app.model.codec import Resource
from app.model.errors import Invalid, RuleBroken
from app.model.operation import Input, Signature, parameters
from app.model.outcome import outcome
from app.model.resource_type import PARTICIPANT
from app.model.version import Key
from app.rules.assessments.decisions import asked, offered, unpublished
from app.rules.assessments.plausibility import doubts
from app.rules.assessments.proposals import Proposal, proposed
from app.rules.assessments.questionnaire import Questionnaire
from app.rules.workflow import Facts

ASSESSMENT = "ParticipantServiceAssessment"


def run(call: Call) -> Answer:
    """Return the second screen.

    Raises Invalid for what breaks the schema, RuleBroken for a questionnaire that was never
    published, Forbidden for an assessment of another partner or an answer that the client may not
    see, NotFound for a participant or a saved assessment that it does not see, and Deleted.
    """
    records = begin(call.hub, call.client, "validate", ASSESSMENT)
    decision = records.decide("validate", ASSESSMENT)
    body = given(call.hub, call.client, ASSESSMENT, call.inputs["resource"])
    refuse(Invalid, BREAKS, decision.kind.given_faults(decision.kind.given(body)))
    refuse_foreign(decision, None, body)
    view = View(records, "read", PARTICIPANT)
    profile = view.read(Key.parse(body["participant"]["reference"])).resource
    facts = LiveFacts(records)
    whole = _whole(records, decision, body, facts)
    questionnaire = asked(body, facts)
    if questionnaire is None:
        issue = unpublished(facts)
        raise RuleBroken(issue.text, issues=[issue])
    found = offered(questionnaire, whole, facts.actor, facts)
    in_doubt = doubts(body, profile, facts.actor, facts)
    warnings = outcome(in_doubt, call.client.trail.request, ASSESSMENT)
    return Answer(
        parameters(
            {"name": "assessment", "resource": _shown(body, found)},
            *(_card(each, questionnaire) for each in found),
            *_already_open(questionnaire, whole, found, facts),
            *(code("barrier", each) for each in questionnaire.barriers_of(body)),
            *(code("unanswered", each.key) for each in questionnaire.unanswered(whole)),
            *([{"name": "warnings", "resource": warnings}] if in_doubt else ()),
        )
    )


def _whole(records: Records, decision: Decision, body: Resource, facts: LiveFacts) -> Resource:
    """Return an assessment with the answers that were saved and that the client may not see.

    They give cards when it is completed, so the person must be shown those before. Cards tell of
    answers: only who may complete it is shown them.
    """
    if "id" not in body:
        return body
    key = Key(ASSESSMENT, body["id"])
    View(records, "read", ASSESSMENT).read(key)
    former = facts.version(key)
    sight = records.sights("read", [former])[0] if former else None
    if former is None or sight is None:
        return body
    refuse_foreign(decision, former, body)
    return restore(decision.kind, former.resource, body, sight)


def _shown(body: Resource, found: list[Proposal]) -> Resource:
    """Return the assessment with its proposals, none of them decided yet."""
    rest = {name: value for name, value in body.items() if name != "proposals"}
    entries = [{**each.element, "decision": "proposed"} for each in found]
    return rest | {"proposals": entries} if entries else rest


def _card(each: Proposal, questionnaire: Questionnaire) -> Resource:
    """Return what a person is shown of a proposal; `decision` is how its box is set at first."""
    return part(
        "card",
        code("proposal", each.card.name),
        text("title", each.card.title),
        text("text", each.card.text),
        code("decision", questionnaire.default),
        reference("targetAgency", each.agency),
        *(reference("targetProgram", program) for program in each.programs),
        *(code("ruleId", rule) for rule in each.rule_ids),
    )


def _already_open(
    questionnaire: Questionnaire, body: Resource, found: list[Proposal], facts: Facts
) -> Iterator[Resource]:
    """Yield each program that the answers point to and in which the person already is."""
    left = {program for each in found for program in each.programs}
    for each in proposed(questionnaire, body, facts.agency(body["partner"]["reference"])):
        for program in each.programs:
            if program not in left:
                proposal = code("proposal", each.card.name)
                yield part("alreadyOpen", proposal, reference("program", program))


OPERATION = Operation(
    Signature(
        ASSESSMENT,
        "preview",
        "The cards that answers give, what is open already and what is in doubt; nothing is kept.",
        (
            Input(
                "resource",
                "resource",
                "The assessment, finished or not.",
                is_required=True,
                takes=ASSESSMENT,
            ),
        ),
    ),
    run,
)
