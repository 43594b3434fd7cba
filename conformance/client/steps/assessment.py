"""The six questions, asked once for all agencies; and a consent that is taken back."""

from typing import Any

from conformance.client.finding import PARTNER, create_once, to
from conformance.client.product import CaseTrack
from conformance.client.steps import step
from conformance.client.steps.people import known

Body = dict[str, Any]
ASSESSMENT = "ParticipantServiceAssessment"
NOT_ANSWERED = "https://hub.wioa.example/extensions/not-answered/"
ABSENT = {"declined": "asked-declined", "unknown": "asked-unknown"}
"""What the form says of a question without an answer → its code of FHIR's DataAbsentReason."""
FINISHED = ("completed", "amended")


@step("isa.record")
def record(product: CaseTrack, data: Body) -> str:
    """Keep the answers, unless another agency has asked already: then take those."""
    key = f"isa/{data['person']['key']}"
    if key in product.memory:
        product.hub.update(product.memory[key], lambda body: _answered(body, data))
        return "Went on with the assessment."
    person = known(product, data["person"])
    told = elsewhere(product, person)
    if told:
        product.memory[key] = f"{ASSESSMENT}/{told['id']}"
        return "Another agency has asked; its answers are used."
    body = _answered({"participant": to(person)}, data)
    product.memory[key] = create_once(product, key, ASSESSMENT, body)
    return "Recorded the answers."


def elsewhere(product: CaseTrack, person: str) -> Body | None:
    """Return the newest finished assessment of a person that the hub has, None for none."""
    found = product.hub.search(ASSESSMENT, participant=person.rpartition("/")[2])
    done = [each for each in found if each["status"] in FINISHED]
    return max(done, key=lambda each: str(each["completedAt"]), default=None)


def _answered(body: Body, data: Body) -> Body:
    """Return the assessment with what the form says; a question without an answer says why."""
    answers = data["answers"]
    absent = {name: ABSENT[said] for name, said in answers.items() if said in ABSENT}
    kept = [each for each in body.get("extension", ()) if not _is_absence(each)]
    why = [{"url": NOT_ANSWERED + name, "valueCode": code} for name, code in absent.items()]
    changed = {
        **body,
        "questionnaireVersion": data["questionnaireVersion"],
        "mode": data["mode"],
        "partner": to(PARTNER),
        "status": "in-progress" if absent else "completed",
        "extension": [*kept, *why],
        **{name: said for name, said in answers.items() if name not in absent},
    }
    if data.get("declined"):
        cards = [{"proposal": each, "decision": "declined"} for each in data["declined"]]
        changed["proposals"] = cards
    return {name: value for name, value in changed.items() if value != []}


def _is_absence(extension: Body) -> bool:
    return str(extension["url"]).startswith(NOT_ANSWERED)


@step("participant.withdraw-consent")
def withdraw(product: CaseTrack, data: Body) -> str:
    """End every consent of the person, and close the person to this system from now on."""
    key = f"withdrawn/{data['person']['key']}"
    if key not in product.memory:
        person = known(product, data["person"]).rpartition("/")[2]
        found = product.hub.search("Consent", participant=person, status="active")
        product.memory[key] = [f"Consent/{each['id']}" for each in found]
        product.remember()  # from here on the person is not looked at, whatever happens

    def end(body: Body) -> Body:
        return {**body, "status": "withdrawn", "withdrawnOn": data["on"]}

    for each in product.memory[key]:
        product.hub.update(each, end)
    return f"{len(product.memory[key])} consents ended."
