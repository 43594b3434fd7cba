"""Which profiles are of one person, and how sure: grades, weights, likeness."""

import pytest

from app.rules.persons.likeness import days, family_names, given_names, near_days, phone, street
from app.rules.persons.matching import WEIGHTS, Grade, evidence, grade, score, weight

HOME = {"line": ["12 Oak Street"], "postalCode": "38614"}
PHONE = {"system": "phone", "value": "662-555-0101"}
MDES, MDHS = ({"reference": f"Partner/{each}"} for each in ("mdes", "mdhs"))
CERTAIN, PROBABLE, POSSIBLE = Grade


def somebody(**changes):
    """Return a profile as it is known; None takes an element out."""
    known = {
        "firstName": "Robert",
        "lastName": "Williams",
        "birthDate": "1988-03-07",
        "ssn": "000123456",
        "address": [HOME],
        "telecom": [PHONE],
        **changes,
    }
    return {name: value for name, value in known.items() if value is not None}


def graded(known, **changes):
    """Return the grade of somebody who is written down with these changes."""
    return grade(evidence(somebody(**changes), known))


MOVED = {"address": None, "telecom": None}


@pytest.mark.parametrize(("changes", "expected"), [
    pytest.param({}, CERTAIN, id="the same"),
    pytest.param({"lastName": "Brown"}, CERTAIN, id="a name changed"),
    pytest.param({"lastName": "Brown", **MOVED}, CERTAIN, id="a name changed, and moved"),
    pytest.param({"firstName": "Bob"}, CERTAIN, id="a nickname, with the number"),
    pytest.param({"birthDate": "1988-07-03"}, CERTAIN, id="day and month swapped, a number"),
    pytest.param({"birthDate": None, **MOVED}, CERTAIN, id="the number and both names"),
    pytest.param({"firstName": None, "lastName": None}, CERTAIN, id="number and birth date"),
    pytest.param({"firstName": "Robret"}, PROBABLE, id="a slip, or a twin's number"),
    pytest.param({"firstName": "Dexter"}, PROBABLE, id="a twin's number, or a new name"),
    pytest.param({"birthDate": "1961-12-24"}, PROBABLE, id="a father's number and name"),
    pytest.param({"ssn": None}, PROBABLE, id="no number"),
    pytest.param({"ssn": None, **MOVED}, PROBABLE, id="no number, and moved"),
    pytest.param({"ssn": None, "firstName": "Bob"}, PROBABLE, id="no number, a nickname"),
    pytest.param({"ssn": "000123457"}, PROBABLE, id="a digit wrong, all else the same"),
    pytest.param({"ssn": "000123457", **MOVED}, POSSIBLE, id="a digit wrong, and moved"),
    pytest.param(
        {"ssn": None, "firstName": "Williams", "lastName": "Robert"}, PROBABLE, id="names swapped"
    ),
    pytest.param(
        {"ssn": None, "firstName": "Williams", "lastName": "Bob"}, PROBABLE,
        id="names swapped, a nickname",
    ),
    pytest.param({"ssn": None, "birthDate": "1988-07-03"}, PROBABLE, id="a date the wrong way"),
    pytest.param({"ssn": None, "lastName": "Brown"}, PROBABLE, id="another name, the same home"),
    pytest.param({"ssn": None, "lastName": "Brown", **MOVED}, POSSIBLE, id="another name, moved"),
    pytest.param({"ssn": None, "firstName": "Dexter"}, POSSIBLE, id="a twin"),
    pytest.param(
        {"ssn": None, "firstName": "Dexter", "birthDate": "1990-11-21"}, None, id="a brother"
    ),
    pytest.param(
        {"firstName": "Dexter", "lastName": "Brown", "birthDate": "1961-12-24", **MOVED}, None,
        id="the number alone",
    ),
    pytest.param({"ssn": None, "birthDate": "1961-12-24", **MOVED}, None, id="the name alone"),
])  # fmt: skip
def test_a_person_is_found_again_as_sure_as_the_evidence_is(changes, expected):
    assert graded(somebody(), **changes) == expected


@pytest.mark.parametrize("first", ["Dexter", "Roberta", "Robart", "Bob"])
@pytest.mark.parametrize("ssn", ["000123457", None])
def test_twins_are_never_certain_and_not_probable_when_their_numbers_differ(first, ssn):
    found = graded(somebody(), firstName=first, ssn=ssn)

    assert found != CERTAIN
    assert found != PROBABLE or (ssn is None and first == "Bob")


def test_a_middle_name_tells_a_slip_from_a_twin():
    known = somebody(middleName="Lee")

    assert graded(known, firstName="Robret", middleName="Lee") == CERTAIN
    assert graded(known, firstName="Robret", middleName="Ray") == PROBABLE


def test_who_goes_by_the_middle_name_is_found():
    assert graded(somebody(middleName="Lee"), firstName="Lee") == CERTAIN


def test_a_suffix_tells_a_son_from_the_father_who_uses_his_number():
    son = somebody(suffix="Jr.")

    assert graded(son, suffix="Sr.", birthDate=None) == PROBABLE
    assert graded(son, suffix="jr", birthDate=None) == CERTAIN


