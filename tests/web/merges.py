"""Merging and taking apart over HTTP, and what clients see before and after."""

from builders import a_profile, an_example

PROFILE = "ParticipantProfile"
ANY = {"If-Match": "*"}
AGENCIES = ("mdes", "mdhs", "mdrs", "mccb")


def merge(http, gone, into, **changes):
    """Merge by the current versions, or by those given."""
    sent = {
        "into": {"reference": f"{PROFILE}/{into}"},
        "version": changes.get("version") or version(http, gone),
        "intoVersion": changes.get("intoVersion") or version(http, into),
    }
    return operate(http, gone, "merge", sent, changes.get("key"))


def unmerge(http, gone, **changes):
    return operate(http, gone, "unmerge", {"version": version(http, gone), **changes})


def operate(http, id, name, inputs, key=None):
    given = [
        {"name": name, "valueReference" if name == "into" else "valueInteger": value}
        for name, value in inputs.items()
    ]
    headers = {"Idempotency-Key": key} if key else {}
    body = {"resourceType": "Parameters", "parameter": given}
    return http.post(f"/v1/{PROFILE}/{id}/${name}", json=body, headers=headers)


def told(reply):
    """Return the parameters of an answer by name."""
    assert reply.status_code == 200, reply.text
    found = {}
    for each in reply.json["parameter"]:
        (found[each["name"]],) = (value for name, value in each.items() if name != "name")
    return found


def fault(reply):
    return reply.status_code, reply.json["issue"][0]["details"]["coding"][0]["code"]


def version(http, id):
    return int(http.get(f"/v1/{PROFILE}/{id}").json["meta"]["versionId"])


def made(http, body):
    reply = http.post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def a_person(http, **changes):
    return made(http, a_profile(**changes))["id"]


def a_consent(id):
    return an_example("Consent") | {"participant": {"reference": f"{PROFILE}/{id}"}}


def whose(http, consent):
    return http.get(f"/v1/Consent/{consent}").json["participant"]["reference"]


def everything(http, names):
    """Return all that a client sees of some types, by reference, as reads answer it."""
    found = {}
    for name in names:
        page = http.get(f"/v1/{name}?_count=100").json
        for each in page.get("entry", ()):
            reference = f"{name}/{each['resource']['id']}"
            found[reference] = http.get(f"/v1/{reference}").json
    return found


def shots(state, names):
    """Return what staff and each agency see."""
    purpose = "service-coordination"
    clients = {name: state.client(name, purpose) for name in AGENCIES}
    clients["staff"] = state.client("state-staff")
    return {name: everything(each, names) for name, each in clients.items()}


def follow(http, address):
    """Return what the feed tells from an address on, and the address to go on from."""
    found = set()
    while True:
        page = http.get(address).json
        (address,) = (each["url"] for each in page["link"] if each["relation"] == "next")
        if "entry" not in page:
            return found, address
        bodies = (each["resource"] for each in page["entry"])
        found |= {f"{each['resourceType']}/{each['id']}" for each in bodies}


def content(body, *besides):
    return {name: value for name, value in body.items() if name not in ("meta", *besides)}


def about(rows, id):
    return {
        reference
        for reference, body in rows.items()
        if body.get("participant") == {"reference": f"{PROFILE}/{id}"}
    }
