"""Acts of every day: lists of several pages, tokens that end, a hub that is busy, the change feed.

All steps are the same business: whoever lives in a town gets the postal code of the town. So what
is seen is due to the hub's moods, and to nothing that other steps did before.
"""

import random
from collections.abc import Callable
from typing import Any

from conformance.scenario import people
from conformance.scenario.profiles import PROFILE, Body, changed, seeding
from conformance.scenario.rollover import deprecate, prepare, publish
from conformance.stage import Deed, Fault, Stage, Step, World

START, PAGES, TOKEN = "A3-sync-start", "A3-sync-pages", "A3-sync-token"
BUSY, DOWN = "A3-sync-busy", "A3-sync-down"
OUTAGE, DOUBLE, LATE = "A3-sync-outage", "A3-sync-double", "A3-sync-late"
TOWNS = {
    START: "Alder", PAGES: "Birch", TOKEN: "Cedar", BUSY: "Dogwood", DOWN: "Elm", OUTAGE: "Fir",
    DOUBLE: "Hazel", LATE: "Juniper",
}  # fmt: skip
RESIDENTS = {
    PAGES: ("page1", "page2", "page3", "page4"),
    TOKEN: ("token",),
    BUSY: ("busy",),
    DOWN: ("down",),
}
"""Step → who lives in its town from the beginning."""
LATECOMER = "page5"
MOVERS = {OUTAGE: "mover1", DOUBLE: "mover2", LATE: "mover3"}
"""Step → who moves to its town."""
EDIT = "PUT|PATCH"
FEED, WRITTEN, SEARCH = r"^\$changes$", f"^{PROFILE}/[^/]+$", f"^{PROFILE}/_search$"


def town(world: World, step: str) -> str:
    """Return the town of a step, which is on no map."""
    return f"{TOWNS[step]} Bluff {world['canary']['page'][-8:]}"


def postal_code(step: str) -> str:
    """Return the postal code of the town of a step."""
    return f"389{list(TOWNS).index(step):02d}"


def street(world: World) -> str:
    """Return the street that the last mover has at last."""
    return f"{world['canary']['feed'][-4:]} Levee Road"


def _settle(stage: Stage) -> None:
    """Seed the people of the towns; those who are to move live nowhere yet."""
    _invent(stage.world)
    for step, roles in RESIDENTS.items():
        for role in roles:
            seeding(stage, role, ssn=None, address=[_home(stage.world, step)])
    for role in MOVERS.values():
        seeding(stage, role, ssn=None)


def _invent(world: World) -> None:
    """Add the people of the towns to those of the seed."""
    dice = random.Random(f"{world['seed']} towns")  # noqa: S311 - invented people, no secrets
    roles = [role for each in RESIDENTS.values() for role in each]
    for at, role in enumerate([*roles, LATECOMER, *MOVERS.values()]):
        world["people"][role] = {
            "firstName": dice.choice(people.FIRST),
            "lastName": dice.choice(people.LAST),
            "birthDate": f"{dice.randrange(1960, 2000)}-{dice.randrange(1, 13):02d}-{at + 1:02d}",
            "ssn": f"666{dice.randrange(10, 99)}{dice.randrange(1000, 9999)}",
            "phone": f"662-555-01{dice.randrange(100):02d}",
            "pirlUniqueId": f"CT{dice.randrange(10**10):010d}",
        }


def _home(world: World, step: str, **more: Any) -> Body:
    return {"use": "home", "city": town(world, step), "state": "MS", **more}


def _arrive(stage: Stage) -> None:
    """Let one more settle in the town while the partner turns its pages; once only."""
    if LATECOMER not in stage.world["profiles"]:
        seeding(stage, LATECOMER, ssn=None, address=[_home(stage.world, PAGES)])


def _moving(step: str, **more: Any) -> Deed:
    def move(stage: Stage) -> None:
        home = _home(stage.world, step, **more)
        changed(stage, MOVERS[step], lambda body: body | {"address": [home]})

    return move


def _correct(stage: Stage) -> None:
    """Let the other agency correct the address a moment later: this version is the newest."""
    home = _home(stage.world, LATE, line=[street(stage.world)])
    changed(stage, MOVERS[LATE], lambda body: body | {"address": [home]})


def _arming(*faults: Fault) -> Deed:
    def arm(stage: Stage) -> None:
        for each in faults:
            stage.arm(each)

    return arm


def _data(step: str, source: str) -> Callable[[World], dict[str, Any]]:
    def data(world: World) -> dict[str, Any]:
        rule = {"city": town(world, step), "postalCode": postal_code(step)}
        return {"source": source, "complete": rule}

    return data


def _listed(step: str, *before: Deed, **more: Any) -> Step:
    text = "List everybody who lives in this town, and enter the town's postal code."
    return _step(step, text, _data(step, "list"), before, **more)


def _followed(step: str, *before: Deed, **more: Any) -> Step:
    text = "Take in what changed since last time; who moved to this town gets its postal code."
    return _step(step, text, _data(step, "feed"), before, **more)


def _step(
    step: str,
    text: str,
    data: Callable[[World], dict[str, Any]],
    before: tuple[Deed, ...],
    **more: Any,
) -> Step:
    return Step(step, "sync.now", 3, 1, text, data, before, **more)


SETUP = (_settle, prepare)
STEPS = (
    _followed(START),
    _listed(
        PAGES,
        publish,
        _arming(
            Fault("F10", "POST", SEARCH),
            Fault("F10", "GET", f"^{PROFILE}$"),
            Fault("F1", "GET", f"^{PROFILE}$", play="arrive"),
        ),
        deeds={"arrive": _arrive},
        proves=("L1-27",),
    ),
    _listed(TOKEN, deprecate, _arming(Fault("F7", EDIT, WRITTEN)), proves=("L1-02", "L1-32")),
    _listed(BUSY, _arming(Fault("F5", EDIT, WRITTEN)), proves=("L1-33",)),
    _listed(DOWN, _arming(Fault("F2", EDIT, WRITTEN, times=2)), proves=("L1-33",)),
    _followed(
        OUTAGE, _moving(OUTAGE), _arming(Fault("F13", "GET", FEED, times=2)), proves=("L1-28",)
    ),
    _followed(DOUBLE, _moving(DOUBLE), _arming(Fault("F11", "GET", FEED)), proves=("L1-30",)),
    _followed(LATE, _moving(LATE), _correct, _arming(Fault("F12", "GET", FEED)), proves=("L1-31",)),
)
