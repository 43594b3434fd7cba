"""Act A3: other agencies edit the record while the partner has it on the desk."""

from typing import Any

from conformance.scenario.profiles import PROFILE, STAFF, Body, ask, changed, profile_of
from conformance.stage import Deed, Fault, Stage, Step, World

UPDATE = "A3-update"
CONFLICT = "A3-conflict"
RESOLVE = "A3-resolve"
UNKNOWN = "A3-unknown"
MERGED = "A3-merged"
LANGUAGE = "es"
EXTENSION = "https://adult-education.example/ext/study-circle"
TAGS = "https://adult-education.example/codes/working-list"


def _phone(number: str) -> list[dict[str, Any]]:
    return [{"system": "phone", "value": number, "preferred": True}]


def numbers(world: World) -> dict[str, str]:
    """Return the telephone numbers of the act: what whom enters, and what staff decide on."""
    last = int(world["canary"]["phone"][-2:])
    return {
        name: f"769-555-01{(last + at) % 100:02d}"
        for at, name in enumerate(("theirs", "mine", "unknown", "merged"), start=1)
    }


def unknown(world: World) -> dict[str, Any]:
    """Return what no partner knows the meaning of: an extension and a tag, with canaries."""
    canary = world["canary"]["extension"]
    return {
        "extension": {"url": EXTENSION, "valueCode": canary},
        "tag": {"system": TAGS, "code": f"list-{canary[-8:]}"},
    }


def _speak(body: Body) -> Body:
    return body | {"preferredLanguage": LANGUAGE}


def _other_field(stage: Stage) -> None:
    changed(stage, "elvis", _speak)


def _same_field(stage: Stage) -> None:
    number = numbers(stage.world)["theirs"]
    changed(stage, "elvis", lambda body: body | {"telecom": _phone(number)})


def _mark(stage: Stage) -> None:
    more = unknown(stage.world)

    def marked(body: Body) -> Body:
        extensions = [*body.get("extension", []), more["extension"]]
        tags = [*body["meta"].get("tag", []), more["tag"]]
        return body | {"extension": extensions, "meta": body["meta"] | {"tag": tags}}

    changed(stage, "twin", marked)


def _merge(stage: Stage) -> None:
    gone, survivor = profile_of(stage, "merged"), profile_of(stage, "survivor")
    versions = [
        int(ask(stage, STAFF, "GET", str(each))["meta"]["versionId"]) for each in (gone, survivor)
    ]
    inputs = [
        {"name": "into", "valueReference": {"reference": survivor}},
        {"name": "version", "valueInteger": versions[0]},
        {"name": "intoVersion", "valueInteger": versions[1]},
    ]
    sent = {"resourceType": "Parameters", "parameter": inputs}
    ask(stage, STAFF, "POST", f"{gone}/$merge", sent)


def _editing(name: str) -> tuple[Deed, ...]:
    """Return the deed that lets a ghost edit the profile just before the partner's write."""

    def arm(stage: Stage) -> None:
        reference = profile_of(stage, "elvis")
        path = reference or f"{PROFILE}/[^/]+"
        for method in ("PUT", "PATCH"):
            stage.arm(Fault("F1", method, f"^{path}$", play=name))

    return (arm,)


def _moved(role: str, number: str) -> dict[str, Any]:
    return {"person": {"key": role}, "values": {"telecom": _phone(number)}}


STEPS = (
    Step(
        key=UPDATE,
        name="participant.update",
        act=3,
        level=1,
        text="The person has a new telephone number. Enter it.",
        data=lambda world: _moved("elvis", world["canary"]["phone"]),
        before=_editing("other field"),
        deeds={"other field": _other_field},
        proves=("L1-12", "L1-13"),
    ),
    Step(
        key=CONFLICT,
        name="participant.update",
        act=3,
        level=1,
        text="The telephone number changes again. Enter it, as far as that goes.",
        data=lambda world: _moved("elvis", numbers(world)["mine"]),
        before=_editing("same field"),
        deeds={"same field": _same_field},
        proves=("L1-12", "L1-14"),
    ),
    Step(
        key=RESOLVE,
        name="participant.resolve",
        act=3,
        level=1,
        text="Adult education entered another number; staff asked, and this one is right.",
        data=lambda world: {"question": "conflict"} | _moved("elvis", numbers(world)["mine"]),
        proves=("L1-14",),
    ),
    Step(
        key=UNKNOWN,
        name="participant.update",
        act=3,
        level=1,
        text="Adult education keeps facts on this person that you do not know. Enter the number.",
        data=lambda world: _moved("twin", numbers(world)["unknown"]),
        before=(_mark,),
        proves=("L1-15", "L1-16"),
    ),
    Step(
        key=MERGED,
        name="participant.update",
        act=3,
        level=1,
        text="Staff found that this person had two records, and merged yours. Enter the number.",
        data=lambda world: _moved("merged", numbers(world)["merged"]),
        before=(_merge,),
        proves=("L1-18",),
    ),
)
