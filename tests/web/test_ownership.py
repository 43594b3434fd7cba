"""Who may write which row: staff the lookups, owners their own, both ends a referral."""

import pytest

from agencies import PARTNERS, a_state
from builders import a_profile, an_agency, an_example

ANY = {"If-Match": "*"}
OWNED = {
    "Consent": "partner",
    "ParticipantCredential": "partner",
    "ParticipantScore": "partner",
    "ParticipantServiceAssessment": "partner",
    "ParticipantServiceEnrollment": "partner",
}
NAMES = ("mdes", "mdhs", "mdrs", "mccb", "youth", "college")


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("ownership")) as made:
        wide = "system/*.cruds"
        made.register("mdes-wide", wide, "Partner/mdes-mississippi-works", "referral")
        made.register("staff-partner", f"{wide} hub/staff", "Partner/mdes-mississippi-works")
        made.register("nobody", wide, None, "referral")
        yield made


@pytest.fixture(scope="module")
def http(state):
    """Return the clients by short name; all ask about a referral."""
    found = {name: state.client(name, "referral") for name in NAMES}
    more = ("mdes-wide", "staff-partner", "nobody")
    return found | {name: state.client(name) for name in more} | {
        "staff": state.client("state-staff")
    }  # fmt: skip


def of(name):
    return {"reference": f"Partner/{PARTNERS[name]}"}


def person(http):
    reply = http["staff"].post("/v1/ParticipantProfile", json=a_profile())
    return {"reference": f"ParticipantProfile/{reply.json['id']}"}


