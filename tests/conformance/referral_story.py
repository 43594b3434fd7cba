"""Referrals as they are read, sent and moved in stories written by hand."""

from evidence import a_world, get, post, put

ELVIS = {"reference": "ParticipantProfile/p1"}
WORLD = a_world(
    declined="Referral/r1",
    incoming={"guest1": {"reference": "Referral/in1"}, "guest2": {"reference": "Referral/in2"}},
)
HINDS = {"reference": "Partner/cc-hinds"}
ABE = {"reference": "Partner/mccb-adult-education"}
OTHER_THING = get("Agency/mccb", {"resourceType": "Agency", "id": "mccb"})


def a_referral(id="", status="requested", **changes):
    body = {
        "resourceType": "Referral",
        "participant": ELVIS,
        "targetAgency": {"reference": "Agency/mccb"},
        "targetPartner": ABE,
        "status": status,
    }
    return body | ({"id": id} if id else {}) | changes


def sent(id="r1", status=201, **changes):
    body = a_referral(**changes)
    answer = body | {"id": id} if status == 201 else None
    return post("Referral", body, status, answer)


def read(status, id="r1", **more):
    return get(f"Referral/{id}", a_referral(id, status, **more))


def moved(there, status=200, id="r1", **more):
    body = a_referral(id, there, **more)
    return put(f"Referral/{id}", body, status, body if status == 200 else None)
