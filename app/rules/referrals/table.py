"""The published life cycle of a referral as the rules use it: moves, who makes them, clocks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from app.rules.reference import Reference

SOURCE, TARGET = "source", "target"
REASONS: Mapping[str, tuple[str, ...]] = {
    "rejected": (
        "wrong-agency",
        "out-of-area",
        "no-capacity",
        "duplicate",
        "insufficient-information",
    ),
    "cancelled": ("duplicate", "participant-withdrew", "moved", "source-error"),
    "on-hold": ("no-capacity", "insufficient-information", "participant-asked-to-wait"),
    "entered-in-error": ("duplicate", "source-error"),
}
"""Status → the reasons that fit it; all other moves take none."""


@dataclass(frozen=True)
class Clocks:
    """How long each step may take; the numbers are the product's own, no law sets them.

    Units: business days, but calendar days for `close` and `review`. A no-show takes `attempts`
    by `METHODS` over `span` business days.
    """

    acknowledge: int
    accept: int
    first_contact: int
    close: int
    review: int
    attempts: int
    span: int


METHODS = 2
"""In how many ways a person must have been tried who never answered."""


@dataclass(frozen=True)
class LifeCycle:
    """Which states are open, who makes which move, from where each outcome can be reached."""

    open: tuple[str, ...]
    actors: Mapping[tuple[str, str], str]
    outcomes: Mapping[str, tuple[str, ...]]
    clocks: Clocks

    def moves(self, here: str, roles: Collection[str]) -> tuple[str, ...]:
        """Return the statuses to which an actor in these roles may move a referral."""
        return tuple(
            there for (start, there), role in self.actors.items() if start == here and role in roles
        )


@cache
def life_cycle(reference: Reference) -> LifeCycle:
    """Return the life cycle that ships with the hub."""
    told = reference.documents["referral_lifecycle"]
    moves = {(each["from"], each["to"]): each["actor"] for each in told["transitions"]}
    for each in told["alwaysAllowed"]:
        moves |= {(start, each["to"]): each["actor"] for start in each["from"]}
    clocks = told["defaultClocks"]
    return LifeCycle(
        tuple(each["code"] for each in told["states"] if each["open"]),
        moves,
        {each["code"]: tuple(each["fromStates"]) for each in told["closingOutcomes"]},
        Clocks(
            acknowledge=clocks["acknowledgeBusinessDays"],
            accept=clocks["acceptBusinessDays"],
            first_contact=clocks["firstContactBusinessDays"],
            close=clocks["closeCalendarDays"],
            review=clocks["onHoldReviewCalendarDays"],
            attempts=clocks["noShowMinimumAttempts"],
            span=clocks["noShowMinimumSpanBusinessDays"],
        ),
    )
