"""Act A2: referrals that are declined, called off, answered, contested and closed."""

from typing import Any

from conformance.scenario.assessment import REFERS
from conformance.scenario.profiles import Body, asked, profile_of
from conformance.scenario.referring import (
    accepted_meanwhile,
    at_deadline,
    called_off,
    came_in,
    held,
    moved,
    taken_on,
)
from conformance.scenario.sharing import ADULT_EDUCATION, HINDS, US, referring
from conformance.stage import Fault, Stage, Step, World

REFER = "A2-refer"
AGAIN = "A2-refer-again"
CANCEL = "A2-cancel"
ACCEPT = "A2-receive-accept"
DECLINE = "A2-receive-decline"
LOSE = "A2-receive-cancelled"
CONTACT = "A2-contact"
CLOSE_DECLINED = "A2-close-declined"
CLOSE_NO_SHOW = "A2-close-no-show"
WRITE = r"^Referral/[^/$]+$"
RECEIVES = frozenset({"receives", "both"})
SETUP = ()


def _decline(stage: Stage) -> None:
    """Let the first provider reject what waits for it, and keep which referral that was."""
    who = profile_of(stage, "elvis")
    rejected = {"status": "rejected", "statusReason": "no-capacity"}
    stage.world["declined"] = moved(stage, who, rejected)


def _accept(stage: Stage) -> None:
    who = profile_of(stage, "elvis")
    stage.world["accepted"] = moved(stage, who, {"status": "accepted"})


def _incoming(world: World, role: str, **more: Any) -> Body:
    """Return what the partner's staff know of a referral that came in: its number at the source."""
    told = world["incoming"][role]
    number = {"system": told["system"], "value": told["number"]}
    said = {"referral": f"in-{role}", "identifier": number, "us": dict(US)}
    return asked(world, role) | said | more


def _refer(world: World) -> Body:
    return asked(world, "elvis") | referring(world, "abe-1", ADULT_EDUCATION)


def _again(world: World) -> Body:
    return asked(world, "elvis") | referring(world, "abe-2", HINDS, prior="abe-1")


def _cancel(world: World) -> Body:
    return asked(world, "assessed") | {"referral": "assessed-abe", "reason": "participant-withdrew"}


def _missed(world: World) -> Body:
    start = world["incoming"]["guest4"]["since"]
    return _incoming(world, "guest4", outcome="no-show", missed=start)


def _unwanted(world: World) -> Body:
    offered = world["incoming"]["guest1"]["day"]
    return _incoming(world, "guest1", outcome="declined", offered=offered)


def _race(stage: Stage) -> None:
    """Let the other side move the referral just before the partner's write."""
    for method in ("PUT", "PATCH"):
        stage.arm(Fault("F1", method, WRITE, play="meanwhile"))


STEPS = (
    Step(
        key=REFER,
        name="referral.create",
        act=2,
        level=1,
        text="Refer the person to adult education; the consent is signed. The hub is busy.",
        data=_refer,
        before=(lambda stage: stage.arm(Fault("F2", "POST", r"^Referral$", seconds=2)),),
        after=(_decline,),
        proves=("L1-17", "L1-21"),
        profiles=REFERS,
    ),
    Step(
        key=AGAIN,
        name="referral.re-refer",
        act=2,
        level=1,
        text="Look at what became of the referral. If it was rejected, refer to this provider.",
        data=_again,
        after=(_accept,),
        proves=("L1-24",),
        profiles=REFERS,
    ),
    Step(
        key=CANCEL,
        name="referral.cancel",
        act=2,
        level=1,
        text="The person no longer wants it: call the referral off. The provider just accepts it.",
        data=_cancel,
        before=(_race,),
        deeds={"meanwhile": accepted_meanwhile},
        proves=("L1-22", "L1-25"),
        profiles=REFERS,
    ),
    Step(
        key=ACCEPT,
        name="referral.respond",
        act=2,
        level=1,
        text="A referral from human services came in. You have a place: accept it.",
        data=lambda world: _incoming(world, "guest1", decision="accept"),
        before=(came_in("guest1"),),
        after=(at_deadline("guest1"),),
        proves=("L1-23",),
        profiles=RECEIVES,
    ),
    Step(
        key=DECLINE,
        name="referral.respond",
        act=2,
        level=1,
        text="A referral from human services came in. You have no place: reject it, with the code.",
        data=lambda world: _incoming(world, "guest2", decision="decline", reason="no-capacity"),
        before=(came_in("guest2"),),
        after=(at_deadline("guest2"),),
        proves=("L1-23",),
        profiles=RECEIVES,
    ),
    Step(
        key=LOSE,
        name="referral.respond",
        act=2,
        level=1,
        text="A referral came in: accept it, unless human services call it off at the same moment.",
        data=lambda world: _incoming(world, "guest3", decision="accept"),
        before=(came_in("guest3"), _race),
        deeds={"meanwhile": called_off("guest3")},
        proves=("L1-22", "L1-25"),
        profiles=RECEIVES,
    ),
    Step(
        key=CONTACT,
        name="referral.respond",
        act=2,
        level=1,
        text="You reached the person by phone: record it. State staff just put it on hold.",
        data=lambda world: _incoming(world, "guest1", decision="contact", method="phone"),
        before=(_race,),
        deeds={"meanwhile": held("guest1")},
        proves=("L1-22",),
        profiles=RECEIVES,
    ),
    Step(
        key=CLOSE_DECLINED,
        name="referral.close",
        act=2,
        level=1,
        text="The person declined what you offered on that day. Close the referral accordingly.",
        data=_unwanted,
        proves=("L1-26",),
        profiles=RECEIVES,
    ),
    Step(
        key=CLOSE_NO_SHOW,
        name="referral.close",
        act=2,
        level=1,
        text="The person missed the appointment, and is not heard of since. Close the referral.",
        data=_missed,
        before=(came_in("guest4"), taken_on("guest4")),
        proves=("L1-26",),
        profiles=RECEIVES,
    ),
)
