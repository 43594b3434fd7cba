"""ParticipantSuccessPlan/$build: proposes a tentative plan; nothing is stored.

The client changes what it likes and creates the plan by POST. The proposal rests on what the client
may see, so that it tells nothing else; the pathway of the stored plan rests on everything.
"""

import re
from collections.abc import Sequence

from app.interactions.facts import LiveFacts
from app.interactions.operations import Answer, Call, Operation
from app.interactions.records import Records, begin
from app.interactions.view import View
from app.model.codec import Resource
from app.model.errors import BadParameter, Forbidden
from app.model.operation import Input, Signature, valued
from app.model.query import parse
from app.model.resource_type import PARTICIPANT
from app.model.version import Key
from app.rules.careers.report_card import is_occupation
from app.rules.plans.build import Wish, built
from app.rules.plans.success_plan import PLAN

ASSESSMENT = "ParticipantServiceAssessment"
FINISHED = "completed", "amended"
MOST_DOLLARS = 99_999_999
UNSEEN = "A plan rests on the education level, which you may not see."
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")


class Shown(LiveFacts):
    """The facts about a participant as a client may see them; the audit is told of them."""

    def __init__(self, records: Records, profile: Resource) -> None:
        super().__init__(records, {Key(PARTICIPANT, profile["id"]): profile})

    def about(self, kind: str, participant: str | None) -> Sequence[Resource]:
        """Return the resources of a type about a participant that the client may read."""
        if not self._records.client.may("read", kind):
            return []
        versions = (
            self.version(Key(kind, each["id"])) for each in super().about(kind, participant)
        )
        found = self._records.seen("read", [each for each in versions if each])
        return [each.resource for each in found if each]


def run(call: Call) -> Answer:
    """Return the plan.

    Raises BadParameter for an unknown occupation, Forbidden for who may not see the education
    level, and what reading raises.
    """
    records = begin(call.hub, call.client, "validate", PLAN)
    records.decide("validate", PLAN)
    key = _key(call, "participant", PARTICIPANT)
    profile = View(records, "read", PARTICIPANT).read(key).resource
    if "educationLevel" not in profile:
        raise Forbidden(UNSEEN, "participant")
    facts = Shown(records, profile)
    occupation = call.inputs["occupation"]
    if not is_occupation(occupation, facts.reference):
        raise BadParameter("The input is a detailed occupation of SOC 2018.", "occupation")
    wish = Wish(
        profile,
        occupation,
        _assessment(call, records, key),
        facts.actor.partner,
        call.inputs.get("desiredAnnualSalary"),
    )
    return Answer(built(wish, facts))


def _key(call: Call, name: str, kind: str) -> Key:
    key = Key.parse(valued(call.inputs, name) or "")
    if key.type != kind or not _ID.match(key.id):
        raise BadParameter(f"The input names a {kind}/id.", name)
    return key


def _assessment(call: Call, records: Records, participant: Key) -> Resource:
    """Return the questionnaire that the call names, or the latest finished one; empty for none."""
    if "assessment" not in call.inputs:
        return _latest(records, participant)
    key = _key(call, "assessment", ASSESSMENT)
    found = View(records, "read", ASSESSMENT).read(key).resource
    if found["participant"]["reference"] != str(participant) or found["status"] not in FINISHED:
        text = "The input names a finished questionnaire of the participant."
        raise BadParameter(text, "assessment")
    return found


def _latest(records: Records, participant: Key) -> Resource:
    """Return the latest finished questionnaire that the client may see, empty for none."""
    try:
        view = View(records, "search-type", ASSESSMENT)
        pairs = [
            ("participant", str(participant)),
            ("status", ",".join(FINISHED)),
            ("_sort", "-completed-at"),
            ("_count", "1"),
        ]
        kind = records.hub.registry.type(ASSESSMENT)
        found = view.search(parse(kind, pairs, max_count=1)).versions
    except Forbidden:
        return {}
    return found[0].resource if found else {}


OPERATION = Operation(
    Signature(
        PLAN,
        "build",
        "A tentative plan from profile, answers and goal; change it and create it by POST.",
        (
            Input("participant", "Reference", "Whose plan it is to be.", is_required=True),
            Input("occupation", "code", "The goal, SOC 2018 or O*NET-SOC.", is_required=True),
            Input("assessment", "Reference", "The questionnaire; without it the latest finished."),
            Input(
                "desiredAnnualSalary",
                "decimal",
                "Dollars a year that the person hopes for.",
                least=0,
                most=MOST_DOLLARS,
            ),
        ),
        answers=PLAN,
    ),
    run,
)
