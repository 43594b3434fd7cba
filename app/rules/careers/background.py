"""How well an occupation fits the jobs that a person has had (domain.md section 4, step 3)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.model.codec import Resource
from app.rules.careers.labour_market import LabourMarket, soc_of

SAME = 3
TIERS = {"short": 2, "long": 1}
"""Scores by the tier in which O*NET lists an occupation as related."""
SAME_GROUP = 0.5


class Job(NamedTuple):
    """A job that a person has had: its SOC code, and where it is told of."""

    soc: str
    told_in: str


class Fit(NamedTuple):
    """How well an occupation fits, 0.5 to 3, and the job that it fits best."""

    score: float
    job: Job


def past_jobs(profile: Resource, market: LabourMarket) -> list[Job]:
    """Return the jobs of a person with a known code, those of military service included."""
    return [Job(soc, told_in) for soc, told_in in _codes(profile, market) if soc]


def fit(jobs: Sequence[Job], soc: str, market: LabourMarket) -> Fit | None:
    """Return how well an occupation fits the best of all jobs, None when it fits none."""
    fits = [Fit(score, job) for job in jobs if (score := _score(job.soc, soc, market))]
    return max(fits, key=lambda each: each.score, default=None)


def reason(found: Fit, soc: str, market: LabourMarket) -> str:
    """Return in words why an occupation fits."""
    job = found.job
    if job.soc == soc:
        return f"The same occupation as in your {job.told_in}"
    past = f"{market.title(job.soc)} in your {job.told_in}"
    tier = market.tier(job.soc, soc)
    if tier:
        return f"Related ({tier} tier) to {past}"
    return f"Of the same major group, {market.group(soc)}, as {past}"


def _codes(profile: Resource, market: LabourMarket) -> Iterator[tuple[str | None, str]]:
    for each in profile.get("workHistory", ()):
        yield soc_of(each.get("onetSoc")), "work history"
    for each in profile.get("militaryService", ()):
        yield market.civilian(each["branch"], each.get("occupationCode")), "military service"


def _score(past: str, soc: str, market: LabourMarket) -> float:
    """Return how well an occupation fits a past one, 0 when not at all."""
    if past == soc:
        return SAME
    tier = market.tier(past, soc)
    if tier:
        return TIERS[tier]
    return SAME_GROUP if past[:2] == soc[:2] else 0
