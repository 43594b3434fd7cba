"""ParticipantProfile/$match: who may be this person already, and how sure that is.

Who may search profiles may ask; what is compared is what the client may search by. Asking with a
Social Security number counts as a search for one. https://hl7.org/fhir/R4/patient-operation-match.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.interactions.contracts import given
from app.interactions.operations import Answer, Call, Operation
from app.interactions.records import begin
from app.interactions.view import View
from app.model.access.redaction import redact
from app.model.access.sight import Sight
from app.model.clause import ID, Clause, OneOf
from app.model.codec import Resource
from app.model.errors import BadParameter
from app.model.operation import Input, Signature, refuse_invalid
from app.model.query import Pairs, Query, parse, plain
from app.model.resource_type import MERGED, PARTICIPANT, ResourceType
from app.model.version import Key, Version
from app.rules.persons.likely_persons import searches
from app.rules.persons.matching import Grade, evidence, grade, score

SIGNATURE = Signature(
    PARTICIPANT,
    "match",
    "Find the profiles that may be of this person, the surest first, each with its grade.",
    (
        Input(
            "resource",
            "resource",
            "What is known of the person; no element is required.",
            is_required=True,
            takes=PARTICIPANT,
        ),
        Input("onlyCertainMatches", "boolean", "Whether to answer certain matches only."),
        Input("count", "integer", "Most profiles that are answered.", least=1, most=100),
    ),
    answers="Bundle",
)
GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
COUNT = 20
PAGE = 100
"""Most profiles that one search finds."""
TOO_LITTLE = (
    "Say more of the person: a number, both names, a name with the birth date or the postal code, "
    "or a telephone number."
)
STAND_INS: Resource = {
    "firstName": "-",
    "lastName": "-",
    "birthDate": "1900-01-01",
    "pirlUniqueId": "000000000000",
    "employmentStatus": "0",
    "educationLevel": "0",
    "status": "active",
}
"""What stands for required elements that are not given, where the rest is checked."""


@dataclass(frozen=True)
class Match:
    """A profile that goes on for what matched, as the client sees it, and how sure it is."""

    version: Version
    sight: Sight
    grade: Grade
    score: float


def run(call: Call) -> Answer:
    """Return the matches; raise Invalid, Forbidden as a search does, and BadParameter."""
    records = begin(call.hub, call.client, "search-type", PARTICIPANT)
    view = View(records, "search-type", PARTICIPANT)
    asked = given(call.hub, call.client, PARTICIPANT, call.inputs["resource"])
    kind = call.hub.registry.type(PARTICIPANT)
    refuse_invalid("resource", kind.faults({**STAND_INS, **asked}))
    found = sorted(_matches(view, kind, asked), key=_order)
    if call.inputs.get("onlyCertainMatches"):
        found = [each for each in found if each.grade == Grade.CERTAIN]
    shown = found[: call.inputs.get("count", COUNT)]
    entries = [_entry(call.base, each, view.told(each.version, each.sight)) for each in shown]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    return Answer({**bundle, "entry": entries} if entries else bundle)


def _matches(view: View, kind: ResourceType, asked: Resource) -> Iterator[Match]:
    """Yield each living profile that matches, or continues one that does, once."""
    rows = dict(_rows(view, kind, _candidates(view, kind, asked)))
    _follow(view, kind, rows)
    seen = {id: redact(kind, version.resource, sight) for id, (version, sight) in rows.items()}
    grades: dict[str, Grade] = {}
    for id, (version, _) in rows.items():
        graded = grade(evidence(asked, _judged(seen[id], version.resource)))
        living = _living(rows, id)
        if graded and living:
            grades[living] = min(graded, grades.get(living, graded), key=list(Grade).index)
    for id, graded in grades.items():
        # Of a number that is masked the score tells nothing.
        yield Match(*rows[id], graded, score(evidence(asked, seen[id]), graded))


def _judged(seen: Resource, stored: Resource) -> Resource:
    """Return what a grade rests on: what the client sees, with the number that it sees masked."""
    return {**seen, "ssn": stored["ssn"]} if "ssn" in seen else seen


def _candidates(view: View, kind: ResourceType, asked: Resource) -> set[str]:
    """Return the ids of the profiles that are worth a comparison; nothing is decrypted yet."""
    queries = [_query(kind, pairs) for _, pairs in searches(asked)]
    if not queries:
        raise BadParameter(TOO_LITTLE, "resource")
    return {id for query in queries for (id,) in view.values(query, ID)}


def _query(kind: ResourceType, pairs: Pairs) -> Query:
    return parse(kind, [*pairs, ("_count", str(PAGE))], max_count=PAGE)


def _rows(
    view: View, kind: ResourceType, ids: Iterable[str]
) -> list[tuple[str, tuple[Version, Sight]]]:
    """Return those of these profiles that the client sees, by their ids."""
    wanted = sorted(ids)
    if not wanted:
        return []
    query = plain(kind, (Clause(ID, OneOf(tuple(wanted))),), len(wanted))
    return [(version.key.id, (version, sight)) for version, sight in view.page(query)[0]]


def _follow(view: View, kind: ResourceType, rows: dict[str, tuple[Version, Sight]]) -> None:
    """Add the profiles that continue merged ones."""
    while True:
        named = {_continued(version.resource) for version, _ in rows.values()}
        found = _rows(view, kind, {each for each in named if each} - rows.keys())
        if not found:
            return
        rows.update(found)


def _living(rows: dict[str, tuple[Version, Sight]], id: str) -> str | None:
    """Return the id of the profile that continues one; None when it is not seen."""
    for _ in rows:
        if id not in rows:
            break
        following = _continued(rows[id][0].resource)
        if following is None:
            return id
        id = following
    return None


def _continued(profile: Resource) -> str | None:
    if profile["status"] != MERGED:
        return None
    return Key.parse(profile["mergedInto"]["reference"]).id


def _order(each: Match) -> tuple[int, float, str]:
    return list(Grade).index(each.grade), -each.score, each.version.key.id


def _entry(base: str, match: Match, seen: Version) -> Resource:
    return {
        "fullUrl": f"{base}/{seen.key}",
        "resource": seen.resource,
        "search": {
            "extension": [{"url": GRADE, "valueCode": match.grade.value}],
            "mode": "match",
            "score": match.score,
        },
    }


OPERATION = Operation(SIGNATURE, run)