@pytest.mark.parametrize("numbers", [
    pytest.param({"partnerIdentifiers": [{"partner": MDES, "value": "MW-1"}]}, id="partner"),
    pytest.param({"identifier": [{"system": "https://a.example", "value": "1"}]}, id="business"),
    pytest.param({"pirlUniqueId": "MS0000000001"}, id="federal reports"),
])  # fmt: skip
def test_a_number_of_a_partner_is_certain_unless_something_speaks_against_it(numbers):
    bare = dict.fromkeys(("ssn", "address", "telecom", "birthDate"))

    assert graded(somebody(**numbers), **numbers, **bare) == CERTAIN
    assert graded(somebody(**numbers), **numbers, **bare, lastName="Brown") == CERTAIN
    assert graded(somebody(**numbers), **numbers, ssn="666654321") != CERTAIN
    assert graded(somebody(**numbers), **numbers, **bare, firstName="Dexter") != CERTAIN


def test_the_number_of_one_partner_is_not_that_of_another():
    known = somebody(partnerIdentifiers=[{"partner": MDES, "value": "7"}])
    asked = somebody(partnerIdentifiers=[{"partner": MDHS, "value": "7"}])

    assert "number" not in evidence(asked, known)


def test_a_merged_number_is_found_with_the_survivor():
    system = "https://hub.wioa.example/identifiers/pirl-unique-id"
    survivor = somebody(identifier=[{"system": system, "value": "MS0000000009"}], ssn=None)

    assert graded(survivor, ssn=None, pirlUniqueId="MS0000000009") == CERTAIN


def test_a_masked_number_says_nothing():
    assert "ssn" not in evidence(somebody(), somebody(ssn="*****3456"))


def test_evidence_counts_the_same_both_ways():
    one, other = somebody(firstName="Bob", middleName="Lee"), somebody(lastName="Brown-Williams")

    assert evidence(one, other) == evidence(other, one)


def test_what_is_missing_says_nothing():
    assert evidence({}, somebody()) == {}
    assert weight({}) == 0


def test_a_family_never_weighs_enough_for_a_second_look_by_itself():
    family = WEIGHTS["lastName"]["same"] + WEIGHTS["address"]["same"] + WEIGHTS["telecom"]["same"]

    assert grade({"lastName": "same", "address": "same", "telecom": "same"}) is None
    assert family == 16


def test_a_score_lies_within_its_grade_and_grows_with_the_evidence():
    much, little = evidence(somebody(), somebody()), {"lastName": "same"}
    bounds = [score(found, each) for each in reversed(Grade) for found in (little, much)]

    assert bounds == sorted(bounds)
    assert 0 < bounds[0] < bounds[-1] <= 1


@pytest.mark.parametrize(("one", "other", "likeness"), [
    ("Robert", "ROBERT", "same"), ("José", "Jose", "same"), ("Mary Ann", "Mary-Ann", "same"),
    ("Robert", "Bobby", "known as"), ("Bob", "Rob", "known as"),
    ("Liz", "Elizabeth", "known as"),
    ("Robert", "R.", "near"), ("Jon", "John", "known as"), ("Jaden", "Jayden", "near"),
    ("Mary", "Mary Ann", "near"), ("Robert", "Dexter", "different"),
    ("Edward", "Edgar", "different"),
])  # fmt: skip
def test_given_names_agree_by_nickname_initial_or_slip(one, other, likeness):
    assert given_names(one, other) == given_names(other, one) == likeness


@pytest.mark.parametrize(("one", "other", "likeness"), [
    ("O'Neal", "ONEAL", "same"), ("McKinney", "Mc Kinney", "same"),
    ("Smith", "Smith-Jones", "near"),
    ("Thompson", "Thomspon", "near"), ("Williams", "Wilson", "different"),
])  # fmt: skip
def test_family_names_agree_by_part_or_slip(one, other, likeness):
    assert family_names(one, other) == family_names(other, one) == likeness


@pytest.mark.parametrize(("one", "other", "likeness"), [
    ("1988-03-07", "1988-03-07", "same"), ("1988-03-07", "1988-07-03", "near"),
    ("1988-03-07", "1988-03-08", "near"), ("1999-12-31", "2000-12-31", "near"),
    ("1988-03-07", "1978-03-07", "near"), ("1988-03-07", "1988-04-17", "different"),
    ("1989-03-17", "1998-03-17", "near"),
    ("2988-03-07", "1988-03-07", "near"),
    ("1988-02-29", "1988-02-28", "near"),
    ("9999-12-31", "9999-12-01", "different"),
    ("1988-03-07", "1988-05-09", "different"),
])  # fmt: skip
def test_days_of_birth_agree_by_one_slip(one, other, likeness):
    assert days(one, other) == likeness


@pytest.mark.parametrize(
    "day", ["1901-01-01", "1988-10-11", "1999-12-31", "2000-02-29", "2011-11-12"]
)
def test_the_days_near_one_fit_into_one_search(day):
    found = near_days(day)

    assert found[0] == day
    assert len(set(found)) == len(found) <= 50
    assert all(days(other, day) == "near" for other in found[1:])


@pytest.mark.parametrize("written", ["(662) 555-0101", "662.555.0101", "+1 662 555 0101 x7"])
def test_a_telephone_number_is_the_same_however_it_is_written(written):
    assert phone(written) == "6625550101"


def test_an_address_is_the_same_however_it_is_written():
    assert street("12 North Oak Street, Apartment #3") == street("12 N. OAK ST APT 3")
    assert street("12 Oak Street") != street("13 Oak Street")
