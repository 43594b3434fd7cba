"""People: one record for each, found before it is made, changed without losing what others wrote.

A person is named by the key of the product's own record. What staff have to decide waits in the
product's memory under `waiting`, and `participant.resolve` brings what they decided.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from conformance.client.errors import NeedsPerson, Refused
from conformance.client.product import CaseTrack, step

PROFILE = "ParticipantProfile"
PARTNER = {"reference": "Partner/mdes-mississippi-works"}
"""Whose system this is; its own number of a person says who knows the person, and as whom."""
CERTAIN, MERGED = "certain", "merged"
INVALID = 422
Body = dict[str, Any]


@step("participant.register")
def register(product: CaseTrack, data: Body) -> str:
    """Use the record of a person whom the hub knows, or create one."""
    person = data["person"]
    waiting = product.memory.get(_waiting(person), {})
    if waiting.get("person") != person:  # else it is the same act, tried again under its one key
        product.memory[_waiting(person)] = {"person": person, "key": str(uuid4())}
        product.remember()
    reference = _recognised(product, person) or _created(product, person)
    _link(product, person["key"], reference)
    return f"Registered as {reference}"


@step("participant.update")
def update(product: CaseTrack, data: Body) -> str:
    """Enter new values; when somebody else changed the same ones, a person decides."""
    reference = known(product, data["person"])
    edit = Edit(data["values"])
    product.hub.update(reference, edit.made, conflict=edit.checked)
    return f"Changed {reference}"


@step("participant.resolve")
def resolve(product: CaseTrack, data: Body) -> str:
    """Do what staff decided: which record it is, what the right values are."""
    person, question = data["person"], data["question"]
    if question == "conflict":
        decided = Edit(data["values"])
        product.hub.update(known(product, person), decided.made)
        return "Entered what staff decided"
    if _waiting(person) not in product.memory:
        raise NeedsPerson("Nothing of this person waits for a decision.")
    waiting = product.memory[_waiting(person)]["person"]
    if question == "refused":
        return register(product, {"person": waiting | data["values"]})
    reference = _chosen(product, waiting, data["choose"]["phone"])
    _link(product, person["key"], reference)
    if data.get("values"):
        product.hub.update(reference, Edit(data["values"]).made)
    return f"Registered as {reference}"


def known(product: CaseTrack, person: Body) -> str:
    """Return `Type/id` of a person's living record, registering the person when need be.

    Raises NeedsPerson when the hub knows several who may be this person.
    """
    if person["key"] not in product.memory:
        register(product, {"person": person})
    reference = living(product, product.memory[person["key"]])
    product.memory[person["key"]] = reference
    return reference


def living(product: CaseTrack, reference: str) -> str:
    """Return the record that goes on for a person; records of one person may have been merged."""
    body = product.hub.get(reference).body
    while body["status"] == MERGED:
        reference = body["mergedInto"]["reference"]
        body = product.hub.get(reference).body
    return reference


@dataclass
class Edit:
    """New values of elements, entered on what stood when they were first read."""

    values: Body
    before: Body = field(default_factory=dict)

    def made(self, body: Body) -> Body:
        """Return the record with the new values; all that others keep in it stays."""
        self.before = self.before or body
        return body | self.values

    def checked(self, _mine: Body, theirs: Body) -> None:
        """Raise NeedsPerson when somebody else changed the same elements meanwhile."""
        both = [name for name in self.values if theirs.get(name) != self.before.get(name)]
        if both:
            raise NeedsPerson(f"Another agency changed {', '.join(both)} too.")


def _recognised(product: CaseTrack, person: Body) -> str:
    """Return the reference of the one who is this person, empty for nobody."""
    found = _matches(product, person)
    certain = [each["resource"] for each in found if _grade(each) == CERTAIN]
    if len(certain) == 1:
        return f"{PROFILE}/{certain[0]['id']}"
    if found:
        raise NeedsPerson(f"{len(found)} records may be this person's.")
    return ""


def _matches(product: CaseTrack, person: Body) -> list[Body]:
    asked = {"name": "resource", "resource": _profile(person)}
    inputs = {"resourceType": "Parameters", "parameter": [asked]}
    return list(product.hub.operation(f"{PROFILE}/$match", inputs).get("entry", ()))


def _grade(entry: Body) -> str:
    return str(entry["search"]["extension"][0]["valueCode"])


def _chosen(product: CaseTrack, person: Body, phone: str) -> str:
    """Return the one of several who has a telephone number."""
    for each in _matches(product, person):
        if any(one["value"] == phone for one in each["resource"].get("telecom", ())):
            return f"{PROFILE}/{each['resource']['id']}"
    raise NeedsPerson("Nobody of those who may be this person has that telephone number.")


def _created(product: CaseTrack, person: Body) -> str:
    """Create a record; the key is kept with it until it is there, so that it is made once."""
    body = _profile(person) | {"status": "active", "partnerIdentifiers": [_number(person["key"])]}
    key = product.memory[_waiting(person)]["key"]
    try:
        return f"{PROFILE}/{product.hub.create(PROFILE, body, key)['id']}"
    except Refused as refusal:
        if refusal.status == INVALID:
            raise NeedsPerson(f"The record must be corrected: {refusal}") from refusal
        raise


def _link(product: CaseTrack, key: str, reference: str) -> None:
    """Let the hub know under which number this system knows the person."""

    def linked(body: Body) -> Body:
        numbers = body.get("partnerIdentifiers", [])
        if any(each["partner"]["reference"] == PARTNER["reference"] for each in numbers):
            return body
        return body | {"partnerIdentifiers": [*numbers, _number(key)]}

    product.hub.update(reference, linked)
    product.memory[key] = reference
    product.memory.pop(_waiting({"key": key}), None)


def _profile(person: Body) -> Body:
    """Return what staff typed as elements of a profile."""
    told = {name: value for name, value in person.items() if name not in {"key", "phone"}}
    phone = person.get("phone")
    more = {"telecom": [{"system": "phone", "value": phone, "preferred": True}]} if phone else {}
    return {"resourceType": PROFILE, **told, **more}


def _number(key: str) -> Body:
    return {"partner": PARTNER, "value": f"CT-{key}"}


def _waiting(person: Body) -> str:
    return f"waiting:{person['key']}"
