"""How a system takes in what others did: lists, the change feed and its moods, L1-27 to L1-31."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import parse_qs

from conformance.evaluators import evaluates
from conformance.evaluators.unpaged import cursor_of, entries, next_link
from conformance.exchange import Evidence, Exchange
from conformance.scenario.profiles import PROFILE
from conformance.scenario.sync import (
    DOUBLE,
    LATE,
    MOVERS,
    OUTAGE,
    PAGES,
    RESIDENTS,
    postal_code,
    street,
)
from conformance.stage import World
from conformance.verdict import Verdict, failed, fence, not_exercised, passed

_STREET = re.compile(r"|/address(/[^/]+(/line(/.*)?)?)?")
"""Where a JSON Patch meets a street: at the line, its address, all addresses, or the whole."""
_ENTRY = re.compile(r"/address/[^/]+")
"""Where a JSON Patch puts an address in, beside the others."""
MANY = 3
"""Who finds more people than that in one search, and not by their town, loads a state anew."""
REFUSALS = (401, 403)
COMMITTED = ("F3", "F4")
"""Faults by which a write is done, and its sender is not told so."""


@evaluates("L1-27")
def follows_pages_to_the_end(evidence: Evidence, world: World) -> Verdict:
    """Each `next` link is asked once, as it is, and who stands on the last page is acted on."""
    mine = evidence.partner.during(PAGES)
    pages = mine.reads.done.where(lambda each: bool(next_link(each)))
    if not pages:
        return not_exercised("The system read no list of several pages.")
    expected = "each next link asked once, as it is"
    for link in dict.fromkeys(map(next_link, pages)):
        given = [each for each in pages if next_link(each) == link]
        used = _asked(mine.done.by("GET"), link)
        if len(used) != len(given):
            return failed(expected, f"one asked {len(used)} times", *given, *used)
    for role in RESIDENTS[PAGES]:
        if _written(mine, world["profiles"].get(role, ""), postal_code(PAGES)) is None:
            told = "somebody on the list was passed over"
            return failed("everybody on the list dealt with", told, *pages)
    return passed(*pages)


@evaluates("L1-28")
def catches_up_from_its_cursor(evidence: Evidence, world: World) -> Verdict:
    """After an outage the kept cursor is used, the missed change acted on, nothing read anew."""
    feed = evidence.partner.where(_is_feed)
    away = feed.faulted("F13").first
    if away is None:
        return not_exercised("The system never met the outage of the feed.")
    feed = feed.where(lambda each: _types(each) == _types(away))  # each follower has its cursor
    kept = [cursor_of(next_link(each)) for each in feed.done.before(away) if next_link(each)]
    if not kept:
        return not_exercised("The system did not follow the feed before the outage.")
    back = feed.after(away).done.first
    broken = _lost(away, back, kept[-1])
    if broken or back is None:
        return broken or not_exercised("The feed was not asked again.")
    reload = evidence.partner.during(OUTAGE).where(_is_reload).first
    if reload:
        return failed("nothing read anew", "all people were listed again", reload)
    acted = _written(evidence.partner.after(back), _mover(world, OUTAGE), postal_code(OUTAGE))
    if acted is None:
        return failed("the missed change acted on", "nothing was written", away, back)
    return passed(away, back, acted)


def _lost(away: Exchange, back: Exchange | None, kept: str) -> Verdict | None:
    """Return the verdict on a system that did not go on from its cursor, None for one that did."""
    expected = "the feed asked on from the kept cursor"
    if back is None:
        return failed(expected, "the feed was not asked again", away)
    asked = parse_qs(back.query).get("cursor", [""])[0]
    told = "it was asked from another place" if asked else "it was read from the beginning"
    return failed(expected, told, away, back) if asked != kept else None


@evaluates("L1-29")
def verifies_notifications(evidence: Evidence, _world: World) -> Verdict:
    """A forged or replayed notification is refused and nothing is read because of it."""
    forged = evidence.faulted("F14")
    if not forged:
        return not_exercised("No notification was forged: this system fetches changes.")
    for each in forged:
        if each.status not in REFUSALS:
            return failed("401 or 403", f"a forged notice was answered with {each.status}", each)
        follow = evidence.partner.after(each).during(each.step).about(each.reference).first
        if follow:
            return failed("nothing follows from a forged notice", "a request", each, follow)
        if fence(evidence, each) is None:
            return not_exercised("Nothing was sent after the forged notice.")
    return passed(*forged)


@evaluates("L1-30")
def acts_once_on_a_duplicate(evidence: Evidence, world: World) -> Verdict:
    """A change that the feed tells three times is followed by one write."""
    told = evidence.partner.where(_is_feed).during(DOUBLE).faulted("F11").done.first
    if told is None:
        return not_exercised("The system met no change that was told several times.")
    writes = evidence.partner.after(told).writes.about(_mover(world, DOUBLE))
    meant = writes.where(lambda each: each.mentions(postal_code(DOUBLE)))
    stored = meant.where(lambda each: each.is_ok or each.fault in COMMITTED)
    acts = stored.during(DOUBLE) or stored  # a later write holds the code too, as it was read
    many = len(set(_acts(acts)))
    if many != 1:
        return failed("exactly one write", f"{many} writes", told, *acts)
    return passed(told, acts.first)


def _acts(stored: Evidence) -> Iterator[tuple[str | int, int]]:
    """Yield what names each act: its key, else its request; and its place among its bundle."""
    for number, parts in groupby(stored, key=lambda each: each.number):
        for at, each in enumerate(parts):
            yield each.headers.get("idempotency-key") or number, at


@evaluates("L1-31")
def goes_on_from_the_newest(evidence: Evidence, world: World) -> Verdict:
    """When an older version is told after a newer one, every write still rests on the newest."""
    told = evidence.partner.where(_is_feed).during(LATE).faulted("F12").done.first
    if told is None:
        return not_exercised("The system met no change that came late.")
    writes = evidence.partner.after(told).writes.about(_mover(world, LATE))
    expected = "a write based on the newest version"
    for each in writes:
        if not _rests_on(each, street(world)):
            return failed(expected, "a write that takes back the newest address", told, each)
    if not writes.done:
        return failed(expected, "no write", told)
    return passed(told, *writes.done)


def _asked(evidence: Evidence, link: str) -> Evidence:
    return evidence.where(lambda each: link.endswith(each.target))


def _mover(world: World, step: str) -> str:
    return str(world["profiles"].get(MOVERS[step], ""))


def _types(exchange: Exchange) -> set[str]:
    """Return which types the feed is asked for; empty for all."""
    return set(",".join(parse_qs(exchange.query).get("_type", [])).split(",")) - {""}


def _is_feed(exchange: Exchange) -> bool:
    return exchange.path == "$changes"


def _is_reload(exchange: Exchange) -> bool:
    if _is_feed(exchange):
        return exchange.is_ok and "cursor" not in parse_qs(exchange.query)
    is_list = exchange.path in {PROFILE, f"{PROFILE}/_search"}
    return is_list and (len(entries(exchange)) > MANY or bool(next_link(exchange)))


def _written(evidence: Evidence, reference: str, value: str) -> Exchange | None:
    """Return the first good write of a resource with a value."""
    writes = evidence.writes.done.about(reference)
    return writes.where(lambda each: each.mentions(value)).first


def _rests_on(exchange: Exchange, value: str) -> bool:
    """Whether a write keeps what an address holds: it is sent, or a patch leaves it alone."""
    if exchange.mentions(value):
        return True
    if exchange.method != "PATCH":
        return False
    if isinstance(exchange.body, list):
        return not any(map(_takes_a_street, exchange.body))
    return not isinstance(exchange.body, dict) or "address" not in exchange.body


def _takes_a_street(operation: Any) -> bool:
    """Whether an operation of a JSON Patch writes over a street, alone or with what is around."""
    told = operation if isinstance(operation, dict) else {}
    kind, path = told.get("op"), str(told.get("path", ""))
    is_beside = kind in {"add", "copy", "move"} and _ENTRY.fullmatch(path)
    met = [] if kind == "test" or is_beside else [path]
    met += [str(told.get("from", ""))] if kind == "move" else []
    return any(_STREET.fullmatch(each) for each in met)
