"""The answer of $report-card as FHIR Parameters.

The parts of a `recommendation` are named as the elements of
`ParticipantSuccessPlan.reportCard.recommendations`; `plan` holds the same elements as JSON, a merge
patch that puts the card into a plan. Why an occupation is recommended stands beside them only: it
tells of past jobs, which not everybody who sees a plan may know.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from app.model.codec import Resource
from app.model.operation import parameters
from app.rules.careers.report_card import Card, Place, Recommendation
from app.rules.reference import Reference

PLAN = "ParticipantSuccessPlan"
PARTLY = "Some credentials or scores are seen by you in part only; the months may differ."
NO_LOCAL_WAGE = "The wage area of the county is not established: there is no local median wage."
NO_COUNTY = "The county of the person is not told here: there is no local median wage."
TOP_CODED = "The median wage is at or above the highest wage that is published."
NO_WAGE = "No median wage is published for the state."
NO_LOCAL = "No median wage is published for the wage area."
VALUES = {
    "onetSoc": "valueCode",
    "title": "valueString",
    "description": "valueMarkdown",
    "monthsToPrepare": "valueInteger",
    "requiredEducationLevel": "valueInteger",
    "credential": "valueReference",
    "trainingService": "valueReference",
    "onTheJobTraining": "valueString",
    "employment": "valueInteger",
}
"""How FHIR says the elements of a recommendation; those not named are decimals."""


def answer(
    card: Card,
    shown: Sequence[Recommendation],
    plan_card: Resource,
    reference: Reference,
    *,
    is_partial: bool,
) -> Resource:
    """Return the Parameters of a card, of which the recommendations `shown` are told.

    `plan_card` holds their elements, in the same order; `is_partial` says that the client saw some
    of the grounds in part only.
    """
    elements = plan_card["recommendations"]
    return parameters(
        {"name": "generatedAt", "valueDateTime": plan_card["generatedAt"]},
        {"name": "heldLevel", "valueInteger": card.held},
        *_place(card.place),
        {"name": "total", "valueInteger": len(card.recommendations)},
        *([_text("reason", card.empty)] if card.empty else ()),
        *([_text("note", PARTLY)] if is_partial else ()),
        *(
            _recommendation(each, element, card.place)
            for each, element in zip(shown, elements, strict=True)
        ),
        {"name": "plan", "resource": {"resourceType": PLAN, "reportCard": plan_card}},
        *(_source(each) for each in reference.documents["labour_market_sources"]),
    )


def _place(place: Place) -> Iterator[Resource]:
    if place.area:
        yield {"name": "area", "valueCode": place.area}
    if place.wage_area:
        code = {"name": "code", "valueCode": place.wage_area.code}
        yield _parts("wageArea", code, _text("name", place.wage_area.name))
    else:
        yield _text("note", NO_LOCAL_WAGE if place.county else NO_COUNTY)


def _recommendation(each: Recommendation, element: Resource, place: Place) -> Resource:
    told = [
        {"name": name, VALUES.get(name, "valueDecimal"): value} for name, value in element.items()
    ]
    return _parts("recommendation", *told, *_beside(each, place))


def _beside(each: Recommendation, place: Place) -> Iterator[Resource]:
    """Yield what a card says of an occupation and a plan does not hold."""
    yield _text("why", each.why)
    if each.program:
        yield _text("program", each.program.name)
        yield {"name": "provider", "valueReference": {"reference": each.program.provider}}
    if each.occupation.is_top_coded:
        yield _text("note", TOP_CODED)
    elif each.occupation.median is None:
        yield _text("note", NO_WAGE)
    if place.wage_area and each.local_median is None:
        yield _text("note", NO_LOCAL)


def _source(source: Any) -> Resource:
    texts = [_text(name, source[name]) for name in ("name", "vintage", "covers", "attribution")]
    return _parts(
        "source", *texts, {"name": "illustrative", "valueBoolean": source["illustrative"]}
    )


def _parts(name: str, *parts: Resource) -> Resource:
    return {"name": name, "part": list(parts)}


def _text(name: str, text: str) -> Resource:
    return {"name": name, "valueString": text}
