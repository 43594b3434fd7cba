"""Enrollments: what a careful system does, and each careless one that must be seen."""

import pytest

from conformance.evaluators import verdict
from conformance.scenario import leaving, services
from conformance.scenario.caseload import people
from conformance.scenario.figures import (
    ADULT,
    CENTER,
    LITERACY,
    MISTAKEN,
    REPLACED,
    RETIRED,
    figures,
)
from conformance.scenario.services import days
from evidence import a_world, by, during, get, met, post, put, seen, sent

KIND = "ParticipantServiceEnrollment"
ROLES = ("elvis", "referred", "returner", "class1", "class2", "class3", "class4")


@pytest.fixture
def world():
    made = a_world(profiles={role: f"ParticipantProfile/{role}" for role in ROLES})
    made["people"] |= people(made)
    made["services"] = {"referral": "Referral/r1", "second": "Referral/r2"}
    made["services"] |= {"parallel": f"{KIND}/theirs", "told": 1_700_000_000.0}
    return made


def an_enrollment(id="", version=1, role="elvis", **changes):
    body = {
        "resourceType": KIND,
        "participant": {"reference": f"ParticipantProfile/{role}"},
        "service": {"reference": "Service/career-planning"},
        "program": {"reference": ADULT},
        "partner": {"reference": "Partner/mdes-mississippi-works"},
        "localCenter": {"reference": CENTER},
        "enrollmentDate": "2024-02-29",
        "status": "enrolled",
    } | changes
    return body | ({"id": id, "meta": {"versionId": str(version)}} if id else {})


def made(step, id, status=201, key="", **changes):
    headers = {"idempotency_key": key} if key else {}
    answer = an_enrollment(id, **changes) if status == 201 else None
    return during(step, post(KIND, an_enrollment(**changes), status, answer, **headers))


def changed(step, id, version, code=200, **changes):
    answer = an_enrollment(id, version, **changes)
    return during(step, put(f"{KIND}/{id}", an_enrollment(id, **changes), code, answer))


def removed(step, id):
    return during(step, sent("DELETE", f"{KIND}/{id}", status=204))


def told(id, world, *story):
    return verdict(id, seen(*story), world).word


def test_an_enrollment_is_judged_at_the_first_try(world):
    whole = made(services.ENROLL, "e1")
    refused = made(services.ENROLL, "e1", status=422)
    bare = during(services.ENROLL, post(KIND, an_enrollment(localCenter=None), 201, {"id": "e1"}))

    assert told("L2-01", world, whole) == "PASS"
    assert told("L2-01", world, refused, whole) == "FAIL"
    assert told("L2-01", world, bare) == "FAIL"


def test_a_lost_answer_leads_to_one_enrollment(world):
    on = {"referral": {"reference": "Referral/r1"}, "role": "referred"}
    lost = [met("F3", each) for each in made(services.ACCEPTED, "", 503, key="k1", **on)]

    again = made(services.ACCEPTED, "e1", key="k1", **on)
    second = made(services.ACCEPTED, "e2", key="k2", **on)

    assert told("L2-02", world, lost, again) == "PASS"
    assert told("L2-02", world, lost, second) == "FAIL"
    assert told("L2-02", world, again) == "NOT-EXERCISED"


def test_news_that_comes_three_times_leads_to_one_enrollment(world):
    first = {"referral": {"reference": "Referral/r1"}, "role": "referred"}
    lost = [met("F3", each) for each in made(services.ACCEPTED, "", 503, key="k1", **first)]
    on = {"referral": {"reference": "Referral/r2"}, "role": "referred"}
    one, two = (made(services.TOLD, f"t{each}", key=f"t{each}", **on) for each in (1, 2))

    assert told("L2-02", world, lost, one) == "PASS"
    assert told("L2-02", world, lost, one, two) == "FAIL"


def test_nobody_is_enrolled_before_the_acceptance(world):
    on = {"referral": {"reference": "Referral/r1"}, "role": "referred"}
    accepted = by("staff", put("Referral/r1", {"status": "accepted"}))
    early, good = made(services.TOO_EARLY, "e0", **on), made(services.ACCEPTED, "e1", **on)

    assert told("L2-03", world, accepted, good) == "PASS"
    assert told("L2-03", world, early, accepted, good) == "FAIL"
    assert told("L2-03", world, good) == "FAIL"
    assert told("L2-03", world, accepted) == "NOT-EXERCISED"


def test_a_change_is_a_new_version_of_the_same(world):
    first, update = made(services.ENROLL, "e1"), changed(services.UPDATE, "e1", 2)
    anew = [*removed(services.UPDATE, "e1"), *made(services.UPDATE, "e2")]

    assert told("L2-04", world, first, update) == "PASS"
    assert told("L2-04", world, first, anew) == "FAIL"
    assert told("L2-04", world, first) == "NOT-EXERCISED"


def test_a_mistake_stays_with_its_reason(world):
    wrong = made(services.WRONG, "w1")
    why = [{"url": "https://x.example/why", "valueString": figures(world).reason}]
    back = {"status": "entered-in-error"}

    assert (
        told("L2-05", world, wrong, changed(services.CORRECT, "w1", 2, extension=why, **back))
        == "PASS"
    )
    assert told("L2-05", world, wrong, changed(services.CORRECT, "w1", 2, **back)) == "FAIL"
    assert told("L2-05", world, wrong, removed(services.CORRECT, "w1")) == "FAIL"


