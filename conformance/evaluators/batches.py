"""Level 2, lists and habits: L2-08 batches, L2-10 code sets, L2-11 delay, L2-12 redundancy."""

from functools import partial

from conformance.evaluators import evaluates
from conformance.evaluators.services import KIND, enrollments, named
from conformance.exchange import Evidence, Exchange
from conformance.reading.unbundled import referred, told
from conformance.scenario import services
from conformance.scenario.caseload import person_of
from conformance.scenario.figures import LITERACY, RETIRED, figures
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

SOON = 15 * 60
"""Seconds within which a change reaches the hub."""
ONE_IN = 20
"""One write of so many may tell the hub what it holds already."""
LEAST = 2
INVALID = 422
Row = tuple[str, str]


def _rows(evidence: Evidence) -> Evidence:
    """Return the entries of attendance lists, in one request or in many."""
    return enrollments(evidence).during(services.BATCH, services.REST).by("POST", "PUT", "PATCH")


def _row(exchange: Exchange) -> Row:
    """Return what tells an entry from others: whose it is and the first day."""
    return referred(exchange, "participant"), str(told(exchange).get("enrollmentDate", ""))


@evaluates("L2-08")
def resends_only_what_failed(evidence: Evidence, world: World) -> Verdict:
    """Judge each further entry: what the hub took before is not sent again."""
    del world
    taken: dict[Row, Exchange] = {}
    refused: dict[Row, Exchange] = {}
    for each in _rows(evidence):
        if _row(each) in taken and taken[_row(each)].number < each.number:
            said = "an entry that the hub had taken was sent again"
            return failed("only those that were refused", said, taken[_row(each)], each)
        if each.is_ok:
            taken[_row(each)] = each
        else:
            refused[_row(each)] = each
    mended = [taken[row] for row in refused if row in taken]
    if not mended:
        return not_exercised("no entry was refused and then sent again")
    return passed(*{each.number: each for each in [*refused.values(), *mended]}.values())


@evaluates("L2-10")
def takes_new_codes(evidence: Evidence, world: World) -> Verdict:
    """Judge the entries whose code was retired: looked up, and sent with the new one."""
    new = f"Service/{figures(world).new_code}"
    sent = _rows(evidence).where(partial(_is_due, _due(world)))
    if not sent:
        return not_exercised("no entry with the code that was retired was judged by the hub")
    other = sent.where(lambda each: referred(each, "service") not in (RETIRED, new)).first
    if other:
        return failed("the code that the hub's lookup has now", "another code", other)
    good = sent.done.where(lambda each: referred(each, "service") == new).first
    if good is None:
        return failed("the code that the hub's lookup has now", "the retired code", sent.last)
    asked = evidence.partner.of("Service").before(good)
    read = asked.during(services.BATCH, services.REST).done.first
    if read is None:
        return failed("a look at the hub's lookup", "the code was not looked up", good)
    return passed(read, good)


def _due(world: World) -> set[Row]:
    """Return the rows of the attendance list whose code is retired."""
    rows = (each for each in figures(world).rows if each["service"] == LITERACY)
    return {(person_of(world, each["who"]), each["from"]) for each in rows}


def _is_due(due: set[Row], sent: Exchange) -> bool:
    return _row(sent) in due and (sent.is_ok or sent.status == INVALID)


@evaluates("L2-11")
def reaches_the_hub_soon(evidence: Evidence, world: World) -> Verdict:
    """Measure how long the end of an enrollment took to reach the hub."""
    told_at = world.get("services", {}).get("told")
    own = named(evidence, services.ENROLL)
    if told_at is None or not own:
        return not_exercised("there was no change to wait for")
    went_on = evidence.partner.where(lambda each: each.at > told_at)
    after = enrollments(evidence).where(lambda each: each.at > told_at).done
    change = after.where(lambda each: each.reference == own or each.step == services.END).first
    if change is None and not went_on:
        return not_exercised("nothing came after the change")
    if change is None or change.at - told_at > SOON:
        said = "it did not come in this run" if change is None else f"{change.at - told_at:.0f} s"
        return failed(f"the change within {SOON} s", said, change)
    return passed(change, observed=f"{change.at - told_at:.0f} s")


@evaluates("L2-12")
def sends_what_changed(evidence: Evidence, world: World) -> Verdict:
    """Count the writes that told the hub what it had answered before."""
    del world
    sent = enrollments(evidence).done
    known: dict[str, dict[str, object]] = {}
    again = []
    for each in evidence.partner.of(KIND).done:
        if each.is_write and each.method == "PUT" and _bare(each.body) == known.get(each.reference):
            again.append(each)
        if isinstance(each.answer, dict) and each.reference:
            known[each.reference] = _bare(each.answer)
    if len(sent.by("PUT", "PATCH")) < LEAST or not sent.during(services.REPEAT, services.UPDATE):
        return not_exercised("too few changes were sent to tell")
    if len(again) * ONE_IN > len(sent):
        said = f"{len(again)} of {len(sent)} writes told nothing new"
        return failed(f"at most 1 in {ONE_IN}", said, *again)
    return passed(sent.first, sent.last)


def _bare(body: object) -> dict[str, object]:
    return {n: v for n, v in body.items() if n != "meta"} if isinstance(body, dict) else {}
