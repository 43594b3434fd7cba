"""Searches by elements in which a protected party may be named."""

from dataclasses import replace

import pytest

from app.model.access.exposure import exposing, is_pointed, loosened, names_barred
from app.model.clause import Clause, OneOf
from app.model.query import parse
from decisions import FOOD, REHAB, a_decision, a_partner, an_agreement, types

VR, FOOD_PARTNER = a_partner(REHAB), a_partner(FOOD)
BARRED = a_decision("ParticipantProfile", FOOD, an_agreement(REHAB, FOOD)).barred
PROFILE, PLAN, REFERRAL = "ParticipantProfile", "ParticipantSuccessPlan", "Referral"


def asked(kind, text):
    pairs = [tuple(each.split("=", 1)) for each in text.split("&")] if text else []
    return parse(types()[kind], pairs, max_count=100)


def test_what_is_barred_is_every_name_of_a_protected_party():
    assert {VR, REHAB} <= BARRED
    assert FOOD_PARTNER not in BARRED


@pytest.mark.parametrize(("kind", "text", "is_named"), [
    (PROFILE, f"partner-identifiers={VR}|1", True),
    (PROFILE, f"partner-identifiers={VR}|", True),
    (PROFILE, f"partner-identifiers={FOOD_PARTNER}|1,{VR}|1", True),
    (PROFILE, f"status=active&partner-identifiers={VR}|1", True),
    (PROFILE, f"partner-identifiers={FOOD_PARTNER}|1", False),
    (PROFILE, "partner-identifiers=1", False),
    (PROFILE, "partner-identifiers:missing=true", False),
    (PROFILE, f"identifier={VR}|1", False),
    (PROFILE, "", False),
    (PLAN, f"last-edited-by={VR}", True),
    (PLAN, f"last-edited-by:Partner={VR.partition('/')[2]}", True),
    (PLAN, f"last-edited-by={FOOD_PARTNER},{VR}", True),
    (PLAN, f"last-edited-by={FOOD_PARTNER}", False),
    (PLAN, "_sort=last-edited-by", True),
    (PLAN, "_sort=status,last-edited-by", True),
    (PLAN, "_sort=status", False),
    pytest.param(REFERRAL, f"source-partner={VR}", False, id="its ends say whose a row is"),
])  # fmt: skip
def test_a_search_names_what_is_barred_by_a_value_or_by_its_order(kind, text, is_named):
    query = asked(kind, text)

    assert names_barred(query, BARRED) == is_named
    assert not names_barred(query, frozenset())


@pytest.mark.parametrize(("kind", "text", "is_alone"), [
    (PROFILE, f"partner-identifiers={FOOD_PARTNER}|1", True),
    (PROFILE, f"partner-identifiers={FOOD_PARTNER}|1,{FOOD_PARTNER}|2", True),
    (PROFILE, "partner-identifiers=1", False),
    (PROFILE, f"partner-identifiers={FOOD_PARTNER}|1,2", False),
    (PROFILE, "partner-identifiers=|1", False),
    (PROFILE, f"partner-identifiers={FOOD_PARTNER}|", False),
    (PROFILE, f"partner-identifiers:not={FOOD_PARTNER}|1", False),
    (PROFILE, "partner-identifiers:missing=false", False),
    (PROFILE, "status=active", True),
    (PROFILE, "", True),
    (PLAN, f"last-edited-by={FOOD_PARTNER}", True),
    (PLAN, "last-edited-by:missing=true", False),
    (PLAN, "last-edited-by:identifier=urn:x|1", False),
])  # fmt: skip
def test_a_condition_is_pointed_when_it_says_whole_what_it_is_met_by(kind, text, is_alone):
    query = asked(kind, text)

    assert is_pointed(query, BARRED) == is_alone
    assert is_pointed(query, frozenset())


def test_what_a_chain_led_to_counts_like_what_was_asked():
    query = asked(PLAN, "status=draft")
    led = Clause(types()[PLAN].parameters["last-edited-by"], OneOf((FOOD_PARTNER, VR)))

    assert not names_barred(query, BARRED)
    assert names_barred(replace(query, clauses=(*query.clauses, led)), BARRED)


@pytest.mark.parametrize(("kind", "text", "kept"), [
    (PROFILE, "partner-identifiers:not=1", ""),
    (PROFILE, f"partner-identifiers:not={FOOD_PARTNER}|1", ""),
    (PROFILE, "partner-identifiers:missing=true", ""),
    (PROFILE, "partner-identifiers:missing=false", "partner-identifiers:missing=false"),
    (PROFILE, "partner-identifiers=1", "partner-identifiers=1"),
    (PROFILE, "partner-identifiers:not=1&status:not=active", "status:not=active"),
    (PROFILE, "first-name:missing=true", "first-name:missing=true"),
    (PLAN, "last-edited-by:missing=true&status=draft", "status=draft"),
    (PLAN, f"last-edited-by={FOOD_PARTNER}", f"last-edited-by={FOOD_PARTNER}"),
])  # fmt: skip
def test_the_database_is_not_asked_whom_an_element_must_not_name(kind, text, kept):
    query = asked(kind, text)

    assert loosened(query, BARRED).clauses == asked(kind, kept).clauses
    assert loosened(query, frozenset()).clauses == query.clauses
    assert exposing(query, frozenset()) == ()


def test_only_conditions_on_elements_that_may_name_it_are_looked_at_again():
    query = asked(PROFILE, "partner-identifiers=1&status=active&partner-identifiers:not=2")

    assert exposing(query, BARRED) == (query.clauses[0], query.clauses[2])
