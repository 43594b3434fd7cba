"""Whose word a consent is: the discloser's to give, anybody's to withdraw, no further than said."""

import pytest

from agencies import PARTNERS, a_state
from builders import a_profile, an_example

ANY = {"If-Match": "*"}
VR, FERPA, SNAP = "vr-34cfr361", "ferpa-34cfr99", "snap-7cfr272"
OF = {VR: "mdrs", FERPA: "mccb", SNAP: "mdhs"}
"""Law → the agency that discloses under it here."""


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("consents")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    """Return the clients by short name; the partners ask to coordinate services."""
    return state.clients()


def agency(name):
    return {"reference": f"Agency/{name}"}


def of(name):
    return {"reference": f"Partner/{PARTNERS[name]}"}


def made(http, body, by="staff"):
    reply = http[by].post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def person(http, **changes):
    """Return a reference to a new participant."""
    return {"reference": f"ParticipantProfile/{made(http, a_profile(**changes))['id']}"}


def a_referral(http, whose, **changes):
    """Return a referral to vocational rehabilitation, from MDES unless said otherwise."""
    return made(http, an_example("Referral") | {"participant": whose} | changes)


def words(discloser, recipient, regime=VR, **changes):
    """Return what a consent says, wherever it stands."""
    return {
        "regime": regime,
        "disclosingAgency": agency(discloser),
        "recipients": [agency(recipient)],
        "grantedOn": "2025-05-05",
        **changes,
    }


def a_consent(whose, keeper, discloser, recipient, regime=VR, **changes):
    """Return the body of a consent whose form a partner keeps."""
    said = words(discloser, recipient, regime, method="written", **changes)
    return an_example("Consent") | {"participant": whose, "partner": of(keeper)} | said


def refused(reply, pointer):
    assert reply.status_code == 403, reply.text
    issue = reply.json["issue"][0]
    assert issue["details"]["coding"][0]["code"] == "not-discloser"
    assert pointer in [each.get("valueString") for each in issue["extension"]]


def sees(http, name, body):
    return http[name].get(f"/v1/{body['resourceType']}/{body['id']}").status_code == 200


def ids(reply):
    assert reply.status_code == 200, reply.text
    return [each["resource"]["id"] for each in reply.json.get("entry", ()) if "resource" in each]


def status_of(http, name, referral):
    """Return what a client is told of how a referral stands."""
    return http[name].get(f"/v1/Referral/{referral['id']}").json.get("status")


def test_the_consent_that_a_referral_carries_is_for_who_sent_it(http):
    own = {"consent": {"obtainedOn": "2025-05-05", "method": "written"}}
    plain, carrying = a_referral(http, person(http)), a_referral(http, person(http), **own)

    assert [status_of(http, "mdes", each) for each in (plain, carrying)] == [None, "requested"]
    for name in ("mdhs", "mccb"):
        assert not sees(http, name, carrying)
        path = f"/v1/Referral?participant={carrying['participant']['reference']}"
        assert not http[name].get(path).json.get("entry")


@pytest.mark.parametrize("discloser", ["mdhs", "mccb", "mdes"])
@pytest.mark.parametrize("way", ["resource", "profile"])
def test_a_consent_to_another_discloser_opens_nothing(http, way, discloser):
    for which in (discloser, "mdrs"):
        whose = person(http)
        referral = a_referral(http, whose)
        if way == "resource":
            made(http, a_consent(whose, "mdrs", which, "mdhs"))
        else:
            change = {"consents": [words(which, "mdhs")]}
            path = f"/v1/{whose['reference']}"
            assert http["staff"].patch(path, json=change, headers=ANY).status_code == 200
        assert sees(http, "mdhs", referral) == (which == "mdrs")


@pytest.mark.parametrize("regime", [FERPA, SNAP])
def test_a_consent_to_disclose_under_another_law_opens_nothing(http, regime):
    whose = person(http)
    referral = a_referral(http, whose)
    made(http, a_consent(whose, "mdrs", "mdrs", "mdhs", regime))

    assert not sees(http, "mdhs", referral)


@pytest.mark.parametrize("regime", sorted(OF))
def test_only_who_discloses_makes_a_consent_active(http, regime):
    whose, discloser = person(http), OF[regime]
    for name in sorted({"mdes", "mdhs", "mccb", "mdrs"} - {discloser}):
        body = a_consent(whose, name, discloser, name, regime)
        refused(http[name].post("/v1/Consent", json=body), "/status")
        proposed = made(http, body | {"status": "proposed"}, by=name)
        path = f"/v1/Consent/{proposed['id']}"
        refused(http[name].patch(path, json={"status": "active"}, headers=ANY), "/status")
        refused(http[name].put(path, json=proposed | {"status": "active"}, headers=ANY), "/status")
        assert http["staff"].get(path).json["status"] == "proposed"

    assert made(http, a_consent(whose, discloser, discloser, "mdes", regime), by=discloser)
    assert made(http, a_consent(whose, "mdes", discloser, "mdes", regime))


def test_what_another_agency_proposes_opens_nothing_until_the_discloser_says_so(http):
    whose = person(http)
    referral = a_referral(http, whose)
    body = a_consent(whose, "mdhs", "mdrs", "mdhs", status="proposed")
    path = f"/v1/Consent/{made(http, body, by='mdhs')['id']}"
    assert not sees(http, "mdhs", referral)

    reply = http["mdrs"].patch(path, json={"status": "active"}, headers=ANY)

    assert reply.status_code == 200, reply.text
    assert sees(http, "mdhs", referral)


