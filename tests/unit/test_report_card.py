"""Steps 3 to 5 of the report card, on the tables that ship."""

from dataclasses import replace

import pytest

from app.reference import load
from app.rules.careers.background import Job, fit, past_jobs, reason
from app.rules.careers.labour_market import labour_market
from app.rules.careers.report_card import (
    MIDDLE_SKILL,
    NO_AREA,
    NO_MATCH,
    NO_MIDDLE,
    NO_PAST,
    report_card,
)
from app.rules.careers.training import required_credential, training_service
from app.rules.reference import Reference
from builders import an_example
from rule_facts import lookups

TRUCKER, MECHANIC, FORKLIFT, SUPERVISOR = "53-3032", "49-3031", "53-7051", "53-1047"
HINDS, COAHOMA, TUNICA = "28049", "28027", "28143"


@pytest.fixture(scope="module")
def market():
    return labour_market(load())


def a_person(*past, area="delta", education="2", **changes):
    """Return a profile with past jobs of these codes."""
    jobs = [{"title": "A job", **({"onetSoc": soc} if soc else {})} for soc in past]
    found = {"educationLevel": education, "workHistory": jobs, "localWorkforceArea": area}
    return {**{name: value for name, value in found.items() if value}, **changes}


def a_card(profile, view="all", credentials=(), scores=(), reference=None):
    return report_card(profile, credentials, scores, reference or load(), view)


def codes(card):
    return [each.occupation.soc for each in card.recommendations]


def scores(card):
    return {each.occupation.soc: each.fit.score for each in card.recommendations}


@pytest.mark.parametrize(
    ("past", "soc", "score"),
    [
        pytest.param([TRUCKER], TRUCKER, 3, id="same occupation"),
        pytest.param(["53-3032.00"], TRUCKER, 3, id="same occupation by its O*NET code"),
        pytest.param([TRUCKER], MECHANIC, 2, id="short tier"),
        pytest.param(["49-3021"], MECHANIC, 1, id="long tier"),
        pytest.param([TRUCKER], SUPERVISOR, 0.5, id="same major group"),
        pytest.param([TRUCKER], "29-1141", None, id="nothing in common"),
        pytest.param(["49-3021", "11-1011", TRUCKER], MECHANIC, 2, id="the best of all jobs"),
        pytest.param([], TRUCKER, None, id="no job"),
    ],
)
def test_report_card_step_3_the_background_scores(market, past, soc, score):
    found = fit(past_jobs(a_person(*past), market), soc, market)

    assert (found and found.score) == score


def test_report_card_step_3_military_codes_map_to_occupations_first(market):
    service = [{"branch": "Army", "occupationCode": "88M"}, {"branch": "Navy"}]
    profile = a_person(militaryService=service)

    assert past_jobs(profile, market) == [Job(TRUCKER, "military service")]
    assert scores(a_card(profile))[MECHANIC] == 2


def test_report_card_step_3_a_job_without_a_code_says_nothing(market):
    assert past_jobs(a_person(None), market) == []


def test_report_card_step_4_candidates_are_priorities_of_the_area_that_score():
    delta = a_card(a_person(TRUCKER))
    southcentral = a_card(a_person("15-1232", area="southcentral-ms-works"))

    assert set(codes(delta)) == {TRUCKER, MECHANIC, FORKLIFT, SUPERVISOR}
    assert codes(southcentral)[0] == "15-1232"
    assert "15-1232" not in codes(a_card(a_person("15-1232")))


def test_report_card_step_4_higher_scores_come_first():
    found = [each.fit.score for each in a_card(a_person(TRUCKER)).recommendations]

    assert found == sorted(found, reverse=True)
    assert found[0] == 3


def test_report_card_step_4_of_equal_scores_the_sooner_comes_first():
    card = a_card(a_person(TRUCKER))

    short_tier = [each for each in card.recommendations if each.fit.score == 2]
    assert [(each.occupation.soc, each.months) for each in short_tier] == [
        (FORKLIFT, 0),
        (MECHANIC, 12),
    ]


def test_report_card_step_4_of_equal_months_the_better_paid_comes_first():
    card = a_card(a_person("51-9199"))

    machinist, assembler = "51-4041", "51-2028"
    found = {each.occupation.soc: each for each in card.recommendations}
    assert found[machinist].months == found[assembler].months == 0
    assert found[machinist].occupation.median > found[assembler].occupation.median
    assert codes(card).index(machinist) < codes(card).index(assembler)


