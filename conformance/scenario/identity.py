"""Act A1, who it is: searching before creating, one match, several, retries, a refused code."""

from collections.abc import Mapping
from typing import Any

from conformance.scenario.profiles import PROFILE, asked, profile_of, seeding
from conformance.stage import LATE_SECONDS, Fault, Stage, Step, World

REGISTER = "A1-register"
KNOWN = "A1-register-known"
NEAR = "A1-register-near"
CHOOSE = "A1-choose"
LOST = "A1-register-lost"
CUT = "A1-register-cut"
LATE = "A1-register-late"
REFUSED = "A1-register-refused"
CORRECT = "A1-correct"
TO_MERGE = "A1-register-merged"
TRIES = 8
"""How often the wrong code is refused within its step: more often than anybody should try."""
COUNTY, WRONG_COUNTY = "28027", "28011"
"""Coahoma's code and that of Bolivar next to it: no check before the hub finds the slip."""
HOME = {"use": "home", "city": "Clarksdale", "state": "MS", "postalCode": "38614"}


def _near(stage: Stage) -> None:
    """Seed two people of one name and day of birth, who differ in nothing but a telephone."""
    people = stage.world["people"]
    for role in ("near1", "near2"):
        alike = {name: people["near1"][name] for name in ("firstName", "lastName", "birthDate")}
        seeding(stage, role, **alike, ssn=None)


def _known(stage: Stage) -> None:
    seeding(stage, "twin", address=[HOME | {"city": stage.world["canary"]["city"]}])


def _pair(stage: Stage) -> None:
    for role in ("merged", "survivor"):
        seeding(stage, role)


def _find(stage: Stage) -> None:
    """Keep the reference of the one whose journey it is, for what the ghosts do later."""
    profile_of(stage, "elvis")


SETUP = (_known, _near, _pair)


def _elvis(world: World) -> dict[str, Any]:
    return asked(world, "elvis", address=[HOME | {"countyFips": COUNTY}])


def _one_of_two(world: World) -> dict[str, Any]:
    """Return what somebody without papers says at the desk: nothing that only one person has."""
    told = world["people"]["near1"]
    names = ("firstName", "lastName", "birthDate")
    more = {"employmentStatus": "0", "educationLevel": "0"}
    return {"person": {"key": "near", **{name: told[name] for name in names}, **more}}


def _choice(world: World) -> dict[str, Any]:
    phone = world["people"]["near2"]["phone"]
    choice = {"question": "identity", "choose": {"phone": phone}}
    return {"person": {"key": "near"}, **choice, "values": {"address": [HOME]}}


def _refused(world: World) -> dict[str, Any]:
    return asked(world, "other3", address=[HOME | {"countyFips": WRONG_COUNTY}])


def _correction(_world: World) -> dict[str, Any]:
    values: Mapping[str, Any] = {"address": [HOME | {"countyFips": COUNTY}]}
    return {"person": {"key": "other3"}, "question": "refused", "values": values}


STEPS = (
    Step(
        key=REGISTER,
        name="participant.register",
        act=1,
        level=1,
        text="Somebody walks in whom no agency knows. Register this person.",
        data=_elvis,
        after=(_find,),
        proves=("L1-06", "L1-09"),
    ),
    Step(
        key=KNOWN,
        name="participant.register",
        act=1,
        level=1,
        text="Adult education knows this person already. Register this person.",
        data=lambda world: asked(world, "twin"),
        proves=("L1-07",),
    ),
    Step(
        key=NEAR,
        name="participant.register",
        act=1,
        level=1,
        text="The hub knows two people who fit. Register this person as far as that goes.",
        data=_one_of_two,
        proves=("L1-08",),
    ),
    Step(
        key=CHOOSE,
        name="participant.resolve",
        act=1,
        level=1,
        text="Staff recognise the one with this phone number. Enter the address in that record.",
        data=_choice,
        proves=("L1-08",),
    ),
    Step(
        key=TO_MERGE,
        name="participant.register",
        act=1,
        level=1,
        text="Register this person, whom adult education knows.",
        data=lambda world: asked(world, "merged"),
        proves=("L1-07", "L1-18"),
    ),
    Step(
        key=LOST,
        name="participant.register",
        act=1,
        level=1,
        text="Register this person; the hub stores the record, but answers that it is busy.",
        data=lambda world: asked(world, "other1"),
        before=(lambda stage: stage.arm(Fault("F3", "POST", f"^{PROFILE}$")),),
        proves=("L1-06", "L1-10"),
    ),
    Step(
        key=CUT,
        name="participant.register",
        act=1,
        level=1,
        text="Register this person; the hub stores the record, but the line is cut.",
        data=lambda world: asked(world, "other2"),
        before=(lambda stage: stage.arm(Fault("F4", "POST", f"^{PROFILE}$")),),
        proves=("L1-06", "L1-10"),
    ),
    Step(
        key=LATE,
        name="participant.register",
        act=1,
        level=1,
        text="Register this person; the hub stores the record, but its answer is long in coming.",
        data=lambda world: asked(world, "other4"),
        before=(
            lambda stage: stage.arm(Fault("F6", "POST", f"^{PROFILE}$", seconds=LATE_SECONDS)),
        ),
        proves=("L1-06", "L1-10"),
    ),
    Step(
        key=REFUSED,
        name="participant.register",
        act=1,
        level=1,
        text="Register this person; the county is the next one by mistake, the hub refuses it.",
        data=_refused,
        before=(lambda stage: stage.arm(Fault("F8", "POST", f"^{PROFILE}$", times=TRIES)),),
        proves=("L1-11",),
    ),
    Step(
        key=CORRECT,
        name="participant.resolve",
        act=1,
        level=1,
        text="Staff correct what the hub refused. Send the corrected record.",
        data=_correction,
        proves=("L1-11",),
    ),
)