@pytest.mark.parametrize("name", ["mdhs", "mdrs", "staff"])
def test_whoever_has_a_part_withdraws_it_and_that_counts_at_once(http, name):
    whose = person(http)
    referral = a_referral(http, whose)
    path = f"/v1/Consent/{made(http, a_consent(whose, 'mdhs', 'mdrs', 'mdhs'))['id']}"
    assert sees(http, "mdhs", referral)

    change = {"status": "withdrawn", "withdrawnOn": "2025-06-01"}
    reply = http[name].patch(path, json=change, headers=ANY)

    assert reply.status_code == 200, reply.text
    assert not sees(http, "mdhs", referral)


def test_a_withdrawn_consent_is_not_made_active_again_by_who_it_served(http):
    withdrawn = {"status": "withdrawn", "withdrawnOn": "2025-06-01"}
    whose = person(http)
    path = f"/v1/Consent/{made(http, a_consent(whose, 'mdhs', 'mdrs', 'mdhs'))['id']}"
    http["mdrs"].patch(path, json=withdrawn, headers=ANY)

    change = {"status": "active", "withdrawnOn": None}
    assert http["mdhs"].patch(path, json=change, headers=ANY).status_code in {403, 404, 422}


@pytest.mark.parametrize("name", ["mdes", "mdhs", "mccb"])
def test_nobody_but_the_discloser_adds_a_consent_to_a_profile(http, name):
    path = f"/v1/{person(http)['reference']}"
    new = words("mdrs", name)
    seen = http[name].get(path).json

    refused(http[name].patch(path, json={"consents": [new]}, headers=ANY), "/consents/0")
    refused(http[name].put(path, json=seen | {"consents": [new]}, headers=ANY), "/consents/0")
    refused(http[name].post("/v1/ParticipantProfile", json=a_profile(consents=[new])),
            "/consents/0")  # fmt: skip

    assert "consents" not in http["staff"].get(path).json


def test_a_profile_takes_consents_of_ones_own_and_what_is_revoked(http):
    path = f"/v1/{person(http)['reference']}"
    own, revoked = words("mdhs", "mdes", SNAP), words("mccb", "mdes", FERPA, revokedOn="2025-06-01")
    other = words("mccb", "mdhs", FERPA)

    assert (
        http["mdhs"].patch(path, json={"consents": [own, revoked]}, headers=ANY).status_code < 300
    )
    assert http["staff"].patch(path, json={"consents": [own, other]}, headers=ANY).status_code < 300
    kept = {"consents": [other | {"revokedOn": "2025-06-01"}, own]}
    assert http["mdes"].patch(path, json=kept, headers=ANY).status_code == 200
    refused(http["mdes"].patch(path, json={"consents": [own, other]}, headers=ANY), "/consents/1")


@pytest.mark.parametrize(("changes", "is_ended"), [
    pytest.param({}, True, id="the same"),
    pytest.param({"regime": FERPA}, False, id="under another law"),
    pytest.param({"disclosingAgency": agency("mccb")}, False, id="of another agency"),
    pytest.param({"withdrawnOn": "2025-05-04"}, False, id="before it was given"),
])  # fmt: skip
def test_a_withdrawn_consent_ends_the_same_one_on_the_profile(http, changes, is_ended):
    whose = person(http, consents=[words("mdrs", "mdhs")])
    referral = a_referral(http, whose)
    assert sees(http, "mdhs", referral)

    gone = {"status": "active", "grantedOn": "2025-05-01", **changes}
    gone.pop("withdrawnOn", None)
    path = f"/v1/Consent/{made(http, a_consent(whose, 'mdhs', 'mdrs', 'mdes') | gone)['id']}"
    on = changes.get("withdrawnOn", "2025-06-01")
    change = {"status": "withdrawn", "withdrawnOn": on}
    assert http["staff"].patch(path, json=change, headers=ANY).status_code == 200

    assert sees(http, "mdhs", referral) == (not is_ended)


def test_a_consent_about_vocational_rehabilitation_is_not_for_third_agencies(state, http):
    whose = person(http)
    protected = made(http, a_consent(whose, "mdes", "mdrs", "mdes"))
    other = made(http, a_consent(whose, "mdes", "mdhs", "mdes", SNAP))
    state.sequence()

    assert [sees(http, name, protected) for name in ("mdes", "mdrs", "mdhs", "mccb")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert sees(http, "mdhs", other)
    whom = whose["reference"]
    for path in (
        f"Consent?participant={whom}", f"Consent?participant={whom}&regime={VR}",
        f"Consent?_id={protected['id']}", f"{whom}/Consent", "Consent/_history?_count=200",
        f"ParticipantProfile?_id={whom.partition('/')[2]}&_revinclude=Consent:participant",
        "$changes?_type=Consent&_count=200",
    ):  # fmt: skip
        assert protected["id"] not in ids(http["mdhs"].get(f"/v1/{path}")), path
        assert protected["id"] in ids(http["mdrs"].get(f"/v1/{path}")), path
    count = f"/v1/Consent?participant={whom}&_summary=count"
    assert http["mdhs"].get(count).json["total"] == 1