def a_row(http, kind, owner):
    """Return a new row of a partner, which it wrote itself where its level allows."""
    body = an_example(kind) | {"participant": person(http), OWNED[kind]: of(owner)}
    body |= {"disclosingAgency": {"reference": "Agency/mdes"}} if kind == "Consent" else {}
    reply = http["staff"].post(f"/v1/{kind}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def a_referral(http, source="mdes", target="mccb"):
    agency = f"Agency/{target}"
    program = {"mccb": "title2-aefla", "mdhs": "snap", "mdes": "title1-adult"}[target]
    return an_example("Referral") | {
        "participant": person(http),
        "sourceAgency": {"reference": f"Agency/{source}"},
        "sourcePartner": of(source),
        "targetAgency": {"reference": agency},
        "targetPartner": of(target),
        "targetPrograms": [{"reference": f"Program/{program}"}],
    }


def refused(reply, status=403, detail="forbidden"):
    assert reply.status_code == status, reply.text
    assert reply.json["issue"][0]["details"]["coding"][0]["code"] == detail
    return reply.json["issue"][0]


def pointer(issue):
    return next((each["valueString"] for each in issue["extension"]
                 if each["url"].endswith("json-pointer")), None)  # fmt: skip


@pytest.mark.parametrize("kind", [
    "Agency", "Assessment", "Credential", "DataSharingAgreement", "LocalCenter", "Partner",
    "Program", "Service", "ServiceCategory",
])  # fmt: skip
def test_a_lookup_is_for_staff_whatever_the_scopes(http, kind):
    body = an_example(kind)
    path = f"/v1/{kind}"
    for reply in (
        http["mdes-wide"].post(path, json=body),
        http["mdes-wide"].put(f"{path}/new-one", json=body),
        http["nobody"].post(path, json=body),
        http["mdes-wide"].delete(f"{path}/new-one"),
    ):
        assert "hub/staff" in refused(reply)["diagnostics"]


def test_staff_of_an_agency_keep_lookups_and_sign_as_their_partner(http):
    reply = http["staff-partner"].post("/v1/Agency", json=an_agency())

    assert reply.status_code == 201
    assert reply.json["meta"]["source"] == of("mdes")["reference"]


def test_a_client_of_nobody_sees_lookups_only(http):
    assert http["nobody"].get("/v1/Agency/mdes").status_code == 200
    for path in ("ParticipantProfile", "Referral", "Referral/x", "$changes?_type=Referral"):
        refused(http["nobody"].get(f"/v1/{path}"))


@pytest.mark.parametrize("kind", sorted(OWNED))
def test_a_row_is_its_owners_to_change_and_to_delete(http, kind):
    row = a_row(http, kind, "mdes")
    path = f"/v1/{kind}/{row['id']}"
    change = {"identifier": [{"system": "https://own.example/ids", "value": row["id"]}]}
    for other in ("mccb", "mdrs", "mdhs"):
        for reply in (
            http[other].put(path, json=row, headers=ANY),
            http[other].patch(path, json=change, headers=ANY),
            http[other].delete(path, headers=ANY),
        ):
            assert reply.status_code == 403, reply.text

    assert http["mdes"].patch(path, json=change, headers=ANY).status_code == 200
    assert http["mdes"].delete(path, headers=ANY).status_code == 204
    assert http["mdes"].delete(path, headers=ANY).status_code == 204
    assert http["mdes"].get(path).status_code == 410


@pytest.mark.parametrize("kind", sorted(OWNED))
def test_nobody_makes_a_row_in_the_name_of_another(http, kind):
    body = an_example(kind) | {"participant": person(http), OWNED[kind]: of("mccb")}

    issue = refused(http["mdes"].post(f"/v1/{kind}", json=body))

    assert pointer(issue) == f"/{OWNED[kind]}/reference"


@pytest.mark.parametrize("kind", sorted(OWNED))
def test_the_owner_does_not_give_a_row_away(http, kind):
    row = a_row(http, kind, "mdes")
    path = f"/v1/{kind}/{row['id']}"
    seen = http["mdes"].get(path).json
    taken = {OWNED[kind]: of("mccb")}

    for reply in (
        http["mdes"].put(path, json=seen | taken, headers=ANY),
        http["mdes"].patch(path, json=taken, headers=ANY),
    ):
        assert pointer(refused(reply)) == f"/{OWNED[kind]}/reference"
    assert http["staff"].get(path).json[OWNED[kind]] == of("mdes")


def test_another_partner_of_the_same_agency_reads_and_does_not_write(http):
    row = a_row(http, "ParticipantServiceAssessment", "mdes")
    path = f"/v1/ParticipantServiceAssessment/{row['id']}"
    seen = http["youth"].get(path)

    assert seen.status_code == 200
    refused(http["youth"].put(path, json=seen.json, headers=ANY))
    refused(http["youth"].delete(path, headers=ANY))


def test_a_referral_is_for_both_its_ends_to_change(http):
    made = http["mdes"].post("/v1/Referral", json=a_referral(http))
    assert made.status_code == 201, made.text
    path = f"/v1/Referral/{made.json['id']}"

    for name in ("mccb", "mdes"):
        reply = http[name].patch(path, json={"note": f"Seen by {name}"}, headers=ANY)
        assert reply.status_code == 200, reply.text
    assert http["mdhs"].patch(path, json={"note": "Not mine"}, headers=ANY).status_code in (
        403,
        404,
    )
    refused(http["mccb"].delete(path, headers=ANY))
    refused(http["mccb"].patch(path, json={"sourcePartner": of("mccb")}, headers=ANY))
    assert http["mdes"].delete(path, headers=ANY).status_code == 204


def test_the_target_hands_a_referral_on_within_its_agency(http):
    body = a_referral(http)
    del body["targetPartner"]
    path = f"/v1/Referral/{http['mdes'].post('/v1/Referral', json=body).json['id']}"

    reply = http["mccb"].patch(path, json={"targetPartner": of("college")}, headers=ANY)

    assert reply.status_code == 200, reply.text


def test_nobody_refers_in_the_name_of_another(http):
    issue = refused(http["mdes"].post("/v1/Referral", json=a_referral(http, source="mccb",
                                                                     target="mdes")))  # fmt: skip

    assert pointer(issue) == "/sourcePartner/reference"


def test_a_plan_names_its_last_writer(http):
    body = an_example("ParticipantSuccessPlan") | {"participant": person(http)}
    path = "/v1/ParticipantSuccessPlan"

    issue = refused(http["mdes"].post(path, json=body | {"lastEditedBy": of("mdrs")}))
    made = http["mdes"].post(path, json=body | {"lastEditedBy": of("mdes")})

    assert pointer(issue) == "/lastEditedBy/reference"
    assert made.status_code == 201


@pytest.mark.parametrize(("name", "kind", "level"), [
    ("mdhs", "ParticipantScore", 3),
    ("mdhs", "ParticipantCredential", 3),
    ("mdrs", "ParticipantSuccessPlan", 4),
    ("youth", "ParticipantServiceEnrollment", 2),
    ("college", "Referral", 1),
    ("college", "Consent", 1),
    ("college", "ParticipantProfile", 1),
])  # fmt: skip
def test_a_level_too_low_is_told_with_what_is_missing_and_what_to_run(http, name, kind, level):
    body = an_example(kind)
    path = f"/v1/{kind}"
    nothing = f"{path}/01920000-0000-7000-8000-00000000abcd"
    for reply in (
        http[name].post(path, json=body),
        http[name].put(nothing, json=body, headers=ANY),
        http[name].patch(nothing, json={}, headers=ANY),
        http[name].delete(nothing, headers=ANY),
    ):
        text = refused(reply, detail="conformance-level")["diagnostics"]
        assert f"level {level}" in text
        assert f"wioa-conformance run L{level} --certify" in text


def test_a_level_raised_by_staff_counts_at_once(http):
    consent = an_example("Consent") | {
        "partner": of("college"),
        "participant": person(http),
        "disclosingAgency": {"reference": "Agency/mccb"},
    }
    college = f"/v1/Partner/{PARTNERS['college']}"
    refused(http["college"].post("/v1/Consent", json=consent), detail="conformance-level")

    for level, status in ((1, 201), (0, 403)):
        raised = http["staff"].patch(college, json={"onboardingLevel": level}, headers=ANY)
        assert raised.status_code == 200
        assert http["college"].post("/v1/Consent", json=consent).status_code == status


@pytest.mark.parametrize("status", ["suspended", "inactive"])
def test_a_partner_that_is_not_active_has_lookups_only(http, status):
    path = "/v1/Partner/youth-delta"
    before = http["staff"].get(path).json["status"]
    try:
        assert http["staff"].patch(path, json={"status": status}, headers=ANY).status_code == 200
        refused(http["youth"].get("/v1/ParticipantProfile"))
        assert http["youth"].get("/v1/Agency").status_code == 200
    finally:
        reply = http["staff"].patch(path, json={"status": before}, headers=ANY)
    assert reply.status_code == 200, reply.text
    assert http["youth"].get("/v1/ParticipantProfile").status_code == 200


def test_only_who_discloses_makes_a_consent_count(http):
    body = an_example("Consent") | {"partner": of("mdes"), "participant": person(http)}
    path = "/v1/Consent"

    issue = refused(http["mdes"].post(path, json=body), detail="not-discloser")
    proposed = {name: value for name, value in body.items() if name != "grantedOn"}
    made = http["mdes"].post(path, json=proposed | {"status": "proposed"})

    assert pointer(issue) == "/status"
    assert made.status_code == 201, made.text
