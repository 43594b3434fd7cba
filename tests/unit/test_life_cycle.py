"""Every move of every life cycle that ships with the hub, the legal ones and all others."""

import pytest

from app.composition import schema_folder
from app.model.registry import load
from app.rules import life_cycle
from app.settings import Settings

REGISTRY = load(schema_folder(Settings()))
STATUS = {name: kind.schema["properties"]["status"] for name, kind in REGISTRY.types.items()}
MOVES = [
    pytest.param(name, here, there, id=f"{name}-{here}-{there}")
    for name, status in STATUS.items()
    for here in status["enum"]
    for there in status["enum"]
]
STARTS = [
    pytest.param(name, code, id=f"{name}-{code}")
    for name, status in STATUS.items()
    for code in status["enum"]
]


@pytest.mark.parametrize("name", sorted(STATUS))
def test_a_life_cycle_speaks_of_the_codes_of_its_status_only(name):
    status = STATUS[name]
    moves = status["x-transitions"]

    assert moves.keys() == set(status["enum"])
    assert {code for after in moves.values() for code in after} <= moves.keys()
    assert not [code for code, after in moves.items() if code in after]
    assert set(status.get("x-initial", ())) <= {code for code, after in moves.items() if after}


@pytest.mark.parametrize(("name", "here", "there"), MOVES)
def test_a_status_moves_as_the_table_of_its_type_says(name, here, there):
    legal = STATUS[name]["x-transitions"][here]

    found = life_cycle.faults(REGISTRY.type(name), {"status": here}, {"status": there})

    told = [(each.code, each.detail, each.pointer, each.allowed) for each in found]
    refused = [("business-rule", "illegal-transition", "/status", tuple(legal))]
    assert told == ([] if there in (here, *legal) else refused)


@pytest.mark.parametrize(("name", "code"), STARTS)
def test_a_new_resource_begins_where_its_type_says_or_anywhere(name, code):
    initial = STATUS[name].get("x-initial", STATUS[name]["enum"])

    found = life_cycle.faults(REGISTRY.type(name), None, {"status": code})

    assert [each.allowed for each in found] == ([] if code in initial else [tuple(initial)])
    assert {each.pointer for each in found} <= {"/status"}


@pytest.mark.parametrize("name", sorted(STATUS.keys() - {"SchemaVersion"}))
def test_a_status_is_not_taken_away(name):
    kind = REGISTRY.type(name)

    assert life_cycle.faults(kind, {"status": STATUS[name]["enum"][0]}, {})


@pytest.mark.parametrize("former", [{}, {"status": "of an older schema"}])
def test_a_former_status_the_schema_does_not_know_may_become_any(former):
    assert not life_cycle.faults(REGISTRY.type("Consent"), former, {"status": "withdrawn"})


def test_a_final_status_is_called_so():
    kind = REGISTRY.type("DataSharingAgreement")

    (fault,) = life_cycle.faults(kind, {"status": "ended"}, {"status": "active"})

    assert fault.text == "The former status is final."
    assert fault.allowed == ()


def test_a_status_that_the_hub_sets_need_not_be_given():
    kind = REGISTRY.type("SchemaVersion")

    assert life_cycle.faults(kind, {"status": "draft"}, {}) == []
