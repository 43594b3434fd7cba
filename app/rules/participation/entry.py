"""Characteristics at program entry, frozen for the period of participation.

PIRL 202, 400 to 409, 600 to 603, 704, 800 to 808. The hub fills them in at the first enrollment of
a period, with what the enrolling partner may see of the profile; later ones repeat them.
"""

from collections.abc import Mapping, Sequence

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.issues import fault
from app.rules.workflow import Facts, Move

NAME = "atEntry"
OF_PROFILE: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in (
        "employmentStatus", "longTermUnemployed", "educationLevel", "schoolStatus", "disability",
        "fosterCare",
    )},
    **{name: ("benefits", name) for name in ("tanf", "exhaustingTanf", "snap")},
    "ssi": ("benefits", "ssiSsdi"),
    **{name: ("barriers", name) for name in (
        "homeless", "exOffender", "lowIncome", "basicSkillsDeficient", "culturalBarriers",
        "singleParent", "displacedHomemaker",
    )},
    "ell": ("barriers", "englishLearner"),
    "msfw": ("barriers", "farmworker"),
}  # fmt: skip
"""Where in a profile each characteristic stands."""


def filled(move: Move, shared: Sequence[Resource], facts: Facts) -> Resource:
    """Return the enrollment with the characteristics at entry; what its partner gives comes first.

    `shared` are the enrollments of its period, in order.
    """
    agency = facts.agency(move.body["partner"]["reference"])
    frozen = [each for each in shared if NAME in each]
    own = [e for e in frozen if facts.agency(e["partner"]["reference"]) == agency]
    if own:
        found = own[0][NAME]
    else:
        seen = _profile(move, agency, facts)
        found = {k: v for k, v in frozen[0][NAME].items() if k in seen} if frozen else seen
    whole = {**found, **move.body.get(NAME, {})}
    return {**move.body, NAME: whole} if whole else move.body


def kept(move: Move) -> Resource:
    """Return the enrollment with the frozen characteristics, when it says no others."""
    frozen, given = _frozen(move), move.body.get(NAME, {})
    is_echo = all(frozen.get(name) == value for name, value in given.items())
    return {**move.body, NAME: frozen} if frozen and is_echo else move.body


def faults(move: Move) -> list[Issue]:
    """Return the fault of a change of what is frozen; staff may correct it."""
    frozen = _frozen(move)
    if not frozen or move.actor.agency is None or move.body.get(NAME) == frozen:
        return []
    text = "Characteristics at program entry are frozen; only state staff correct them."
    return [fault("frozen", text, f"/{NAME}")]


def _frozen(move: Move) -> Resource:
    former = move.former or {}
    return dict(former.get(NAME, {})) if "periodId" in former.get("period", {}) else {}


def _profile(move: Move, agency: str | None, facts: Facts) -> Resource:
    """Return the characteristics that the profile shows to the partner who enrolls."""
    if agency is None or agency != move.actor.agency:
        return {}
    seen = facts.seen(move.body["participant"]["reference"]) or {}
    found = {name: _at(seen, path) for name, path in OF_PROFILE.items()}
    return {name: value for name, value in found.items() if value is not None}


def _at(profile: Resource, path: tuple[str, ...]) -> str | None:
    value = profile
    for name in path[:-1]:
        value = value.get(name, {})
    return value.get(path[-1])
