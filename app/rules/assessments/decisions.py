"""The second screen: what the person decided about each card that the answers give."""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.assessments.proposals import Proposal, open_programs, proposed
from app.rules.assessments.questionnaire import Questionnaire, published
from app.rules.issues import fault
from app.rules.workflow import Actor, Facts

ACCEPTED, DECLINED = "accepted", "declined"
DECIDED_BY = {"self-service": "participant", "staff-assisted": "staff-on-behalf"}


def asked(body: Resource, facts: Facts) -> Questionnaire | None:
    """Return the questionnaire that an assessment answers, None when none was published so."""
    return published(facts.reference).get(body.get("questionnaireVersion", ""))


def unpublished(facts: Facts) -> Issue:
    """Return the fault of an assessment whose questionnaire was never published."""
    text = "No questionnaire was published under this version."
    return fault("unpublished-version", text, "/questionnaireVersion", published(facts.reference))


def offered(
    questionnaire: Questionnaire, body: Resource, actor: Actor, facts: Facts
) -> list[Proposal]:
    """Return what the answers propose now, but for what is open already."""
    already = open_programs(body["participant"]["reference"], actor, facts)
    return proposed(questionnaire, body, facts.agency(body["partner"]["reference"]), already)


def decided(body: Resource, actor: Actor, facts: Facts) -> Resource:
    """Return a body that is being completed with its proposals as decided.

    A card that is not mentioned is accepted. When the body tells of one that no rule gives it is
    returned as it was sent.
    """
    questionnaire = asked(body, facts)
    if questionnaire is None or any(ungiven(questionnaire, body, actor, facts)):
        return body
    said = {each["proposal"]: each["decision"] for each in body.get("proposals", ())}
    decisions = [
        {
            **each.element,
            "decision": DECLINED if said.get(each.card.name) == DECLINED else ACCEPTED,
            "decidedAt": body["completedAt"],
            "decidedBy": DECIDED_BY[body["mode"]],
        }
        for each in offered(questionnaire, body, actor, facts)
    ]
    rest = {name: value for name, value in body.items() if name != "proposals"}
    return rest | {"proposals": decisions} if decisions else rest


def ungiven(
    questionnaire: Questionnaire, body: Resource, actor: Actor, facts: Facts
) -> Iterator[Issue]:
    """Yield a fault for each proposal that the answers do not give, or that is told twice.

    One to a program that was opened meanwhile is no fault: it was shown in good faith.
    """
    whole = proposed(questionnaire, body, facts.agency(body["partner"]["reference"]))
    now = offered(questionnaire, body, actor, facts)
    elements = [each.element for each in (*whole, *now)]
    names: set[str] = set()
    for at, sent in enumerate(body.get("proposals", ())):
        if sent["proposal"] in names or not any(_says(sent, each) for each in elements):
            text = "The rules give no such proposal for these answers, or it is there twice."
            yield fault("not-proposed", text, f"/proposals/{at}")
        names.add(sent["proposal"])


def _says(sent: Resource, element: Resource) -> bool:
    """Whether what was sent names that proposal and, as far as it says, its target."""
    told = {**element, **sent}
    return (
        told["proposal"] == element["proposal"]
        and told["targetAgency"] == element["targetAgency"]
        and _programs(told) == _programs(element)
    )


def _programs(element: Resource) -> set[str]:
    return {each["reference"] for each in element["targetPrograms"]}
