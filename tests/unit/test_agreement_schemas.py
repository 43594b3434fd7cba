"""What agreements and consents share with each other, with the code and with their demo rows."""

import json

import pytest

from app import seed
from app.composition import schema_folder
from app.model.access.purpose import PURPOSES
from app.model.registry import load
from app.settings import Settings

REGISTRY = load(schema_folder(Settings()))
META = json.loads(REGISTRY.documents["annotations", "1.0.0"])
DEMO = seed.rows("demo")
CORE = ("mccb", "mdes", "mdhs", "mdrs")


def element(kind, *path):
    return next(each.schema for each in REGISTRY.type(kind).elements if each.path == path)


def demo(kind):
    return [body for key, body in DEMO.items() if key.type == kind]


def terms(consent):
    names = ("regime", "disclosingAgency", "recipients", "scope", "grantedOn", "expiresOn")
    return {name: consent.get(name) for name in names}


@pytest.mark.parametrize("name", ["DataSharingAgreement", "Consent"])
def test_the_purposes_of_a_type_are_the_purposes_of_use(name):
    purposes = element(name, "purposes")

    assert purposes["enum"] == list(PURPOSES)
    assert purposes["x-codes"] == PURPOSES


def test_an_agreement_may_cover_every_label_there_is():
    labels = element("DataSharingAgreement", "labels")["enum"]

    assert labels == META["$defs"]["words"]["properties"]["x-sensitivity"]["enum"]
    assert labels == element("Agency", "dataSharingAgreements", "labels")["enum"]


def test_all_types_know_the_same_regimes():
    first, *others = (
        element("Agency", "confidentialityRegimes"),
        element("ParticipantProfile", "consents", "regime"),
        element("DataSharingAgreement", "regimes"),
        element("Consent", "regime"),
    )

    for each in others:
        assert (each["enum"], each["x-codes"]) == (first["enum"], first["x-codes"])


def test_an_owner_is_a_partner_and_the_other_ends_are_partners_or_agencies():
    for kind in REGISTRY.types.values():
        named = kind.schema.get("x-owner", [])
        ends = [named] if isinstance(named, str) else named
        targets = [kind.references[end,] for end in ends]
        assert all(set(each) <= {"Partner", "Agency"} for each in targets), kind.name
        assert targets[:1] in ([], [("Partner",)]), kind.name


def test_the_core_agencies_have_an_agreement_each_way():
    pairs = [
        (each["disclosingAgency"]["reference"], each["recipientAgency"]["reference"])
        for each in demo("DataSharingAgreement")
    ]

    wanted = [(f"Agency/{a}", f"Agency/{b}") for a in CORE for b in CORE if a != b]
    assert sorted(pairs) == wanted


def test_the_demo_agreements_are_invented_and_disclose_no_wages():
    for each in demo("DataSharingAgreement"):
        assert each["status"] == "active"
        assert each["illustrative"]
        assert "SENS-WAGE" not in each["labels"]
        assert not each["redisclosureAllowed"]


def test_the_demo_consents_are_those_of_the_profiles_and_one_for_rehabilitation():
    given = [
        (key, terms(each))
        for key, body in DEMO.items()
        for each in body.get("consents", [])
        if key.type == "ParticipantProfile"
    ]

    found = [(each["participant"]["reference"], terms(each)) for each in demo("Consent")]

    other = [pair for pair in found if pair not in [(str(key), each) for key, each in given]]
    assert len(found) == len(given) + 1
    assert [each["regime"] for _, each in other] == ["vr-34cfr361"]


def test_the_demo_rows_which_refer_to_each_other_fit_one_batch():
    assert len(DEMO.keys() - seed.rows("lookups").keys()) <= seed.BATCH