def test_no_day_moves(world):
    def shifted(shift="", status=201):
        return [
            during(
                step,
                post(
                    KIND,
                    an_enrollment(**told) | ({"enrollmentDate": shift} if shift else {}),
                    status,
                    {"id": step},
                ),
            )
            for step, told in days(world).items()
        ]

    assert told("L2-06", world, *shifted()) == "PASS"
    assert told("L2-06", world, *shifted("2024-02-28")) == "FAIL"
    assert told("L2-06", world, *shifted()[:1]) == "NOT-EXERCISED"
    assert told("L2-06", world, *shifted(status=422)) == "NOT-EXERCISED"
    assert told("L2-06", world, *shifted("2024-02-28", 422)) == "FAIL"


def test_what_another_agency_made_is_left_alone(world):
    own = [*made(services.ENROLL, "e1"), *changed(services.UPDATE, "e1", 2)]

    assert told("L2-07", world, own) == "PASS"
    assert told("L2-07", world, own, changed(services.UPDATE, "theirs", 2)) == "FAIL"
    assert told("L2-07", world, own, changed(services.UPDATE, "theirs", 2, code=403)) == "FAIL"


def a_batch(step, *entries):
    """Return a batch of days of class1 and the status of each."""
    bodies = [
        (an_enrollment(role="class1", enrollmentDate=day, **more), status)
        for day, status, more in entries
    ]
    body = {
        "type": "batch",
        "entry": [
            {"request": {"method": "POST", "url": KIND}, "resource": each} for each, _ in bodies
        ],
    }
    answer = {"entry": [{"response": {"status": status}} for _, status in bodies]}
    return during(step, post("", body, 200, answer))


def test_only_what_was_refused_is_sent_again(world):
    first = a_batch(services.BATCH, ("2024-06-03", "201", {}), ("2024-06-04", "422", {}))
    rest = a_batch(services.REST, ("2024-06-04", "201", {}))
    whole = a_batch(services.REST, ("2024-06-03", "201", {}), ("2024-06-04", "201", {}))

    assert told("L2-08", world, first, rest) == "PASS"
    assert told("L2-08", world, first, whole) == "FAIL"
    assert told("L2-08", world, first) == "NOT-EXERCISED"


def test_a_retired_code_is_replaced_by_the_one_that_the_hub_has(world):
    row = next(e for e in figures(world).rows if "literacy" in e["service"].lower())
    day = {"enrollmentDate": row["from"], "role": row["who"]}
    new = {"service": {"reference": f"Service/{figures(world).new_code}"}}
    old = made(services.BATCH, "", 422, service={"reference": RETIRED}, **day)
    look = during(services.BATCH, get("Service/x", {"resourceType": "Service"}))

    assert told("L2-10", world, old, look, made(services.BATCH, "e9", **day, **new)) == "PASS"
    assert told("L2-10", world, old, look) == "FAIL"
    assert told("L2-10", world, old, look, made(services.BATCH, "e9", **day)) == "FAIL"
    assert told("L2-10", world, made(services.BATCH, "e9", **day, **new)) == "FAIL"


def test_who_comes_back_gets_a_new_period(world):
    old = made(services.NEW_YEAR, "p1", role="returner")
    ended = changed(leaving.EXIT, "p1", 2, role="returner", endDate=figures(world).spring)
    new = made(leaving.RETURN, "p2", role="returner")

    assert told("L2-09", world, old, ended, new) == "PASS"
    assert told("L2-09", world, old, ended, new, changed(leaving.RETURN, "p1", 3)) == "FAIL"
    assert told("L2-09", world, old, ended, made(leaving.RETURN, "p2", role="elvis")) == "FAIL"
    assert told("L2-09", world, old, ended) == "NOT-EXERCISED"


def test_a_change_that_does_not_come_is_late(world):
    first = made(services.ENROLL, "e1")
    later = changed(services.END, "e1", 2)

    assert told("L2-11", world, first, later) == "PASS"
    assert told("L2-11", world | {"services": {"told": 1_699_990_000.0}}, first, later) == "FAIL"


def test_the_same_again_is_one_write_too_many(world):
    first = [*made(services.ENROLL, "e1"), *changed(services.UPDATE, "e1", 2, endDate="2024-03-01")]
    again = changed(services.REPEAT, "e1", 2, endDate="2024-03-01")
    more = changed(services.REPEAT, "e1", 3, endDate="2024-04-01")

    assert told("L2-12", world, first, more) == "PASS"
    assert told("L2-12", world, first, again) == "FAIL"


@pytest.mark.parametrize("number", range(1, 13))
def test_a_system_that_sends_nothing_passes_nothing(world, number):
    assert told(f"L2-{number:02d}", world) == "NOT-EXERCISED"


def test_a_seed_makes_the_same_figures_and_another_one_makes_others(world):
    rows = figures(world).rows

    assert figures(world) == figures(dict(world))
    assert figures(world).rows != figures(world | {"seed": "other"}).rows
    assert len(rows) == len({(each["who"], each["from"]) for each in rows})
    assert len([each for each in rows if each["to"] < each["from"]]) == MISTAKEN
    assert len([each for each in rows if each["service"] == LITERACY]) == REPLACED


def test_the_same_person_has_not_two_parts(world):
    numbers = [each["ssn"] for each in people(world).values()]

    assert len(numbers) == len(set(numbers))
    assert all(each.startswith(("000", "666")) for each in numbers)
