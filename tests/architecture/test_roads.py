"""No road leads past the access matrix: each route and each interaction has its cells."""

from app.model.access.client import LETTER
from app.web import application
from app.web.auditing import AUTHENTICATION, PUBLIC
from matrix_roads import EVERY, ROADS
from matrix_table import CONDITIONS, cells
from sites import a_site

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes():
    """Return the method and rule of each route that leads to anybody's data."""
    rules = application(a_site()).url_map.iter_rules()
    return {
        (method, rule.rule)
        for rule in rules
        for method in METHODS
        if method in rule.methods and rule.endpoint.partition(".")[0] not in public()
    }


def public():
    # A candidate is judged against what is published, which everyone may read; a run has invented
    # people only, in a hub of its own, and certificates name none.
    return {*PUBLIC, AUTHENTICATION, "candidates", "runs", "certificates"}


def test_every_route_to_data_is_a_road_of_the_matrix():
    assert routes() == {road.covers for road in ROADS}


def test_every_interaction_is_a_road_of_the_matrix():
    assert {road.interaction for road in ROADS} - {"disclosures"} == LETTER.keys()


def test_every_road_has_a_cell_for_each_condition_and_row():
    wanted = {
        (road.kind, aim, condition)
        for road in ROADS
        for aim in road.aims
        for condition in CONDITIONS
    }

    assert wanted <= cells().keys()
    assert {kind for kind, _, _ in cells()} == {road.kind for road in ROADS}
    assert {aim for _, aim, _ in cells()} == set(EVERY)


def test_no_two_roads_have_one_name():
    assert len({road.name for road in ROADS}) == len(ROADS)
