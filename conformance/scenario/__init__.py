"""The journey: what happens to whom in which order, and what the ghosts do meanwhile."""

from collections.abc import Sequence

from conformance.scenario import (
    assessment,
    identity,
    leaving,
    people,
    plans,
    records,
    referrals,
    scores,
    services,
    sync,
    training,
)
from conformance.stage import Deed, Step, World

GHOSTS = ("workforce", "human-services", "adult-education", "college", "vr", "staff", "reviewer")
"""The agencies that the hub plays, and state staff."""
PARTS = (
    identity, assessment, referrals, records, sync, services, scores, training, leaving, plans,
)  # fmt: skip
"""The parts of the journey in the order of its acts."""
SETUP: Sequence[Deed] = [deed for part in PARTS for deed in getattr(part, "SETUP", ())]
"""What the ghosts do before the first step."""


def world(seed: str) -> World:
    """Return the world that a secret seed makes: people, canaries, what differs from run to run."""
    return {"seed": seed, **people.of(seed)}


def journey(level: int, profile: str) -> list[Step]:
    """Return the steps of a run up to a level, in their order, for a profile."""
    return [each for each in _all() if each.level <= level and profile in each.profiles]


def _all() -> Sequence[Step]:
    return [step for part in PARTS for step in part.STEPS]
