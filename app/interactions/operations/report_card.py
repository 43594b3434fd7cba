"""$report-card: the Work-Ready Report Card of a participant, computed from what the client may see.

Domain.md section 4. Education and past jobs decide it: a client that may not see them is refused
rather than told what would be wrong.
"""

from collections.abc import Iterator, Mapping, Sequence

from app.interactions.facts import LiveFacts
from app.interactions.operations import Answer, Call, Operation
from app.interactions.operations.report_card_answer import answer
from app.interactions.records import begin
from app.interactions.view import MANY, View
from app.model.access.redaction import REDACTED
from app.model.clause import Clause, OneOf
from app.model.codec import Resource
from app.model.errors import Forbidden, Issue, TooCostly
from app.model.operation import Input, Signature
from app.model.query import plain
from app.model.resource_type import PARTICIPANT
from app.model.version import Key, instant
from app.rules.careers.report_card import MIDDLE_SKILL, Recommendation, report_card
from app.rules.careers.training import required_credential, training_service

PAGE, MOST_PAGES = 100, 10
MOST = 50
"""Most recommendations: as many as a plan holds."""
CREDENTIAL, SCORE = "ParticipantCredential", "ParticipantScore"
DECISIVE: Mapping[str, frozenset[str]] = {
    PARTICIPANT: frozenset({"educationLevel", "workHistory", "militaryService"}),
    CREDENTIAL: frozenset({"credential", "credentialType"}),
    SCORE: frozenset({"administeredOn", "efl", "eflTrack", "functionalArea", "outOfRange"}),
}
"""What a card rests on."""
UNSEEN = "The report card rests on this element, which you may not see."


def run(call: Call) -> Answer:
    """Return the card; raise Deleted, NotFound, and Forbidden for who may not see its grounds."""
    key = Key(PARTICIPANT, call.id)
    records = begin(call.hub, call.client, "read", PARTICIPANT)
    profiles = View(records, "read", PARTICIPANT)
    views = {name: View(records, "search-type", name) for name in (CREDENTIAL, SCORE)}
    profile = profiles.read(key).resource
    _refuse_unseen(profile)
    about = {name: list(_rows(call, name, view, key)) for name, view in views.items()}
    facts = LiveFacts(records)
    wanted = call.inputs.get("view", "all")
    card = report_card(profile, about[CREDENTIAL], about[SCORE], facts.reference, wanted)
    shown = card.recommendations[: call.inputs.get("count", MOST)]
    plan_card = {
        "generatedAt": instant(facts.now),
        "recommendations": _elements(shown, facts),
    }
    is_partial = any(_unseen(each) for rows in about.values() for each in rows)
    return Answer(answer(card, shown, plan_card, facts.reference, is_partial=is_partial))


def _refuse_unseen(profile: Resource) -> None:
    issues = [Issue(Forbidden.code, "unseen", UNSEEN, f"/{name}") for name in _unseen(profile)]
    if issues:
        raise Forbidden(UNSEEN, issues=issues)


def _unseen(resource: Resource) -> list[str]:
    """Return the decisive elements that redaction hides of a resource, there or not."""
    tags = resource.get("meta", {}).get("security", ())
    names = {each["code"].split(".")[0] for each in tags if each.get("system") == REDACTED}
    return sorted(names & DECISIVE[resource["resourceType"]])


def _rows(call: Call, name: str, view: View, person: Key) -> Iterator[Resource]:
    """Yield the resources of a type about a person that the client sees."""
    kind = call.hub.registry.type(name)
    query = plain(kind, (Clause(kind.parameters["participant"], OneOf((str(person),))),), PAGE)
    for _ in range(MOST_PAGES):
        found = view.search(query)
        yield from (each.resource for each in found.versions)
        if found.next is None:
            return
        query = query.at(found.next)
    raise TooCostly(MANY)


def _elements(shown: Sequence[Recommendation], facts: LiveFacts) -> list[Resource]:
    """Return the recommendations as a plan holds them, with references to what exists here."""
    if not shown:
        return []
    codes = ",".join(each.occupation.soc for each in shown)
    services = facts.matches(("Service", (("onet-soc", codes), ("status", "active"))))
    named = [facts.row(each.program.credential) for each in shown if each.program]
    others = facts.matches(("Credential", (("status", "active"),)))
    credentials = [*filter(None, named), *others]
    return [
        each.element(
            required_credential(each.occupation.soc, each.program, credentials),
            training_service(each.occupation.soc, services),
        )
        for each in shown
    ]


OPERATION = Operation(
    Signature(
        PARTICIPANT,
        "report-card",
        "Occupations that fit the person's background and the sectors of the area.",
        (
            Input(
                "view",
                "code",
                "Which occupations: all that fit, or those of middle skill only.",
                codes=("all", MIDDLE_SKILL),
            ),
            Input("count", "integer", "Most recommendations.", least=1, most=MOST),
        ),
        method="GET",
        is_on_instance=True,
    ),
    run,
)
