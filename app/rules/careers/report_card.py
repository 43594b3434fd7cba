"""The Work-Ready Report Card: occupations that fit a person's background and the area's sectors.

Computed as domain.md section 4 says; education and months are steps 1 and 2, in `preparation`, the
score is step 3, in `background`, candidates and cards are steps 4 and 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from app.model.codec import Resource
from app.rules.careers.background import Fit, Job, fit, past_jobs, reason
from app.rules.careers.labour_market import (
    LabourMarket,
    Occupation,
    Program,
    WageArea,
    labour_market,
    soc_of,
)
from app.rules.careers.preparation import held_level, months_to_prepare
from app.rules.reference import Reference

__all__ = [
    "MIDDLE_SKILL", "Card", "Place", "Recommendation", "is_occupation", "months_to_prepare",
    "report_card",
]  # fmt: skip
MIDDLE_SKILL = "middle-skill"
LIVING = ("home", "temporary", None, "mailing")
"""Uses of addresses, the best guess of where a person lives first; an old one says nothing."""
NO_AREA = "The local workforce area of the person is not known, so no sector strategy applies."
NO_PAST = "No past job with an occupation code, and no military occupation that maps to one."
NO_MATCH = "No priority occupation of the local workforce area relates to the past jobs."
NO_MIDDLE = "None of the occupations that fit is a middle-skill one."


@dataclass(frozen=True)
class Recommendation:
    """One occupation of a card: `why` is a sentence for the person, `months` to be ready for it."""

    occupation: Occupation
    description: str | None
    fit: Fit
    months: int
    program: Program | None
    local_median: int | None
    why: str

    @property
    def rank(self) -> tuple[float, int, float, str]:
        """What cards are ordered by (step 4); a top-coded wage is above all that are published."""
        each = self.occupation
        median = inf if each.is_top_coded else each.median or 0
        return -self.fit.score, self.months, -median, each.soc

    def element(self, credential: str | None = None, service: str | None = None) -> Resource:
        """Return it as a plan holds it: `ParticipantSuccessPlan.reportCard.recommendations`.

        `credential` and `service` are references to what the occupation asks for, if any.
        """
        each = self.occupation
        found = {
            "onetSoc": each.soc,
            "title": each.title,
            "description": self.description,
            "score": self.fit.score,
            "monthsToPrepare": self.months,
            "requiredEducationLevel": each.level,
            "credential": {"reference": credential} if credential else None,
            "trainingService": {"reference": service} if service else None,
            "medianAnnualWage": each.median,
            "p10AnnualWage": each.p10,
            "p90AnnualWage": each.p90,
            "areaMedianAnnualWage": self.local_median,
            "onTheJobTraining": each.on_the_job_training or None,
            "employment": each.employment,
        }
        return {name: value for name, value in found.items() if value is not None}


class Place(NamedTuple):
    """Where a person lives: county, local workforce area, and the area that has wages."""

    county: str | None
    area: str | None
    wage_area: WageArea | None


@dataclass(frozen=True)
class Card:
    """What is recommended, best first; `empty` says why when it is nothing.

    `held` is the education that the person holds, 0 to 7.
    """

    held: int
    place: Place
    recommendations: Sequence[Recommendation]
    empty: str | None


def is_occupation(soc: str, reference: Reference) -> bool:
    """Whether a SOC or O*NET-SOC code names a detailed occupation that the hub has figures for."""
    return soc_of(soc) in labour_market(reference).occupations


def report_card(
    profile: Resource,
    credentials: Sequence[Resource],
    scores: Sequence[Resource],
    reference: Reference,
    view: str = "all",
) -> Card:
    """Return the card of a person, in the low-skill view `middle-skill` of such occupations only.

    `credentials` and `scores` are the person's resources of these types.
    """
    market = labour_market(reference)
    place = _place(profile, market)
    jobs = past_jobs(profile, market)
    fits = _candidates(jobs, place.area, market)
    kept = [soc for soc in fits if view != MIDDLE_SKILL or market.occupations[soc].is_middle_skill]
    made = []
    for soc in kept:
        months = months_to_prepare(profile, credentials, scores, soc, reference)
        made.append(_recommendation(soc, fits[soc], months, place, market))
    return Card(
        held_level(profile, credentials, market),
        place,
        sorted(made, key=lambda each: each.rank),
        None if made else _empty(place.area, jobs, fits),
    )


def _candidates(jobs: Sequence[Job], area: str | None, market: LabourMarket) -> dict[str, Fit]:
    """Return the priority occupations of the area that fit any job."""
    fits = {soc: fit(jobs, soc, market) for soc in market.priorities(area)}
    return {soc: each for soc, each in fits.items() if each and soc in market.occupations}


def _recommendation(
    soc: str, found: Fit, months: int, place: Place, market: LabourMarket
) -> Recommendation:
    area = place.area or ""
    sectors = " and ".join(market.priorities(area)[soc])
    programs = market.programs(soc)
    return Recommendation(
        market.occupations[soc],
        market.description(soc),
        found,
        months,
        programs[0] if programs else None,
        market.local_median(place.wage_area, soc),
        f"{reason(found, soc, market)}; a priority occupation of the {sectors} sector in the "
        f"{market.area_name(area).removeprefix('The ')}.",
    )


def _place(profile: Resource, market: LabourMarket) -> Place:
    """Return where a person lives, as far as the profile and the addresses in it tell."""
    counties = {
        each.get("use"): each["countyFips"]
        for each in reversed(profile.get("address", ()))
        if "countyFips" in each
    }
    county = next((counties[use] for use in LIVING if use in counties), None)
    area = profile.get("localWorkforceArea") or market.workforce_area(county)
    return Place(county, area, market.wage_area(county))


def _empty(area: str | None, jobs: Sequence[Job], fits: Mapping[str, Fit]) -> str:
    if area is None:
        return NO_AREA
    if not jobs:
        return NO_PAST
    return NO_MIDDLE if fits else NO_MATCH
