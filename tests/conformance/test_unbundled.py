"""The entries of a batch or transaction are judged as if each had been sent alone."""

from base64 import b64encode
from json import dumps

import pytest

from conformance.evaluators import verdict
from conformance.reading.plan_writes import LEAD
from conformance.reading.unbundled import unbundled
from conformance.scenario import records
from evidence import a_profile, a_world, by, get, match, post, seen
from plan_stories import CLASS, DIESEL, FIRST, JOINED, OURS, US, a_plan, began, reads, writes
from plan_stories import word as word_of_plans
from record_stories import E1, phone, read, word, wrote

PROFILE = "ParticipantProfile"
TAKEN = {"status": "200", "etag": 'W/"9"'}
CREATED = {"status": "201", "location": f"https://hub.example/cf/x/{PROFILE}/p9/_history/1"}


def an_entry(method, url, resource=None, response=TAKEN, full_url="", **conditions):
    request = {"method": method, "url": url, **conditions}
    named = {"fullUrl": full_url} if full_url else {}
    body = {} if resource is None else {"resource": resource}
    return {**named, **body, "request": request}, {"response": response}


def a_bundle(*entries, kind="transaction", status=200, **headers):
    body = {"resourceType": "Bundle", "type": kind, "entry": [each for each, _ in entries]}
    refusal = {"resourceType": "OperationOutcome"}
    answer = {"entry": [each for _, each in entries]} if status == 200 else refusal
    return post("", body, status, answer, **headers)


def apart(*entries, **how):
    return unbundled(seen(a_bundle(*entries, **how)))


def test_an_entry_has_its_own_method_path_conditions_and_answer():
    update = an_entry("PUT", f"{E1}", a_profile("e1"), ifMatch='W/"8"')
    search = an_entry("GET", f"/{PROFILE}?status=active", response={"status": "404 Not Found"})
    create = an_entry("POST", PROFILE, a_profile(), CREATED, ifNoneExist="pirl-unique-id=CF1")

    first, second, third = apart(update, search, create, if_match='W/"1"', idempotency_key="k")

    assert (first.number, first.method, first.reference, first.status) == (1, "PUT", E1, 200)
    assert first.headers == {"idempotency-key": "k", "if-match": 'W/"8"'}
    assert first.answer_headers == {"etag": 'W/"9"'}
    assert (second.path, second.query, second.status) == (PROFILE, "status=active", 404)
    assert (third.reference, third.headers["if-none-exist"]) == (
        f"{PROFILE}/p9",
        "pirl-unique-id=CF1",
    )
    assert "if-match" not in third.headers


@pytest.mark.parametrize("base", ["", "/", "https://hub.example/cf/x/", "https://hub.example/"])
def test_an_address_may_be_whole(base):
    assert apart(an_entry("GET", f"{base}{E1}")).first.path == E1


def test_what_criteria_name_is_told_by_the_answer():
    entry = an_entry("PUT", f"{PROFILE}?pirl-unique-id=CF1", a_profile(), CREATED)

    assert apart(entry).first.reference == f"{PROFILE}/p9"


def test_a_bundle_that_is_refused_is_refused_in_each_entry():
    entry = an_entry("PUT", E1, a_profile("e1"))

    found = apart(entry, entry, status=429, answer_retry_after="2")

    assert [each.status for each in found] == [429, 429]
    assert found.first.answer_headers == {"retry-after": "2"}


def test_a_patch_is_the_data_of_a_binary():
    patch = [{"op": "remove", "path": "/extension"}]
    media = "application/json-patch+json"
    data = b64encode(dumps(patch).encode()).decode()
    binary = {"resourceType": "Binary", "contentType": media, "data": data}

    found = apart(an_entry("PATCH", E1, binary)).first

    assert (found.body, found.headers["content-type"]) == (patch, media)


def test_names_within_a_transaction_are_the_records_that_were_made():
    name = "urn:uuid:7c1d2f6e-0000-4000-8000-000000000001"
    made = an_entry("POST", PROFILE, a_profile(), CREATED, name)
    about = an_entry("POST", "Referral", {"participant": {"reference": name}})

    found = apart(made, about).last

    assert found.body == {"participant": {"reference": f"{PROFILE}/p9"}}


