"""Who may do what: every road to a row, for whoever lacks one thing, and what comes of it.

The roads are in `matrix_roads`, the expectations in `matrix_table`, the agencies in
`matrix_world`. Canaries in the rows tell how much an answer gave away.
"""

import pytest

from agencies import a_state
from matrix_asker import Asker
from matrix_roads import GROWING, STEADY
from matrix_table import SHOWN, cells
from matrix_world import CONDITIONS, World

AIMS = ["owned", "guarded", "shared"]
CELLS = cells()
WORDLESS = ("count", "matches", "names", "reference")
"""Styles of roads that tell whether there is a row, and nothing of it."""


@pytest.fixture(scope="module")
def world(embedded_uri, tmp_path_factory):
    """Yield the agencies and rows that all cells share; no cell changes what another sees."""
    with a_state(embedded_uri, tmp_path_factory.mktemp("matrix"), "lookups") as state:
        yield World(state)


def asker(world, condition, aim):
    """Return who asks in a cell, with what it needs to go any road."""
    name = f"{condition}-rehab" if condition == "owner" and aim.owner == "rehab" else condition
    known = name if name in world.starts else "not-owner"
    return Asker(
        http=world.http[name],
        aim=aim,
        own=world.own[known, aim.name],
        apart=world.apart(known, aim),
        partner=world.partner(known),
        person=world.person,
        event=world.events[aim.name],
        start=world.starts[known],
    )


def surprises(world, roads, condition, aim):
    """Go all roads to a row as one asker and tell what was not as the table says."""
    target = world.aims[aim]
    asking = asker(world, condition, target)
    open_roads = [road for road in roads if aim in road.aims]
    together = [road for road in open_roads if road.style == "batch"]
    answers = asking.batch(together) if together else []
    answers += [(road, road.go(asking)) for road in open_roads if road.style != "batch"]
    return {
        f"{road.name}: {CELLS[road.kind, aim, condition]}, but {fault}"
        for road, answer in answers
        for fault in faults(road, target, CELLS[road.kind, aim, condition], answer)
    }


def faults(road, aim, word, answer):
    """Yield what is wrong with an answer."""
    status = status_of(road, answer)
    shown = aim.shown(answer.text) | aim.shown(str(answer.headers))
    if word.isdigit() or word == "level":
        if status != int(word if word.isdigit() else 403):
            yield f"answered {status}"
        if word == "level" and "conformance-level" not in answer.text:
            yield "the level is not named"
    elif not 200 <= status < 400:
        yield f"answered {status}"
    elif road.style in (*WORDLESS, "total") and tells(road, aim, answer) != (word != "none"):
        yield "told" if word == "none" else "not told"
    tells_all = word in ("done", "told") or road.style in (*WORDLESS, "silent")
    allowed = aim.canaries.keys() if word == "done" else SHOWN.get(word, set())
    if shown - allowed or (allowed - shown and not tells_all):
        yield f"showed {sorted(shown)}"


def status_of(road, answer):
    """Return the status that matters: of the entry, where the whole was answered."""
    if road.style == "entry" and answer.status_code == 200:
        return int(answer.json["entry"][0]["response"]["status"][:3])
    return answer.status_code


def tells(road, aim, answer):
    """Whether an answer that shows no part of the row tells that there is one."""
    if road.style in ("count", "total"):
        return answer.json["total"] > 0
    if road.style == "matches":
        return bool(answer.json.get("entry"))
    if road.style == "names":
        return aim.path in answer.text
    pointing = [at for each in answer.json.get("issue", ()) for at in each.get("expression", ())]
    element = "participant" if aim.name == "shared" else "enrollment"
    return not any(element in at for at in pointing)


# The feed, the history and the audit of everything are asked first: all that follows makes them
# longer.
@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_road_through_everything_answers_as_the_table_says(world, condition, aim):
    assert surprises(world, GROWING, condition, aim) == set()


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_road_answers_as_the_table_says(world, condition, aim):
    assert surprises(world, STEADY, condition, aim) == set()


@pytest.mark.parametrize("aim", AIMS)
def test_what_may_not_be_seen_is_answered_as_what_never_was(world, aim):
    """No word, header or link tells a hidden row from one that nobody ever made."""
    target = world.aims[aim]
    http = world.http["other-agency" if aim != "shared" else "no-agreement"]
    nobody = f"{target.type}/{target.id[:-6]}000000"
    for method, more in (("GET", ""), ("GET", "/_history/1"), ("GET", "/_history"),
                         ("PUT", ""), ("PATCH", ""), ("DELETE", "")):  # fmt: skip
        there, nowhere = (
            http.open(f"/v1/{path}{more}", method=method, headers={"If-Match": "*"},
                      json={} if method in ("PUT", "PATCH") else None)
            for path in (target.path, nobody)
        )  # fmt: skip

        assert there.status_code == nowhere.status_code, (method, more)
        assert plain(there) == plain(nowhere), (method, more)


def plain(answer):
    """Return an answer without what names the request."""
    headers = {k: v for k, v in answer.headers.items() if k not in ("X-Request-Id", "Date")}
    return answer.json | {"id": ""}, sorted(headers)
