"""A profile of somebody the hub knows for certain is not created again."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.query import parse
from app.rules.persons.likely_persons import searches, the_same
from app.rules.persons.matching import evidence
from app.rules.persons.profile import WORKFLOW
from app.rules.workflow import Actor, Move
from builders import a_profile
from match_quality import profile_type
from rule_facts import RuleFacts

PROFILE = "ParticipantProfile"
SSN = "666123456"
KIND = profile_type()


class Profiles(RuleFacts):
    """Facts whose searches answer all profiles of the number."""

    def matches(self, criteria):
        number = dict(criteria[1])["ssn"]
        rows = (each for each in self._rows.values() if each["resourceType"] == PROFILE)
        return [each for each in rows if each.get("ssn") == number]


def known(id="old", **changes):
    return a_profile(id=id, ssn=SSN, **changes)


def faults(facts, former=None, is_effect=False, **changes):
    body = a_profile(**{"ssn": SSN, **changes})
    return WORKFLOW.faults(Move(f"{PROFILE}/new", former, body, Actor(), is_effect), facts)


def test_a_certain_match_is_refused_and_named():
    (fault,) = faults(Profiles(known()))

    assert (fault.code, fault.detail) == ("duplicate", "certain-match")
    assert f"{PROFILE}/old" in fault.text
    assert fault.allowed == (f"{PROFILE}/old",)


@pytest.mark.parametrize("changes", [
    pytest.param({"ssn": "666123457"}, id="another number"),
    pytest.param({"firstName": "Jesse"}, id="a twin's number"),
    pytest.param({"birthDate": "1961-12-24"}, id="a father's number"),
])  # fmt: skip
def test_who_is_not_certainly_the_same_is_let_in(changes):
    assert faults(Profiles(known()), **changes) == []


def test_without_a_number_nobody_is_looked_for():
    body = a_profile()

    assert WORKFLOW.faults(Move("x", None, body, Actor()), RuleFacts()) == []
    assert WORKFLOW.alone(Move("x", None, body, Actor()), RuleFacts()) == ()


def test_a_merged_record_is_named_by_the_one_that_continues_it():
    chain = [
        known("old", status="merged", mergedInto={"reference": f"{PROFILE}/middle"}),
        a_profile(id="middle", status="merged", mergedInto={"reference": f"{PROFILE}/last"}),
        a_profile(id="last"),
    ]

    (fault,) = faults(Profiles(*chain))

    assert fault.allowed == (f"{PROFILE}/last",)


def test_a_ring_of_merged_records_has_an_end():
    ring = [
        known("old", status="merged", mergedInto={"reference": f"{PROFILE}/other"}),
        a_profile(id="other", status="merged", mergedInto={"reference": f"{PROFILE}/old"}),
    ]

    assert len(faults(Profiles(*ring))) == 1


@pytest.mark.parametrize("former", [
    pytest.param({}, id="without a number"),
    pytest.param({"ssn": "666123457"}, id="with another number"),
    pytest.param({"ssn": SSN, "firstName": "Jesse"}, id="of a twin"),
])  # fmt: skip
def test_an_update_that_makes_a_certain_match_is_refused_and_named(former):
    (fault,) = faults(Profiles(known()), former=a_profile(**former))

    assert (fault.detail, fault.allowed) == ("certain-match", (f"{PROFILE}/old",))


def test_two_records_that_were_certainly_of_one_person_before_may_be_corrected():
    former = a_profile(ssn=SSN)

    assert faults(Profiles(known()), former=former, middleName="Aron") == []


def test_an_update_of_something_else_looks_for_nobody():
    former = a_profile(ssn=SSN, sex="1")

    assert WORKFLOW.faults(Move("x", former, former | {"sex": "9"}, Actor()), RuleFacts()) == []


def test_the_parts_of_a_merged_record_are_no_match_of_each_other():
    part = known("old", status="merged", mergedInto={"reference": f"{PROFILE}/new"})
    facts = Profiles(part, a_profile(id="new"))

    assert faults(facts, former=a_profile()) == []


def test_the_rules_themselves_are_not_asked():
    assert faults(Profiles(known()), is_effect=True) == []


def test_of_two_creations_at_once_the_number_day_and_name_let_one_through():
    (criteria,) = WORKFLOW.alone(Move("x", None, known(), Actor()), RuleFacts())

    asked = {"ssn": SSN, "birth-date": "1990-01-08", "first-name:exact": "Elvis"}
    assert criteria == (PROFILE, (*asked.items(), ("status:not", "merged")))
    assert WORKFLOW.alone(Move("x", a_profile(), known(), Actor()), RuleFacts()) == (criteria,)
    assert not WORKFLOW.alone(Move("x", known(), known(sex="1"), Actor()), RuleFacts())


def test_marks_of_the_search_grammar_are_taken_for_what_they_are():
    (criteria,) = the_same(known(firstName=r"A,b|c\d$"))

    assert dict(criteria[1])["first-name:exact"] == r"A\,b\|c\\d\$"


def test_a_name_that_folds_to_nothing_is_not_searched_for():
    found = list(searches({"firstName": "\u0301", "lastName": "\u0301", "birthDate": "1990-01-08"}))

    assert found == []


NAME = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=100)


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "firstName": NAME,
            "lastName": NAME,
            "birthDate": st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
            "pirlUniqueId": st.just("MS0000000001"),
            "address": st.just([{"line": ["1 Oak Street"]}, {"postalCode": "38614-1234"}]),
            "identifier": st.lists(
                st.fixed_dictionaries({"system": st.just("urn:a|b,c"), "value": NAME}), max_size=20
            ),
            "telecom": st.lists(
                st.fixed_dictionaries(
                    {"system": st.sampled_from(["phone", "sms", "email"]), "value": NAME}
                ),
                max_size=20,
            ),
        },
    )
)
def test_whatever_is_said_of_a_person_makes_searches_that_are_understood(said):
    for _, pairs in searches(said):
        assert parse(KIND, [*pairs], max_count=100).clauses
    assert evidence(said, said) is not None
