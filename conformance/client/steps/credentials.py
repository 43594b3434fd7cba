"""Credentials: found before they are made, and no longer claimed once they are revoked."""

from typing import Any

from conformance.client.finding import PARTNER, act_key, to
from conformance.client.product import CaseTrack
from conformance.client.steps import step
from conformance.client.steps.people import known
from conformance.client.steps.sync import reacts

Body = dict[str, Any]
KIND = "ParticipantCredential"
VALID, MISTAKE = "earned", "entered-in-error"


@step("credential.record")
def record(product: CaseTrack, data: Body) -> str:
    """Use the record of a credential that another agency made, or make one."""
    person = known(product, data["person"])
    found = product.hub.search(KIND, participant=person, credential=data["credential"])
    there = [each for each in found if each["status"] != MISTAKE]
    if there:
        product.memory[data["key"]] = f"{KIND}/{there[0]['id']}"
        return "Linked with the record that there is."
    made = product.hub.create(
        KIND, credential(product, data), act_key(product, f"credential {data['key']}")
    )
    product.memory[data["key"]] = f"{KIND}/{made['id']}"
    return "Recorded."


@reacts(KIND)
def changed(product: CaseTrack, told: Body, _data: Body) -> None:
    """Take out of enrollments that they rest on a credential which is valid no longer."""
    reference = f"{KIND}/{told['id']}"
    claims = product.memory.get("claims", {})
    if told["status"] == VALID:
        return
    for key in [key for key, claim in claims.items() if claim == reference]:
        product.hub.update(product.memory[key], lambda body: unclaimed(body, reference))
        del claims[key]


def credential(product: CaseTrack, data: Body) -> Body:
    """Return the resource of a filled-in form; its type is that of the hub's lookup."""
    kind = product.hub.get(data["credential"]).body
    body = {
        "participant": to(known(product, data["person"])),
        "credential": to(data["credential"]),
        "credentialType": kind["pirlCredentialType"],
        "issuer": data["issuer"],
        "attainedOn": data["awarded"],
        "verification": data["source"],
        "partner": to(PARTNER),
        "status": VALID,
    }
    return body | ({"expiresOn": data["expires"]} if "expires" in data else {})


def unclaimed(body: Body, reference: str) -> Body:
    """Return an enrollment that no longer names a credential in an extension."""
    link = to(reference)
    left = [each for each in body.get("extension", ()) if each.get("valueReference") != link]
    kept = {name: value for name, value in body.items() if name != "extension"}
    return kept | ({"extension": left} if left else {})
