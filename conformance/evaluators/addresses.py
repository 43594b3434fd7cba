"""Nobody stands in an address: L1-04, judged on every request that a system sent."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from conformance.evaluators import evaluates
from conformance.evaluators.about import plain, said
from conformance.evaluators.headers import of_the_system
from conformance.evaluators.unpaged import next_link
from conformance.exchange import Evidence, Exchange
from conformance.scenario.profiles import PROFILE
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

PERSONAL = ("firstName", "lastName", "birthDate", "ssn", "phone")
PARAMETERS = frozenset({
    "first-name", "middle-name", "last-name", "name", "birth-date", "ssn", "telecom", "phone",
})  # fmt: skip
"""Search parameters of a profile that take what may stand in no address."""


@evaluates("L1-04")
def keeps_people_out_of_addresses(evidence: Evidence, world: World) -> Verdict:
    """No value of a person of the run stands in a request target; people are sought in bodies."""
    secrets = _personal(world)
    links = {next_link(each) for each in evidence.partner}
    for each in of_the_system(evidence):
        if any(link.endswith(each.target) for link in links):
            continue  # the hub wrote that address
        found = _told(each, secrets)
        if found:
            return failed("the search in the body of a POST", f"a {found} in an address", each)
    names = [plain(person["lastName"]) for person in world["people"].values()]
    sought = evidence.partner.by("POST").where(
        lambda each: any(name in text for text in said(each) for name in names)
    )
    if not sought:
        return not_exercised("The system sent nothing about anybody.")
    return passed(sought.first, sought.last)


def _told(exchange: Exchange, secrets: re.Pattern[str]) -> str:
    """Return what an address tells of a person, empty for nothing."""
    found = secrets.search(unquote_plus(exchange.target))
    if found:
        return str(found.lastgroup)
    return next((name for name in _asked(exchange) if name in PARAMETERS), "")


def _asked(exchange: Exchange) -> Iterator[str]:
    """Yield by which elements of a participant an address searches, chains included."""
    for pair in exchange.query.split("&"):
        chain, _, name = unquote_plus(pair.partition("=")[0]).rpartition(".")
        name, _, modifier = name.partition(":")
        whose = chain.partition(":")[0] or ("participant" if exchange.kind == PROFILE else "")
        if whose == "participant" and modifier != "missing":
            yield name


def _personal(world: World) -> re.Pattern[str]:
    """Return what may stand in no address, as whole words: cursors are long and hold anything."""
    values: dict[str, set[str]] = {what: set() for what in PERSONAL}
    for person in world["people"].values():
        for what in PERSONAL:
            values[what] |= set(_written(what, str(person.get(what) or "")))
    kinds = [
        f"(?P<{what}>{'|'.join(map(re.escape, sorted(texts)))})"
        for what, texts in values.items()
        if texts
    ]
    prefix, edge = "(?:eq|ne|gt|lt|ge|le|sa|eb|ap)?", "[A-Za-z0-9-]"
    return re.compile(rf"(?<!{edge}){prefix}(?:{'|'.join(kinds)})(?!{edge})", re.IGNORECASE)


def _written(what: str, value: str) -> Iterator[str]:
    """Yield the ways in which a value is written, none for an empty one."""
    if value:
        yield value
    if value[:1].isdigit():
        yield value.replace("-", "")
    if what == "ssn" and value:
        yield f"{value[:3]}-{value[3:5]}-{value[5:]}"
