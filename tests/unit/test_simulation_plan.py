"""The state year is decided before the first request: exact shares, the same for the same seed."""

from collections import Counter
from random import Random

import pytest

from app.simulation import year_plan
from app.simulation.people import SEEDS, Place, person, phone, places, serial, ssn
from app.simulation.questions import answers, unchecked
from app.simulation.shares import apportioned, percent
from app.simulation.year import BATCH, batches
from app.simulation.year_plan import AGENCIES, OUTCOMES, PARTICIPANTS, fates, visits

DICE = Random(1)  # noqa: S311 - nobody's secret
HERE = Place("delta", "Clarksdale", "28027", "LocalCenter/win-clarksdale")


@pytest.mark.parametrize("total", [0, 1, 3, 7, 99, 100, 108, 47_023])
def test_shares_add_up_and_are_never_off_by_one(total):
    found = apportioned(total, OUTCOMES)

    assert sum(found.values()) == total
    assert all(abs(found[name] - total * OUTCOMES[name] / 100) < 1 for name in OUTCOMES)


def test_what_is_left_over_goes_to_the_largest_remainders():
    assert apportioned(10, {"a": 54, "b": 33, "c": 13}) == {"a": 6, "b": 3, "c": 1}


@pytest.mark.parametrize(("part", "whole", "expected"), [(1, 8, 13), (0, 5, 0), (0, 0, 0)])
def test_percents_are_whole_and_half_up(part, whole, expected):
    assert percent(part, whole) == expected


def test_a_full_year_makes_the_published_number_of_referrals():
    everybody = visits(PARTICIPANTS, 1)

    assert sum(len(each.referrals) for each in everybody) == 52_248
    assert sum(fates(52_248).values()) == 52_248


@pytest.mark.parametrize("participants", [60, 1306, PARTICIPANTS])
def test_the_closed_end_in_the_published_shares(participants):
    found = fates(year_plan.REFERRALS_EACH * participants)
    closed = sum(found[name] for name in OUTCOMES)

    assert {name: percent(found[name], closed) for name in OUTCOMES} == OUTCOMES


@pytest.mark.parametrize("participants", [1, 2, 3, 60, 61])
def test_the_people_have_as_many_referrals_as_the_scale_says(participants):
    everybody = visits(participants, 7)
    met = Counter(each.fate for visit in everybody for each in visit.referrals)

    assert len(everybody) == participants
    assert met == +Counter(fates(2 * participants))


def test_the_same_seed_makes_the_same_year_and_another_one_does_not():
    assert visits(40, 5) == visits(40, 5)
    assert visits(40, 5) != visits(40, 6)


def test_every_referral_goes_to_another_agency_once_within_the_published_window():
    for visit in visits(500, 2):
        targets = [each.target for each in visit.referrals]

        assert visit.source not in targets
        assert len(set(targets)) == len(targets)
        assert "2018-10-01" <= visit.at.date().isoformat() <= "2019-10-31"


def test_vocational_rehabilitation_is_only_referred_to():
    everybody = visits(500, 2)
    there = [each for visit in everybody for each in visit.referrals if each.target == "mdrs-vr"]

    assert "mdrs-vr" not in {each.source for each in everybody}
    assert there
    assert "cancelled" not in {each.fate for each in there}


def test_a_batch_is_of_one_system():
    everybody = visits(300, 2)

    found = list(batches(everybody))

    assert [visit for batch in found for visit in batch] == everybody
    assert all(len({each.source for each in batch}) == 1 for batch in found)
    assert max(map(len, found)) == BATCH


@pytest.mark.parametrize("source", year_plan.SOURCES)
def test_the_answers_lead_to_the_wished_agencies(source):
    others = [each for each in AGENCIES if each != source]
    for wished in ([], others[:1], others[1:], others):
        given = answers(source, wished, DICE)

        assert set(led(given, source)) - {AGENCIES[source]} == {AGENCIES[each] for each in wished}


def test_some_people_decline_a_card_that_is_no_referral_of_theirs():
    source, *others = AGENCIES
    found = [unchecked(source, others[:1], DICE) for _ in range(500)]

    assert 20 < sum(map(len, found)) < 90
    assert {name for each in found for name in each} == set(others[1:])
    assert unchecked(source, others, DICE) == []


def led(given, source):
    """Yield the agencies that the published rules lead to."""
    if given["hasHighSchoolCredential"] == "no":
        yield "Agency/mccb"
    if given["hasFunctionalDifficulty"] == "yes":
        yield "Agency/mdrs"
    if "yes" in (given["isCaretakerOfDeprivedChild"], given["needsFoodAssistance"]):
        yield "Agency/mdhs"
    if given["workingStatus"] != "yes-meets-needs" and source != "mdes-mississippi-works":
        yield "Agency/mdes"
    if given["isDisconnectedYouth"] == "yes":
        yield "Agency/mdes"


def test_invented_people_have_nothing_of_real_ones():
    for number in range(50):
        found = person(DICE, number, HERE, has_diploma=False, works=True)

        assert found["ssn"][:3] in ("000", "666")
        assert "-555-01" in found["telecom"][0]["value"]
        assert found["educationLevel"] == "0"
        assert found["employmentStatus"] == "1"


def test_years_of_other_seeds_have_other_ssns():
    found = {ssn(serial(seed, number)) for seed in range(SEEDS) for number in (0, 29_999)}

    assert len(found) == 2 * SEEDS
    assert "000123456" not in found
    assert len(phone(DICE)) == len("601-555-0100")


def test_the_places_are_the_job_centers():
    row = {"id": "win-x", "localWorkforceArea": "delta", "city": "X", "countyFips": "28027"}

    assert places([row]) == [Place("delta", "X", "28027", "LocalCenter/win-x")]