@pytest.mark.parametrize(
    "entries",
    [
        [],
        ["x"],
        [{"request": None}],
        [{"request": {"method": 5, "url": 7}, "resource": ["x"]}],
        [{"request": {"method": "PATCH", "url": E1}, "resource": {"data": "no base64"}}],
    ],
)
def test_whatever_a_bundle_holds_is_no_error_of_the_suite(entries):
    bundle = post("", {"type": "batch", "entry": entries}, 200, {"entry": ["x"]})

    found = [verdict(f"L1-{at:02d}", seen(bundle), a_world()) for at in range(1, 34)]

    assert "SUITE-ERROR" not in {each.word for each in found}


def test_a_participant_may_be_registered_in_a_transaction():
    made = a_bundle(an_entry("POST", PROFILE, a_profile(meta={"source": "CaseTrack"}), CREATED))

    assert word("L1-06", match(body=a_profile()), made) == "PASS"
    assert word("L1-09", match(body=a_profile()), made) == "PASS"
    assert word("L1-06", made) == "FAIL"


def test_a_tag_in_a_bundle_is_one_that_was_read():
    def update(tag):
        return a_bundle(an_entry("PUT", E1, a_profile("e1"), ifMatch=tag))

    assert word("L1-12", read(1), update('W/"1"')) == "PASS"
    assert word("L1-12", read(1), wrote(1), update('W/"99"')) == "FAIL"
    assert word("L1-12", read(1), update('W/"1"'), wrote(9)) == "PASS"


def test_no_entry_knows_what_another_one_was_answered():
    one = an_entry("PUT", E1, a_profile("e1"), ifMatch='W/"1"')
    two = an_entry("PUT", E1, a_profile("e1"), ifMatch='W/"9"')

    assert word("L1-12", read(1), a_bundle(one, two, kind="batch")) == "FAIL"


def test_people_may_be_sought_in_the_body_of_a_batch():
    person = a_world()["people"]["elvis"]
    search = an_entry("GET", f"{PROFILE}?last-name={person['lastName']}")

    assert word("L1-04", a_bundle(search, kind="batch"), match(body=person)) == "PASS"


def test_a_bundle_that_was_sent_away_is_one_try():
    entry = an_entry("PUT", E1, phone("1"), ifMatch='W/"1"')
    busy = [a_bundle(*[entry] * 9, status=429, answer_retry_after="1") for _ in range(8)]

    assert word("L1-33", *busy, a_bundle(*[entry] * 9)) == "PASS"


def test_the_entries_of_another_agency_are_safe_from_bundles_too():
    careless = a_plan(1, 2, OURS, marks=[(LEAD, US)])
    bundle = a_bundle(an_entry("PUT", "ParticipantSuccessPlan/1", careless, ifMatch='W/"2"'))
    good = began(), reads(FIRST), writes(FIRST, JOINED)

    assert word_of_plans("L4-02", *good) == "PASS"
    assert word_of_plans("L4-02", *good, bundle) == "FAIL"


def test_a_plan_may_be_closed_and_replaced_in_one_transaction():
    closed = a_plan(1, 3, CLASS, OURS, status="discontinued", marks=[(LEAD, US)])
    close = an_entry("PUT", "ParticipantSuccessPlan/1", closed, ifMatch='W/"2"')
    place = "https://hub.example/cf/x/ParticipantSuccessPlan/2/_history/1"
    new = an_entry(
        "POST",
        "ParticipantSuccessPlan",
        a_plan(2, 0, CLASS, goal=DIESEL),
        {"status": "201", "location": place},
    )
    good = began(), reads(FIRST), writes(FIRST, JOINED)

    assert word_of_plans("L4-01", *good, a_bundle(close, new, idempotency_key="k")) == "PASS"
    assert word_of_plans("L4-01", *good, a_bundle(new, idempotency_key="k")) == "FAIL"
    assert word_of_plans("L4-01", *good, a_bundle(close, new, new)) == "FAIL"


def test_ghosts_are_judged_alike():
    marked = by("staff", a_bundle(an_entry("PUT", E1, a_profile("e1"))))
    found = unbundled(seen(marked, get(E1)))

    assert [each.who for each in found] == ["staff", "partner"]
    assert records.UPDATE not in {each.step for each in found}
