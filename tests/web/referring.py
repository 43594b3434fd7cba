"""Referrals of new people by the demo agencies, over HTTP."""

from builders import a_profile, an_example
from referrals import a_referral as a_body
from referrals import an_enrollment as enrolled
from referrals import ref

ANY = {"If-Match": "*"}
REHABILITATION = {
    "targetAgency": ref("Agency/mdrs"),
    "targetPrograms": [ref("Program/title4-vr")],
}
BY_HUMAN_SERVICES = {
    "sourceAgency": ref("Agency/mdhs"),
    "sourcePartner": ref("Partner/mdhs-eligibility"),
}


def clients(state):
    """Return the clients of the core agencies by short name, and of staff."""
    found = {name: state.client(name, "referral") for name in ("mdes", "mdhs", "mdrs", "mccb")}
    return {**found, "staff": state.client("state-staff")}


def made(client, body):
    """Create a resource and return it."""
    reply = client.post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def a_person(http):
    """Return a reference to a new participant."""
    return ref(f"ParticipantProfile/{made(http['staff'], a_profile())['id']}")


def a_referral(http, by="mdes", **changes):
    """Create a referral to adult education, of somebody new unless said otherwise."""
    return made(http[by], a_body(**{"participant": a_person(http), **changes}))


def an_enrollment(http, referral, **changes):
    """Create an enrollment of adult education that proves that it served the person."""
    body = (
        an_example("ParticipantServiceEnrollment")
        | enrolled()
        | {
            "participant": referral["participant"],
            "service": ref("Service/ase-instruction"),
            "enrollmentDate": referral["authoredOn"][:10],
            **changes,
        }
    )
    del body["id"]
    return made(http["mccb"], body)


def move(client, referral, **changes):
    """Patch a referral and return the reply."""
    return client.patch(url(referral), json=changes, headers=ANY)


def url(referral):
    return f"/v1/Referral/{referral['id']}"


def issues(reply):
    """Return where each issue lies and its stable code."""
    return [
        (each["expression"][0], each["details"]["coding"][0]["code"])
        for each in reply.json["issue"]
    ]
