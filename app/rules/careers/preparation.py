"""How long a person needs to be ready for an occupation (domain.md section 4, steps 1 and 2)."""

from collections.abc import Iterable, Sequence

from app.model.codec import Resource
from app.rules.careers.labour_market import DIPLOMA, LabourMarket, labour_market, soc_of
from app.rules.reference import Reference

DIPLOMA_TYPE = "1"
"""PIRL 1800: secondary school diploma or equivalency."""
EARNED = "earned"
STANDING = frozenset({"final", "amended"})


def held_level(profile: Resource, credentials: Sequence[Resource], market: LabourMarket) -> int:
    """Return the education that a person holds, 0 none to 7 doctoral.

    A diploma or equivalency on record counts even while the profile does not say so yet.
    """
    level = market.level(profile.get("educationLevel"))
    has_diploma = any(each.get("credentialType") == DIPLOMA_TYPE for each in _earned(credentials))
    return max(level, DIPLOMA) if has_diploma else level


def months_to_prepare(
    profile: Resource,
    credentials: Sequence[Resource],
    scores: Sequence[Resource],
    soc: str,
    reference: Reference,
) -> int:
    """Return the months that a person needs to be ready for an occupation.

    `soc` is a SOC or O*NET-SOC code; one that is not known takes no months. Training on the job
    after hire does not count.
    """
    market = labour_market(reference)
    occupation = market.occupations.get(soc_of(soc) or "")
    if occupation is None:
        return 0
    held = held_level(profile, credentials, market)
    table = reference.documents["preparation_months"]
    needs_diploma = held < DIPLOMA <= occupation.level
    first = int(table["hseMonthsByEfl"][functioning_level(scores)]) if needs_diploma else 0
    programs = market.programs(occupation.soc)
    if programs:
        owned = {each.get("credential", {}).get("reference") for each in _earned(credentials)}
        is_trained = any(each.credential in owned for each in programs)
        return first if is_trained else first + programs[0].months
    if occupation.level <= held:
        return first
    default = int(table["defaultMonthsByRequiredLevel"][str(occupation.level)])
    credit = int(table["creditForHeldLevel"].get(str(held), 0))
    return first + max(0, default - credit)


def functioning_level(scores: Sequence[Resource]) -> str:
    """Return the NRS level that the way to an equivalency starts from, `unknown` without one.

    It is the lowest of the latest levels of each functional area, as the equivalency asks for all.
    ESL levels are of another ladder, and a result out of range tells no level (34 CFR 462).
    """
    latest: dict[str, tuple[str, int]] = {}
    for each in scores:
        if "efl" in each and "administeredOn" in each and _counts(each):
            found = each["administeredOn"], each["efl"]
            area = each.get("functionalArea", "")
            latest[area] = max(latest.get(area, found), found)
    return str(min(level for _, level in latest.values())) if latest else "unknown"


def _counts(score: Resource) -> bool:
    is_standing = score.get("status") in STANDING and not score.get("outOfRange", False)
    return is_standing and score.get("eflTrack", "ABE") == "ABE"


def _earned(credentials: Iterable[Resource]) -> list[Resource]:
    return [each for each in credentials if each.get("status") == EARNED]
