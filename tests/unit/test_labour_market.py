"""The tables of the labour market, as they ship: figures that the contract quotes."""

import pytest

from app.reference import load
from app.rules.careers.labour_market import LabourMarket, WageArea, labour_market, soc_of
from app.rules.reference import Reference

TRUCKER, MECHANIC = "53-3032", "49-3031"
PROGRAMS = 8
OCCUPATIONS = 830
WORKFORCE_AREAS = {"delta", "mississippi-partnership", "southcentral-ms-works", "twin-districts"}


@pytest.fixture(scope="module")
def market():
    return labour_market(load())


@pytest.mark.parametrize(("soc", "median"), [(TRUCKER, 51_820), (MECHANIC, 54_360)])
def test_state_medians_of_may_2025_are_those_of_the_contract(market, soc, median):
    assert market.occupations[soc].median == median


def test_diesel_mechanics_are_in_the_short_tier_of_truck_drivers(market):
    assert market.tier(TRUCKER, MECHANIC) == "short"


def test_relations_have_a_direction(market):
    assert market.tier(MECHANIC, TRUCKER) is None


def test_the_long_tier_is_told_apart(market):
    assert market.tier("49-3021", MECHANIC) == "long"


def test_all_detailed_occupations_are_there(market):
    assert len(market.occupations) == OCCUPATIONS


def test_a_wage_that_is_not_published_is_none(market):
    unpublished = [each for each in market.occupations.values() if each.median is None]

    assert len(unpublished) == 158
    assert all(each.p10 is None and each.p90 is None for each in unpublished)


def test_a_top_coded_wage_has_no_figure(market):
    dermatologists = market.occupations["29-1213"]

    assert dermatologists.is_top_coded
    assert dermatologists.median is None


@pytest.mark.parametrize(
    ("county", "name"),
    [
        pytest.param("28049", "Jackson, MS", id="Hinds is of the Jackson area"),
        pytest.param("28143", "Memphis, TN-MS-AR", id="Tunica is of the Memphis area"),
        pytest.param("28027", None, id="the area of Coahoma is not established"),
        pytest.param("47157", None, id="a county of another state"),
        pytest.param(None, None, id="no county"),
    ],
)
def test_the_wage_area_is_that_of_the_county_where_established(market, county, name):
    found = market.wage_area(county)

    assert (found and found.name) == name


def test_wages_differ_by_area(market):
    jackson, memphis = market.wage_area("28049"), market.wage_area("28143")

    assert market.local_median(jackson, TRUCKER) == 58_100
    assert market.local_median(memphis, TRUCKER) == 63_070


def test_no_area_has_no_local_median(market):
    assert market.local_median(None, TRUCKER) is None
    assert market.local_median(WageArea("0000000", "Nowhere"), TRUCKER) is None


@pytest.mark.parametrize(
    ("branch", "code", "soc"),
    [
        pytest.param("Army", "88M", TRUCKER, id="motor transport operator"),
        pytest.param("US Army", "91B", MECHANIC, id="the branch by another name"),
        pytest.param("army national guard", "88M", TRUCKER, id="the guard has the army's codes"),
        pytest.param("Navy", "88M", None, id="a code of another branch"),
        pytest.param("Army", "00X", None, id="a code without a civilian occupation"),
        pytest.param("Army", None, None, id="no code"),
    ],
)
def test_a_military_code_maps_to_an_occupation_of_its_branch(market, branch, code, soc):
    assert market.civilian(branch, code) == soc


@pytest.mark.parametrize(
    ("education", "level"),
    [
        ("0", 0),
        ("3", 0),
        ("1", 1),
        ("2", 1),
        ("4", 2),
        ("5", 3),
        ("6", 4),
        ("7", 5),
        ("8", 6),
        (None, 0),
    ],
)
def test_every_education_code_has_its_level(market, education, level):
    assert market.level(education) == level


def test_each_linked_program_ends_in_a_credential_and_its_occupation_is_known(market):
    linked = {soc: market.programs(soc) for soc in market.occupations if market.programs(soc)}

    assert len(linked) == PROGRAMS
    assert all(each.credential.startswith("Credential/") for [each] in linked.values())


def test_every_priority_occupation_has_figures(market):
    priorities = {soc for area in WORKFORCE_AREAS for soc in market.priorities(area)}

    assert priorities <= market.occupations.keys()
    assert len(priorities) == 23


def test_an_area_without_a_strategy_has_no_priorities(market):
    assert market.priorities("elsewhere") == {}
    assert market.priorities(None) == {}


def test_every_county_is_of_a_workforce_area(market):
    counties = [each["fips"] for each in load().tables["counties_ms"]]

    assert {market.workforce_area(each) for each in counties} == WORKFORCE_AREAS
    assert market.workforce_area("47157") is None


def test_descriptions_are_kept_of_priority_occupations_only(market):
    assert market.description(TRUCKER).startswith("Drive a tractor-trailer combination")
    assert market.description("11-1011") is None


def test_what_has_no_name_is_called_by_its_code(market):
    assert market.title("55-1011") == "55-1011"
    assert market.group("55-1011") == "55"
    assert market.area_name("elsewhere") == "elsewhere"


@pytest.mark.parametrize(
    ("soc", "is_middle"),
    [
        pytest.param("53-7051", False, id="level 0"),
        pytest.param("51-4041", False, id="level 1 with no training on the job"),
        pytest.param("47-2111", False, id="level 1 with an apprenticeship"),
        pytest.param("51-4121", True, id="level 1 with moderate training on the job"),
        pytest.param(MECHANIC, True, id="level 1 with long training on the job"),
        pytest.param("15-1232", True, id="level 2"),
        pytest.param(TRUCKER, True, id="level 3"),
        pytest.param("17-3026", True, id="level 4"),
        pytest.param("29-1141", False, id="level 5"),
    ],
)
def test_middle_skill_is_level_2_to_4_or_1_with_moderate_or_long_training(market, soc, is_middle):
    assert market.occupations[soc].is_middle_skill is is_middle


@pytest.mark.parametrize(
    ("code", "soc"),
    [
        (TRUCKER, TRUCKER),
        ("53-3032.00", TRUCKER),
        ("53-303", None),
        ("53-3032.0", None),
        ("", None),
        (None, None),
    ],
)
def test_an_occupation_is_named_by_soc_or_onet_soc(code, soc):
    assert soc_of(code) == soc


def test_the_market_of_a_reference_is_made_once():
    assert labour_market(load()) is labour_market(load())


def test_no_table_is_read_before_it_is_needed():
    asked = []

    class Watched(dict):
        def __missing__(self, name):
            asked.append(name)
            return ()

    market = LabourMarket(Reference({"sector_strategies": []}, Watched()))
    assert asked == []

    assert market.occupations == {}
    assert market.occupations == {}

    assert asked == ["occupations"]
