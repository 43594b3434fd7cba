"""A plan and what it follows, valid enough for the rules; a test says only what it is about."""

ELVIS = "ParticipantProfile/elvis"
PLAN = "ParticipantSuccessPlan/plan"
AGENCIES = {
    "title2-aefla": "mccb-adult-education",
    "title4-vr": "mdrs-vr",
}
"""Partners by program; of all others the workforce agency's."""


def at(name):
    return {"reference": name}


def reference(body):
    return f"{body['resourceType']}/{body['id']}"


def a_profile(**changes):
    return {
        "resourceType": "ParticipantProfile",
        "id": "elvis",
        "employmentStatus": "1",
        "educationLevel": "0",
        **changes,
    }


def a_job(**changes):
    """Return a job in the occupation of the plan's goal that began with the plan."""
    return {"title": "Driver", "onetSoc": "53-3032.00", "startDate": "2026-02-02", **changes}


def a_plan(**changes):
    """Return a tentative plan for a truck driver."""
    return {
        "resourceType": "ParticipantSuccessPlan",
        "id": "plan",
        "participant": at(ELVIS),
        "status": "tentative",
        "pathway": "smart-start",
        "startedOn": "2026-01-05",
        "careerGoal": {"onetSoc": "53-3032", "title": "Heavy and Tractor-Trailer Truck Drivers"},
        "lastEditedBy": at("Partner/mdes-mississippi-works"),
        **changes,
    }


def an_item(service="smart-start-class", at_place=1, **changes):
    return {
        "itemId": f"item-{at_place}",
        "sequence": at_place,
        "service": at(f"Service/{service}"),
        "status": "planned",
        **changes,
    }


def an_enrollment(service="smart-start-class", program="title2-aefla", **changes):
    partner = AGENCIES.get(program, "mdes-mississippi-works")
    return {
        "resourceType": "ParticipantServiceEnrollment",
        "id": "enrollment",
        "participant": at(ELVIS),
        "service": at(f"Service/{service}"),
        "program": at(f"Program/{program}"),
        "partner": at(f"Partner/{partner}"),
        "status": "enrolled",
        "enrollmentDate": "2026-03-02",
        **changes,
    }


def a_referral(program="title2-aefla", **changes):
    partner = AGENCIES.get(program, "mdes-mississippi-works")
    return {
        "resourceType": "Referral",
        "id": "referral",
        "participant": at(ELVIS),
        "sourcePartner": at("Partner/mdes-mississippi-works"),
        "targetPrograms": [at(f"Program/{program}")],
        "targetPartner": at(f"Partner/{partner}"),
        "status": "requested",
        "planItem": plan_item(),
        **changes,
    }


def plan_item(item="item-1"):
    return {"successPlan": at(PLAN), "itemId": item}


def a_credential(name="hse-diploma", kind="1", **changes):
    return {
        "resourceType": "ParticipantCredential",
        "id": name,
        "participant": at(ELVIS),
        "credential": at(f"Credential/{name}"),
        "credentialType": kind,
        "partner": at("Partner/mccb-adult-education"),
        "status": "earned",
        **changes,
    }
