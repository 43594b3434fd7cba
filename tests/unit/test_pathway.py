"""Which way a person goes, by what they hold and what they want (domain.md section 4)."""

import pytest

from app.rules.plans.pathway import pathway
from plans import ELVIS, a_credential, a_profile
from rule_facts import RuleFacts

TRUCKER, MECHANIC, MAID = "53-3032", "49-3031", "37-2012"
VR = {"reference": "Partner/mdrs-vr"}
CDL = a_credential("cdl-a", "4")
DIESEL = a_credential("diesel-technician-certificate", "5")


@pytest.mark.parametrize("level", ["0", "3"])
@pytest.mark.parametrize("goal", [TRUCKER, MAID])
def test_pathway_smart_start_without_a_high_school_credential(level, goal):
    assert pathway(ELVIS, goal, RuleFacts(a_profile(educationLevel=level), CDL)) == "smart-start"


@pytest.mark.parametrize("level", ["1", "2", "4", "5", "6", "7", "8"])
def test_pathway_training_with_a_diploma_or_more_while_the_goal_takes_months(level):
    assert pathway(ELVIS, TRUCKER, RuleFacts(a_profile(educationLevel=level))) == "training"


@pytest.mark.parametrize("goal", [TRUCKER, "53-3032.00"])
def test_pathway_workforce_once_the_linked_credential_is_held(goal):
    assert pathway(ELVIS, goal, RuleFacts(a_profile(educationLevel="2"), CDL)) == "workforce"


def test_pathway_workforce_for_an_occupation_that_asks_for_no_more_than_is_held():
    assert pathway(ELVIS, MAID, RuleFacts(a_profile(educationLevel="1"))) == "workforce"


def test_an_equivalency_on_record_counts_while_the_profile_does_not_say_so_yet():
    assert (
        pathway(ELVIS, TRUCKER, RuleFacts(a_profile(educationLevel="0"), a_credential()))
        == "training"
    )
    assert (
        pathway(ELVIS, TRUCKER, RuleFacts(a_profile(educationLevel="3"), a_credential(), CDL))
        == "workforce"
    )


@pytest.mark.parametrize("changes", [
    {"status": "revoked"}, {"status": "entered-in-error"}, {"credentialType": "5"},
])  # fmt: skip
def test_what_is_not_an_earned_diploma_does_not_count(changes):
    assert pathway(ELVIS, TRUCKER, RuleFacts(a_profile(), a_credential(**changes))) == "smart-start"


def test_a_credential_that_lapsed_asks_for_training_again():
    lapsed = CDL | {"status": "expired"}

    assert pathway(ELVIS, TRUCKER, RuleFacts(a_profile(educationLevel="2"), lapsed)) == "training"


def test_what_vocational_rehabilitation_recorded_shows_in_no_pathway():
    facts = RuleFacts(a_profile(educationLevel="2"), CDL | {"partner": VR})

    assert pathway(ELVIS, TRUCKER, facts) == "training"


def test_elvis_goes_by_smart_start_and_training_to_work_and_again():
    found = []
    for goal, *held in (
        (TRUCKER,),
        (TRUCKER, a_credential()),
        (TRUCKER, a_credential(), CDL),
        (MECHANIC, a_credential(), CDL),
        (MECHANIC, a_credential(), CDL, DIESEL),
    ):
        found.append(pathway(ELVIS, goal, RuleFacts(a_profile(), *held)))

    assert found == ["smart-start", "training", "workforce", "training", "workforce"]