def with_figures(changed):
    """Return a reference of which some occupations have other figures, by their codes."""
    reference = load()
    rows = [
        {**each, **changed.get(each["soc_code"], {})} for each in reference.tables["occupations"]
    ]
    return Reference(reference.documents, {**reference.tables, "occupations": rows})


MISSING = dict.fromkeys(
    ("median_annual_wage_ms", "p10_annual_wage_ms", "p90_annual_wage_ms", "employment_ms"), ""
)
TOP_CODED = {**MISSING, "wage_topcoded_ms": "1"}


def test_report_card_step_4_of_equal_wages_the_code_decides():
    same = {"median_annual_wage_ms": "50000"}
    reference = with_figures({"51-4041": same, "51-2028": same})

    found = codes(a_card(a_person("51-9199"), reference=reference))

    assert found.index("51-2028") + 1 == found.index("51-4041")


def test_a_top_coded_wage_ranks_above_all_published_ones():
    reference = with_figures({"51-2028": TOP_CODED})

    found = codes(a_card(a_person("51-9199"), reference=reference))

    assert found.index("51-2028") < found.index("51-4041")


def test_a_missing_wage_ranks_last_and_is_left_out():
    reference = with_figures({"51-4041": MISSING})

    card = a_card(a_person("51-9199"), reference=reference)

    found = codes(card)
    assert found.index("51-2028") < found.index("51-4041")
    element = card.recommendations[found.index("51-4041")].element()
    assert not {"medianAnnualWage", "p10AnnualWage", "p90AnnualWage", "employment"} & element.keys()


def test_report_card_step_5_a_card_says_what_to_expect():
    profile = a_person(TRUCKER, address=[{"use": "home", "countyFips": HINDS}])

    mechanic = {each.occupation.soc: each for each in a_card(profile).recommendations}[MECHANIC]

    assert mechanic.element("Credential/diesel", "Service/ost-diesel") == {
        "onetSoc": MECHANIC,
        "title": "Bus and Truck Mechanics and Diesel Engine Specialists",
        "description": "Diagnose, adjust, repair, or overhaul buses and trucks, or maintain and "
        "repair any type of diesel engines. Includes mechanics working primarily with automobile "
        "or marine diesel engines.",
        "score": 2,
        "monthsToPrepare": 12,
        "requiredEducationLevel": 1,
        "credential": {"reference": "Credential/diesel"},
        "trainingService": {"reference": "Service/ost-diesel"},
        "medianAnnualWage": 54360,
        "p10AnnualWage": 37390,
        "p90AnnualWage": 82020,
        "areaMedianAnnualWage": 59420,
        "onTheJobTraining": "Long-term on-the-job training",
        "employment": 3140,
    }
    assert mechanic.program.name == "Diesel Equipment Technology"


def test_report_card_step_5_a_plan_can_hold_every_card(registry):
    kind = registry.type("ParticipantSuccessPlan")
    for area in ("delta", "mississippi-partnership", "southcentral-ms-works", "twin-districts"):
        profile = a_person(TRUCKER, "51-9199", "29-1141", "15-1232", "47-2111", area=area)
        elements = [each.element() for each in a_card(profile).recommendations]
        plan_card = {"generatedAt": "2026-03-02T15:00:00Z", "recommendations": elements}

        assert elements
        assert kind.faults({**an_example("ParticipantSuccessPlan"), "reportCard": plan_card}) == []


@pytest.mark.parametrize(
    ("past", "soc", "why"),
    [
        pytest.param(
            TRUCKER,
            MECHANIC,
            "Related (short tier) to Heavy and Tractor-Trailer Truck Drivers in your work history; "
            "a priority occupation of the transportation-logistics sector in the Delta Workforce "
            "Development Area.",
            id="related",
        ),
        pytest.param(
            TRUCKER,
            TRUCKER,
            "The same occupation as in your work history; a priority occupation of the "
            "transportation-logistics sector in the Delta Workforce Development Area.",
            id="same",
        ),
        pytest.param(
            TRUCKER,
            SUPERVISOR,
            "Of the same major group, Transportation and Material Moving Occupations, as Heavy and "
            "Tractor-Trailer Truck Drivers in your work history; a priority occupation of the "
            "transportation-logistics sector in the Delta Workforce Development Area.",
            id="major group",
        ),
    ],
)
def test_report_card_step_5_a_card_says_why(past, soc, why):
    found = {each.occupation.soc: each.why for each in a_card(a_person(past)).recommendations}

    assert found[soc] == why


