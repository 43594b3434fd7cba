"""How the ghosts keep people: seeding their profiles, finding them, changing one element."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance.stage import Stage, World

PROFILE = "ParticipantProfile"
OTHER = "adult-education"
"""The agency that knew the people first."""
STAFF = "staff"
Body = dict[str, Any]


class Unready(Exception):
    """The hub did not do what a ghost asked for; that is never held against a partner."""


def asked(world: World, role: str, **more: Any) -> dict[str, Any]:
    """Return the data of a step about a person, by the local key that is the role."""
    return {"person": {"key": role, **intake(world, role), **more}}


def intake(world: World, role: str) -> Body:
    """Return what somebody says of themselves at the desk, in elements of a profile."""
    return {**world["people"][role], "employmentStatus": "0", "educationLevel": "0"}


def profile(world: World, role: str, **more: Any) -> Body:
    """Return the body of a person's profile; an element of None is left out."""
    told = intake(world, role) | more
    told["telecom"] = [{"system": "phone", "value": told.pop("phone"), "preferred": True}]
    body = {"resourceType": PROFILE, "status": "active", **told}
    return {name: value for name, value in body.items() if value is not None}


def seeding(stage: Stage, role: str, **more: Any) -> str:
    """Let the other agency create a person; return and keep the reference, raise Unready."""
    body = profile(stage.world, role, **more)
    made = ask(stage, OTHER, "POST", PROFILE, body)
    return keep(stage, role, f"{PROFILE}/{made['id']}")


def keep(stage: Stage, role: str, reference: str) -> str:
    """Keep the reference of a person's profile for deeds and evaluators, and return it."""
    stage.world.setdefault("profiles", {})[role] = reference
    return reference


def profile_of(stage: Stage, role: str) -> str | None:
    """Return the reference of a person's profile, found by who it is; None for nobody yet."""
    known: Mapping[str, str] = stage.world.get("profiles", {})
    if role in known:
        return known[role]
    person = profile(stage.world, role)
    sent = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "resource", "resource": person},
            {"name": "onlyCertainMatches", "valueBoolean": True},
        ],
    }
    found = ask(stage, STAFF, "POST", f"{PROFILE}/$match", sent).get("entry", [])
    return keep(stage, role, f"{PROFILE}/{found[0]['resource']['id']}") if found else None


def changed(stage: Stage, role: str, change: Callable[[Body], Body], ghost: str = OTHER) -> None:
    """Let a ghost read a profile and change it as it should; nothing when there is none yet."""
    reference = profile_of(stage, role)
    if reference is None:
        return
    body = ask(stage, ghost, "GET", reference)
    tag = {"if-match": f'W/"{body["meta"]["versionId"]}"'}
    ask(stage, ghost, "PUT", reference, change(body), tag)


def ask(  # noqa: PLR0913, PLR0917 - the words of Stage.ask
    stage: Stage,
    ghost: str,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Body:
    """Return what the hub answers a ghost; raise Unready when it does not do it."""
    return answered(stage.ask(ghost, method, path, body, headers))


def answered(reply: tuple[int, Any, Mapping[str, str]]) -> Body:
    """Return what the hub answers a ghost; raise Unready when it does not do it."""
    status, answer, _ = reply
    if not 200 <= status < 300:  # noqa: PLR2004 - RFC 9110 section 15.3
        raise Unready(f"The hub answered a ghost with {status}.")
    return dict(answer or {})
