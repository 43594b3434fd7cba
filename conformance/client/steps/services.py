"""Enrollments: begun, changed, taken back, ended."""

from typing import Any

from conformance.client.errors import Refused
from conformance.client.finding import PARTNER, act_key, service, to
from conformance.client.product import CaseTrack
from conformance.client.steps import step
from conformance.client.steps.credentials import VALID, unclaimed
from conformance.client.steps.people import known
from conformance.client.steps.sync import reacts

Body = dict[str, Any]
KIND = "ParticipantServiceEnrollment"
ACCEPTED = ("accepted", "in-progress")
CORRECTED_BECAUSE = "https://hub.wioa.example/extension/corrected-because"
NAMES = {"plannedEnd": "plannedEndDate", "center": "localCenter", "from": "enrollmentDate"}
"""What the form calls a field → the element."""
RETIRED = "inactive"
"""What the hub says of a code that is in use no more."""


@step("enrollment.start")
def start(product: CaseTrack, data: Body) -> str:
    """Enroll somebody; on a referral only once it is accepted."""
    if data["key"] in product.memory:
        return "Enrolled already."
    referral = data.get("referral")
    if referral and product.hub.get(referral).body["status"] not in ACCEPTED:
        product.memory.setdefault("waiting", {})[referral] = data
        return "Waits until the referral is accepted."
    _enroll(product, data)
    product.memory.get("waiting", {}).pop(referral, None)
    return "Enrolled."


@reacts("Referral")
def accepted(product: CaseTrack, told: Body, _data: Body) -> None:
    """Enroll who waited for a referral to be accepted, once."""
    waiting = product.memory.get("waiting", {})
    reference = f"Referral/{told['id']}"
    if told["status"] in ACCEPTED and reference in waiting:
        start(product, waiting[reference])


@step("enrollment.update")
def update(product: CaseTrack, data: Body) -> str:
    """Change an enrollment where it stands; it no longer rests on what was revoked."""
    lost = _lost(product, data["key"])

    def change(body: Body) -> Body:
        return (unclaimed(body, lost) if lost else body) | elements(data["values"])

    product.hub.update(product.memory[data["key"]], change)
    return "Changed."


@step("enrollment.correct")
def correct(product: CaseTrack, data: Body) -> str:
    """Take an enrollment back that was a mistake, and say why; it stays on record."""
    why = {"url": CORRECTED_BECAUSE, "valueString": data["reason"]}

    def change(body: Body) -> Body:
        extensions = [*body.get("extension", ()), why]
        return body | {"status": "entered-in-error", "extension": extensions}

    product.hub.update(product.memory[data["key"]], change)
    return "Taken back."


@step("enrollment.end")
def end(product: CaseTrack, data: Body) -> str:
    """Enter the last day of an enrollment, and whether it was completed."""
    status = "completed" if data["completed"] else "withdrawn"
    ended = {"status": status, "endDate": data["on"], "completed": data["completed"]}
    product.hub.update(product.memory[data["key"]], lambda body: body | ended)
    periods = product.memory.setdefault("periods", {})
    periods[data["key"]] = periods[data["key"]] | {"to": data["on"]}
    return "Ended."


def enrollment(product: CaseTrack, data: Body, *, fresh: bool = False) -> Body:
    """Return the resource of a filled-in form; `fresh` looks the code of its service up anew."""
    program = data["program"]
    body = {
        "participant": to(known(product, data["person"])),
        "service": to(service(product, data["service"], program, fresh=fresh)),
        "program": to(program),
        "partner": to(PARTNER),
        "status": "enrolled",
        **elements({name: data[name] for name in NAMES if name in data}),
    }
    if "referral" in data:
        body["referral"] = to(data["referral"])
    if "restsOn" in data:
        claim = to(product.memory[data["credential"]])
        body["extension"] = [{"url": data["restsOn"], "valueReference": claim}]
    return body


def elements(values: Body) -> Body:
    """Return the elements of a form's fields; a date stays the text that it is."""
    named = {NAMES[name]: value for name, value in values.items()}
    if "localCenter" in named:
        named["localCenter"] = to(named["localCenter"])
    return named


def is_retired(refusal_codes: set[str]) -> bool:
    """Whether the hub refused a code because it is in use no more."""
    return RETIRED in refusal_codes


def codes(issues: Any) -> set[str]:
    """Return the codes of the issues of an OperationOutcome."""
    return {
        coding.get("code", "")
        for issue in issues
        for coding in issue.get("details", {}).get("coding", ())
    }


def _enroll(product: CaseTrack, data: Body) -> None:
    key = data["key"]
    try:
        made = product.hub.create(KIND, enrollment(product, data), act_key(product, f"start {key}"))
    except Refused as refusal:
        if not is_retired(codes(refusal.issues)):
            raise
        anew = enrollment(product, data, fresh=True)
        made = product.hub.create(KIND, anew, act_key(product, f"start {key} anew"))
    product.memory[key] = f"{KIND}/{made['id']}"
    whose = {"person": data["person"]["key"], "from": data["from"]}
    product.memory.setdefault("periods", {})[key] = whose
    if "restsOn" in data:
        product.memory.setdefault("claims", {})[key] = product.memory[data["credential"]]


def _lost(product: CaseTrack, key: str) -> str:
    """Return the credential that an enrollment rests on if it is valid no longer, else nothing."""
    claim = product.memory.get("claims", {}).get(key)
    if claim is None or product.hub.get(claim).body["status"] == VALID:
        return ""
    return str(claim)
