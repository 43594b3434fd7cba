"""The state's labour market, from the tables that ship with the hub.

Of the large tables only what a report card can show is kept: each worker holds it in memory.
Sources and vintages: `labour_market_sources` of the reference.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from app.rules.reference import Reference, Row

SOC = re.compile(r"([0-9]{2}-[0-9]{4})(\.[0-9]{2})?")
"""An occupation as SOC 2018, or as O*NET-SOC, which adds two digits."""
TRAINED_ON_THE_JOB = ("Moderate-term on-the-job training", "Long-term on-the-job training")
MIDDLE_SKILL_LEVELS = range(2, 5)
DIPLOMA = 1


class Occupation(NamedTuple):
    """A detailed occupation; wages are US dollars a year in Mississippi, None where unpublished.

    `level` is the typical entry education, 0 none to 7 doctoral. `is_top_coded` says that the
    median is at or above the highest wage that is published.
    """

    soc: str
    title: str
    level: int
    on_the_job_training: str
    employment: int | None
    median: int | None
    p10: int | None
    p90: int | None
    is_top_coded: bool

    @property
    def is_middle_skill(self) -> bool:
        """Whether it takes more than a diploma and less than a bachelor's degree.

        Level 2 to 4, or level 1 with moderate or long on-the-job training: domain.md section 4.
        """
        if self.level == DIPLOMA:
            return self.on_the_job_training in TRAINED_ON_THE_JOB
        return self.level in MIDDLE_SKILL_LEVELS


class Program(NamedTuple):
    """A training program that leads to an occupation, and the credential at its end."""

    name: str
    provider: str
    months: int
    credential: str


class WageArea(NamedTuple):
    """An area that wages are published for."""

    code: str
    name: str


class LabourMarket:
    """Typed views of the tables; each is made when it is first asked for."""

    def __init__(self, reference: Reference) -> None:
        self._documents = reference.documents
        self._tables = reference.tables

    @cached_property
    def occupations(self) -> Mapping[str, Occupation]:
        """All detailed occupations by SOC."""
        return {each["soc_code"]: _occupation(each) for each in self._tables["occupations"]}

    def priorities(self, area: str | None) -> Mapping[str, Sequence[str]]:
        """Return the priority occupations of a local workforce area, each with its sectors."""
        return self._priorities.get(area or "", {})

    def tier(self, past: str, soc: str) -> str | None:
        """Return `short` or `long` when O*NET lists `soc` as related to `past`, in that tier."""
        return self._tiers.get((past, soc))

    def local_median(self, area: WageArea | None, soc: str) -> int | None:
        """Return the median wage of an area in dollars a year, None where unpublished."""
        return self._medians.get((area.code, soc)) if area else None

    def description(self, soc: str) -> str | None:
        """Return what O*NET says of a priority occupation."""
        return self._descriptions.get(soc)

    def wage_area(self, county: str | None) -> WageArea | None:
        """Return the wage area of a county, None where it is not established."""
        return self._wage_areas.get(county or "")

    def workforce_area(self, county: str | None) -> str | None:
        """Return the local workforce area of a county."""
        return self._workforce_areas.get(county or "")

    def programs(self, soc: str) -> Sequence[Program]:
        """Return the training programs that are linked to an occupation, the shortest first."""
        found = [
            Program(each["name"], each["provider"], each["durationMonths"], each["credential"])
            for each in self._documents["training_programs"]
            if each["onetSoc"] == soc
        ]
        return sorted(found, key=lambda each: each.months)

    def civilian(self, branch: str, code: str | None) -> str | None:
        """Return the occupation of a military occupation code, such as 88M of the Army."""
        words = branch.casefold().split()
        for each in self._documents["military_occupations"]:
            if each["branch"].casefold() in words and each["moc"] == code:
                return str(each["onetSoc"])
        return None

    def level(self, education: str | None) -> int:
        """Return the level of an education code of PIRL 408, 0 for an unknown one."""
        for each in self._documents["education_levels"]:
            if education in each["pirl408"]:
                return int(each["level"])
        return 0

    def title(self, soc: str) -> str:
        """Return the title of an occupation, the code itself when it has none."""
        found = self.occupations.get(soc)
        return found.title if found else soc

    def group(self, soc: str) -> str:
        """Return the title of the SOC major group of an occupation."""
        found = self._documents["soc_major_groups"]
        return next((each["title"] for each in found if each["code"][:2] == soc[:2]), soc[:2])

    def area_name(self, area: str) -> str:
        """Return the name of a local workforce area."""
        found = self._documents["local_workforce_areas"]
        return next((each["name"] for each in found if each["id"] == area), area)

    @cached_property
    def _priorities(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for each in self._documents["sector_strategies"]:
            area = found.setdefault(each["localWorkforceArea"], {})
            for soc in each["prioritySocCodes"]:
                area.setdefault(soc, []).append(each["sector"])
        return found

    @cached_property
    def _shown(self) -> frozenset[str]:
        """The occupations that a card can show."""
        return frozenset(soc for area in self._priorities.values() for soc in area)

    @cached_property
    def _tiers(self) -> Mapping[tuple[str, str], str]:
        rows, shown = self._tables["related_occupations"], self._shown
        return {
            (each["soc_code"], each["related_soc_code"]): each["tier"]
            for each in rows
            if each["related_soc_code"] in shown
        }

    @cached_property
    def _medians(self) -> Mapping[tuple[str, str], int]:
        rows, shown = self._tables["wages_by_area_ms"], self._shown
        return {
            (each["area_code"], each["soc_code"]): int(each["median_annual_wage"])
            for each in rows
            if each["soc_code"] in shown and each["median_annual_wage"]
        }

    @cached_property
    def _descriptions(self) -> Mapping[str, str]:
        rows, shown = self._tables["onet_descriptions"], self._shown
        return {each["soc_code"]: each["description"] for each in rows if each["soc_code"] in shown}

    @cached_property
    def _wage_areas(self) -> Mapping[str, WageArea]:
        names = {each["area_code"]: each["name"] for each in self._tables["oews_areas_ms"]}
        return {
            each["fips"]: WageArea(code, names[code])
            for each in self._tables["counties_ms"]
            if (code := each["oews_msa_code_unverified"])
        }

    @cached_property
    def _workforce_areas(self) -> Mapping[str, str]:
        return {each["fips"]: each["local_workforce_area"] for each in self._tables["counties_ms"]}


@cache
def labour_market(reference: Reference) -> LabourMarket:
    """Return the labour market that a reference describes, the same one each time."""
    return LabourMarket(reference)


def soc_of(code: str | None) -> str | None:
    """Return the SOC code of a SOC or O*NET-SOC code, None for anything else."""
    found = SOC.fullmatch(code or "")
    return found[1] if found else None


def _occupation(row: Row) -> Occupation:
    return Occupation(
        row["soc_code"],
        row["title"],
        int(row["entry_education_level"]),
        row["on_the_job_training"],
        _number(row["employment_ms"]),
        _number(row["median_annual_wage_ms"]),
        _number(row["p10_annual_wage_ms"]),
        _number(row["p90_annual_wage_ms"]),
        row["wage_topcoded_ms"] == "1",
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
