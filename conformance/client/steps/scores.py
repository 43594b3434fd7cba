"""Test scores: recorded as measured, linked by the day of the test, corrected in place."""

import json
from typing import Any

from conformance.client.errors import NeedsPerson, Refused
from conformance.client.finding import PARTNER, act_key, to
from conformance.client.product import CaseTrack
from conformance.client.steps import step
from conformance.client.steps.people import known

Body = dict[str, Any]
KIND = "ParticipantScore"
INVALID, CLOSED = 422, 403
PRE, POST = "pre", "post"


@step("score.record")
def record(product: CaseTrack, data: Body) -> str:
    """Record the result of a test, and link it with those before and after it."""
    whose = data["person"]["key"]
    if whose in product.memory.get("closed", ()):
        return "The scores of this person are closed to this agency."
    kept: Body = product.memory.setdefault("scores", {})
    test = {name: data[name] for name in ("instrument", "area", "type", "on")}
    kept[data["key"]] = {"person": whose} | test
    try:
        made = product.hub.create(KIND, _score(product, data), _act(product, data))
    except Refused as refusal:
        del kept[data["key"]]
        return _refused(product, data, refusal)
    product.memory[data["key"]] = f"{KIND}/{made['id']}"
    product.memory.get("drafts", {}).pop(data["key"], None)
    _link(product, kept[data["key"]])
    return "Recorded."


@step("score.correct")
def correct(product: CaseTrack, data: Body) -> str:
    """Correct a number in the record it belongs to; send what was refused as staff put it right."""
    draft = product.memory.get("drafts", {}).get(data["key"])
    if draft is not None:
        return record(product, draft | {"score": data["score"]})
    right = {"score": exact(data["score"]), "status": "amended"}
    product.hub.update(product.memory[data["key"]], lambda body: body | right)
    return "Corrected."


def exact(number: str) -> int | float:
    """Return a number as it stands on paper; a double holds all digits that tests have."""
    found: int | float = json.loads(number)
    return found


def period(product: CaseTrack, whose: str, on: str) -> str:
    """Return the reference of the enrollment of somebody that lasted on a day, also if closed."""
    for key, each in product.memory.get("periods", {}).items():
        if each["person"] == whose and each["from"] <= on <= each.get("to", on):
            return str(product.memory[key])
    raise NeedsPerson("No enrollment of this person lasted on the day of the test.")


def _score(product: CaseTrack, data: Body) -> Body:
    body: Body = {
        "participant": to(known(product, data["person"])),
        "assessment": to(data["instrument"]),
        "functionalArea": data["area"],
        "administeredOn": data["on"],
        "testType": data["type"],
        "score": exact(data["score"]),
        "partner": to(PARTNER),
        "status": "final",
        **{name: data[name] for name in ("form", "level") if name in data},
    }
    before = _before(product, product.memory["scores"][data["key"]])
    if before:
        body["comparedWith"] = to(before)
    if "belongsTo" in data:
        lasted = period(product, data["person"]["key"], data["on"])
        body["extension"] = [{"url": data["belongsTo"], "valueReference": to(lasted)}]
    return body


def _refused(product: CaseTrack, data: Body, refusal: Refused) -> str:
    """Keep what staff must correct; of whose scores are closed ask no more."""
    if refusal.status == CLOSED:
        product.memory.setdefault("closed", []).append(data["person"]["key"])
        return "The scores of this person are closed to this agency."
    if refusal.status != INVALID:
        raise refusal
    product.memory.setdefault("drafts", {})[data["key"]] = data
    raise NeedsPerson(f"The result must be corrected: {refusal}")


def _link(product: CaseTrack, new: Body) -> None:
    """Link the later tests of a series with their pre-test when that came in after them."""
    if new["type"] != PRE:
        return
    for key, each in product.memory["scores"].items():
        if each["type"] == POST and _series(each) == _series(new) and each["on"] > new["on"]:
            _compare(product, product.memory[key], _before(product, each))


def _compare(product: CaseTrack, later: str, earlier: str) -> None:
    product.hub.update(later, lambda body: body | {"comparedWith": to(earlier)})


def _before(product: CaseTrack, score: Body) -> str:
    """Return the pre-test of a post-test: the last one before its day, empty for none."""
    found = [
        (each["on"], product.memory[key])
        for key, each in product.memory["scores"].items()
        if key in product.memory and each["type"] == PRE and each["on"] < score["on"]
        if _series(each) == _series(score)
    ]
    return str(max(found)[1]) if found and score["type"] == POST else ""


def _series(score: Body) -> tuple[str, ...]:
    return score["person"], score["instrument"], score["area"]


def _act(product: CaseTrack, data: Body) -> str:
    """Return the key of an act: a number that was put right is another one."""
    return act_key(product, f"score {data['key']} {data['score']}")
