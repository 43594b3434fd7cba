"""What an accepted proposal becomes: a referral to the agency of the card."""

from app.model.codec import Resource
from app.rules.workflow import Facts

AGENCY_SYSTEM = "agency-system"


def referral(reference: str, assessment: Resource, proposal: Resource, facts: Facts) -> Resource:
    """Return the referral that one proposal of a completed assessment asks for.

    `reference` names the assessment. Due dates and status history are for the referral's own
    rules to add.
    """
    body = {
        "resourceType": "Referral",
        "participant": assessment["participant"],
        "origin": "isa",
        "assessment": {"reference": reference},
        "ruleIds": proposal["ruleIds"],
        "sourceAgency": {"reference": facts.agency(assessment["partner"]["reference"])},
        "sourcePartner": assessment["partner"],
        "targetAgency": proposal["targetAgency"],
        "targetPrograms": proposal["targetPrograms"],
        "priority": "routine",
        "authoredOn": assessment["completedAt"],
        "status": "requested",
    }
    if "localCenter" in assessment:
        body["sourceCenter"] = assessment["localCenter"]
    target = target_partner(assessment["participant"]["reference"], proposal, facts)
    return body | {"targetPartner": {"reference": target}} if target else body


def target_partner(participant: str, proposal: Resource, facts: Facts) -> str | None:
    """Return the partner that runs all programs of a proposal, None when it is not clear which.

    The agency's own system comes first; without one it is the partner for the area where the
    person lives, as with the providers of Title I Youth.
    """
    running = _running(proposal, facts)
    systems = [each for each in running if each["partnerType"] == AGENCY_SYSTEM]
    area = (facts.row(participant) or {}).get("localWorkforceArea")
    near = [each for each in running if area in each.get("localWorkforceAreas", ())]
    for found in (systems, running, near):
        if len(found) == 1:
            return f"Partner/{found[0]['id']}"
    return None


def _running(proposal: Resource, facts: Facts) -> list[Resource]:
    programs = {each["reference"] for each in proposal["targetPrograms"]}
    agency = proposal["targetAgency"]["reference"]
    partners = facts.matches(("Partner", (("agency", agency), ("status", "active"))))
    return [each for each in partners if programs <= {one["reference"] for one in each["programs"]}]