def test_the_reason_names_the_job_that_fits_best(market):
    jobs = [Job("49-3021", "work history"), Job(TRUCKER, "military service")]

    found = reason(fit(jobs, MECHANIC, market), MECHANIC, market)

    assert found.endswith("Heavy and Tractor-Trailer Truck Drivers in your military service")


def test_the_middle_skill_view_keeps_middle_skill_occupations_only():
    everything, low_skill = (a_card(a_person(TRUCKER), view) for view in ("all", MIDDLE_SKILL))

    assert {FORKLIFT, SUPERVISOR} <= {*codes(everything)}
    assert codes(low_skill) == [TRUCKER, MECHANIC]


def test_elvis_without_a_diploma_gets_truck_driver_and_diesel_mechanic():
    service = [{"branch": "Army", "occupationCode": "88M"}]
    elvis = a_person("53-7062", education="0", militaryService=service)

    card = a_card(elvis, MIDDLE_SKILL)

    assert card.held == 0
    found = [(each.occupation.soc, each.months) for each in card.recommendations]
    assert found == [(TRUCKER, 6 + 2), (MECHANIC, 6 + 12)]


@pytest.mark.parametrize(
    ("profile", "view", "empty"),
    [
        pytest.param(a_person(area=None), "all", NO_AREA, id="no area"),
        pytest.param(a_person(), "all", NO_PAST, id="no work history"),
        pytest.param(
            {"educationLevel": "2", "localWorkforceArea": "delta"},
            "all",
            NO_PAST,
            id="no history at all",
        ),
        pytest.param(a_person(None), "all", NO_PAST, id="a job without a code"),
        pytest.param(a_person("25-2021"), "all", NO_MATCH, id="nothing related"),
        pytest.param(a_person("53-2011"), MIDDLE_SKILL, None, id="something of middle skill"),
    ],
)
def test_an_empty_card_says_why(profile, view, empty):
    card = a_card(profile, view)

    assert card.empty == empty
    assert bool(card.recommendations) is (empty is None)


def test_a_card_without_middle_skill_occupations_says_so():
    reference = load()
    lonely = {**reference.documents["sector_strategies"][0], "prioritySocCodes": [FORKLIFT]}
    documents = {**reference.documents, "sector_strategies": [lonely]}

    card = a_card(
        a_person(TRUCKER), MIDDLE_SKILL, reference=replace(reference, documents=documents)
    )

    assert card.empty == NO_MIDDLE


@pytest.mark.parametrize(
    ("addresses", "county"),
    [
        pytest.param([("home", HINDS), ("mailing", TUNICA)], HINDS, id="home first"),
        pytest.param([("mailing", TUNICA), ("temporary", HINDS)], HINDS, id="then a shelter"),
        pytest.param([(None, HINDS)], HINDS, id="of no stated use"),
        pytest.param([("old", HINDS)], None, id="an old address says nothing"),
        pytest.param([("home", HINDS), ("home", TUNICA)], HINDS, id="the first of two homes"),
        pytest.param([("home", None)], None, id="no county"),
        pytest.param([], None, id="no address"),
    ],
)
def test_the_county_is_that_of_where_the_person_lives(addresses, county):
    listed = [
        {name: value for name, value in (("use", use), ("countyFips", fips)) if value}
        for use, fips in addresses
    ]

    assert a_card(a_person(address=listed)).place.county == county


def test_the_area_is_that_of_the_county_when_the_profile_names_none():
    home = [{"use": "home", "countyFips": COAHOMA}]

    card = a_card(a_person(TRUCKER, area=None, address=home))

    assert card.place.area == "delta"
    assert card.place.wage_area is None
    assert all(each.local_median is None for each in card.recommendations)


def test_the_credential_of_the_linked_program_is_required_where_it_exists(market):
    [program] = market.programs(TRUCKER)
    rows = of_type("Credential")

    assert required_credential(TRUCKER, program, rows) == "Credential/cdl-a"
    assert required_credential(TRUCKER, program, []) is None


def test_without_a_program_the_soonest_credential_that_names_the_occupation_is_required():
    rows = of_type("Credential")

    assert required_credential("29-1141", None, rows) == "Credential/rn"
    assert required_credential(SUPERVISOR, None, rows) is None


def test_the_training_service_is_one_for_the_occupation():
    rows = of_type("Service")

    assert training_service(TRUCKER, rows) == "Service/ost-cdl-a"
    assert training_service(SUPERVISOR, rows) is None


def of_type(name):
    return [each for each in lookups().values() if each["resourceType"] == name]
