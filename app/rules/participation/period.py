"""The period element of enrollments: which of a person's enrollments share one, and its exit.

It is found anew from all of them at each write, so that what is recorded late joins two periods,
moves an entry, or takes an exit back.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from app.model.codec import Resource
from app.rules.business_days import day_of
from app.rules.participation.participation import Period, Spell, is_live, last_service, periods
from app.rules.workflow import Facts

ENROLLMENT = "ParticipantServiceEnrollment"
COMMON = "common"
"""The group of the Department of Labor programs, which share one exit."""
GIVEN = ("otherReasonForExit", "nextPlannedServiceDate")
"""What of a period a partner says; the rest is the hub's."""
Rows = Mapping[str, Resource]


def group(row: Resource, facts: Facts) -> str:
    """Return what the programs of one period have in common: the common exit, or the program.

    Vocational rehabilitation is a group of its own, so that nothing of it shows elsewhere.
    """
    program = row["program"]["reference"]
    if agency := guard(row, facts):
        return agency
    return COMMON if (facts.row(program) or {}).get("commonExitProgram") else str(program)


def guard(row: Resource, facts: Facts) -> str | None:
    """Return the agency that alone may know of an enrollment, 34 CFR 361.38; None for most."""
    names = (row[each]["reference"] for each in ("partner", "program"))
    return next(filter(None, map(facts.guard, names)), None)


def together(row: Resource, reference: str, facts: Facts) -> Rows:
    """Return by reference the enrollments of the same person and group, this one as it is given."""
    own = group(row, facts)
    return {**_grouped(row["participant"]["reference"], own, facts), reference: row}


def placed(rows: Rows, facts: Facts) -> Mapping[str, Resource]:
    """Return of each enrollment that lies in a period what the hub says of it."""
    spells = [_spell(name, row, facts) for name, row in rows.items() if is_live(row)]
    placing: dict[str, Resource] = {}
    used: set[str] = set()
    made = periods(spells)
    for each in made:
        id = _id(each, rows, used)
        used.add(id)
        exit_day = _exit(each, rows, facts, is_newest=each is made[-1])
        said = {"periodId": id, "programEntryDate": each.entry.isoformat()}
        said |= {"programExitDate": exit_day.isoformat()} if exit_day else {}
        placing |= {spell.name: said for spell in each.spells}
    return placing


def changed(rows: Rows, facts: Facts) -> Iterator[tuple[str, Resource]]:
    """Yield by reference the enrollments of a group whose period is not as it should be."""
    yield from _restated(rows, placed(rows, facts))


def _restated(rows: Rows, said: Rows) -> Iterator[tuple[str, Resource]]:
    for name, row in rows.items():
        body = stated(row, said.get(name, {}))
        if body != row:
            yield name, body


def moved(rows: Rows, people: Sequence[str], facts: Facts) -> Iterator[tuple[str, Resource]]:
    """Yield by reference the enrollments whose period changes as two records merge or part.

    `rows` are those that went from one of the `people` to the other, as `facts` have them already.
    Where neither has others of the same programs, nothing changes.
    """
    for own in {group(each, facts) for each in rows.values()}:
        grouped = [_grouped(each, own, facts) for each in people]
        if any(each.keys() - rows.keys() for each in grouped):
            for each in grouped:
                yield from _restated(each, placed(_unnamed(each, rows), facts))


def _unnamed(there: Rows, moved_rows: Rows) -> Rows:
    """Return rows without the periods that those which moved bring along or leave their name to."""
    return {
        name: stated(row, {}) if name in moved_rows or _first(row) in moved_rows else row
        for name, row in there.items()
    }


def _first(row: Resource) -> str:
    """Return the reference of the enrollment whose name the period of another one has."""
    return f"{ENROLLMENT}/{row.get('period', {}).get('periodId')}"


def _grouped(participant: str, own: str, facts: Facts) -> Rows:
    named = facts.about(ENROLLMENT, participant)
    return {f"{ENROLLMENT}/{each['id']}": each for each in named if group(each, facts) == own}


def stated(row: Resource, said: Resource) -> Resource:
    """Return an enrollment with what the hub says of its period and what its partner says."""
    given = {name: row["period"][name] for name in GIVEN if name in row.get("period", {})}
    rest = {name: value for name, value in row.items() if name != "period"}
    return {**rest, "period": {**said, **given}} if said or given else rest


def found(former: Resource | None, row: Resource, facts: Facts) -> Resource:
    """Return what the hub said of the period of an enrollment that stays among its programs."""
    if former is None or group(former, facts) != group(row, facts):
        return {}
    said = former.get("period", {})
    return {name: value for name, value in said.items() if name not in GIVEN}


def counts(row: Resource, facts: Facts) -> bool:
    """Whether an enrollment makes and keeps a participant.

    Self-service, information-only, follow-up and supportive services do not, 20 CFR 677.150.
    """
    service = facts.row(row["service"]["reference"]) or {}
    category = facts.row(service.get("category", {}).get("reference")) or {}
    is_served = service.get("triggersParticipation") and service.get("deliveryMode") != "self"
    return bool(is_served and category.get("extendsParticipation"))


def _spell(name: str, row: Resource, facts: Facts) -> Spell:
    start = date.fromisoformat(row["enrollmentDate"])
    return Spell(name, start, last_service(row), counts(row, facts))


def _id(period: Period, rows: Rows, used: set[str]) -> str:
    """Return the name that the period has, or that of its first enrollment."""
    carried = (rows[each.name].get("period", {}).get("periodId") for each in period.spells)
    known = next((each for each in carried if each and each not in used), None)
    return known or period.spells[0].name.partition("/")[2]


def _exit(period: Period, rows: Rows, facts: Facts, *, is_newest: bool) -> date | None:
    today = day_of(facts.now)
    inside = [rows[each.name] for each in period.spells]
    days = [each.get("period", {}).get("nextPlannedServiceDate", "") for each in inside]
    if is_newest:
        days += [e["enrollmentDate"] for e in rows.values() if e["status"] == "planned"]
    is_held = any(each >= today.isoformat() for each in days)
    by_closure = guard(inside[0], facts) is not None
    return period.exit(today, is_held=is_held, by_closure=by_closure)
