"""Credentials: complete, found before they are made, dropped once they are revoked."""

import pytest

from conformance.evaluators import verdict
from conformance.scenario import scores, training
from conformance.scenario.figures import EQUIVALENCY, LICENCE, figures
from evidence import a_world, by, during, post, put, seen, sent

KIND, ENROLLMENT = "ParticipantCredential", "ParticipantServiceEnrollment"
THERE = f"{KIND}/theirs"
WORLD = a_world(profiles={"elvis": "ParticipantProfile/elvis"}, services={"licence": THERE})
CLAIM = [{"url": "https://x.example/rests-on", "valueReference": {"reference": THERE}}]


def a_credential(**changes):
    return {
        "resourceType": KIND,
        "participant": {"reference": "ParticipantProfile/elvis"},
        "credential": {"reference": EQUIVALENCY},
        "credentialType": "1",
        "issuer": "Mississippi Community College Board",
        "attainedOn": figures(WORLD).awarded,
        "verification": "certificate-copy",
        "status": "earned",
    } | changes


def made(step, code=201, **changes):
    return during(step, post(KIND, a_credential(**changes), code, a_credential(id="c1")))


def looked():
    return during(training.KNOWN, post(f"{KIND}/_search", None, 200, {"entry": []}))


def trained(extension=CLAIM):
    body = {"extension": extension}
    known = body | {"resourceType": ENROLLMENT, "id": "e1"}
    return during(training.TRAIN, post(ENROLLMENT, body, 201, known))


def updated(extension=()):
    body = {"extension": list(extension), "plannedEndDate": training.ENDS}
    return during(training.AFTER, put(f"{ENROLLMENT}/e1", body, 200, body | {"id": "e1"}))


def revoked():
    return by("staff", *during(training.REVOKED, put(THERE, {"status": "revoked"}, 200, {})))


def told(id, *story):
    return verdict(id, seen(*story), WORLD).word


@pytest.mark.parametrize(("changes", "word"), [
    pytest.param({}, "PASS", id="complete"),
    pytest.param({"issuer": None}, "FAIL", id="no issuer"),
    pytest.param({"attainedOn": "2024-01-01"}, "FAIL", id="another day"),
    pytest.param({"code": 422}, "FAIL", id="refused at the first try"),
])  # fmt: skip
def test_a_credential_says_who_gave_it_when_and_how_that_is_known(changes, word):
    assert told("L3-07", made(scores.CREDENTIAL, **changes)) == word


def test_a_licence_that_is_known_is_linked_and_not_copied():
    copy = made(training.KNOWN, credential={"reference": LICENCE})

    assert told("L3-08", looked(), trained()) == "PASS"
    assert told("L3-08", looked(), copy, trained()) == "FAIL"
    assert told("L3-08", looked(), trained([])) == "FAIL"
    assert told("L3-08", trained()) == "NOT-EXERCISED"


def test_nothing_rests_on_a_licence_that_was_revoked():
    anew = made(training.AFTER, credential={"reference": LICENCE})

    assert told("L3-09", trained(), revoked(), updated()) == "PASS"
    assert told("L3-09", trained(), revoked(), updated(CLAIM)) == "FAIL"
    assert told("L3-09", trained(), revoked(), updated(), anew) == "FAIL"
    assert told("L3-09", trained(), revoked()) == "NOT-EXERCISED"
    assert told("L3-09", trained([]), revoked(), updated()) == "NOT-EXERCISED"


@pytest.mark.parametrize(
    ("patch", "word"),
    [
        pytest.param({"plannedEnd": training.ENDS}, "FAIL", id="of something else"),
        pytest.param({"plannedEnd": training.ENDS, "extension": None}, "PASS", id="that drops it"),
        pytest.param([{"op": "remove", "path": "/extension/0"}], "PASS", id="that removes it"),
        pytest.param(
            [
                {"op": "test", "path": "/extension/0", "value": CLAIM[0]},
                {"op": "remove", "path": "/extension"},
            ],
            "PASS",
            id="that names it only to be sure",
        ),
    ],
)
@pytest.mark.parametrize("status", [200, 403])
def test_what_stands_after_a_patch_rests_on_nothing_revoked(patch, word, status):
    tried = during(training.AFTER, sent("PATCH", f"{ENROLLMENT}/e1", patch, status))

    assert told("L3-09", trained(), revoked(), tried, updated()) == word


def test_another_enrollment_that_rests_on_it_is_seen_too():
    again = during(training.AFTER, post(ENROLLMENT, {"extension": CLAIM}, 422))

    assert told("L3-09", trained(), revoked(), again, updated()) == "FAIL"


def test_no_upload_is_ever_claimed_to_have_been_seen():
    assert told("L3-10", trained()) == "NOT-EXERCISED"


@pytest.mark.parametrize("number", [7, 8, 9])
def test_a_system_that_sends_no_credential_passes_nothing(number):
    assert told(f"L3-{number:02d}") == "NOT-EXERCISED"
