"""How a system talks: L1-01 to L1-03, L1-05 and L1-33, judged on every request that it sent."""

from collections.abc import Callable, Iterator

from conformance.evaluators import evaluates
from conformance.evaluators.headers import brings_a_resource, of_the_system, product, versions
from conformance.exchange import Evidence, Exchange
from conformance.stage import World
from conformance.verdict import Verdict, failed, fence, not_exercised, passed

DISCOVERY = ("metadata", ".well-known/smart-configuration", ".well-known/openid-configuration")
NOTHING = "The system sent nothing."
MOST_TRIES = 8
NOT_FOUND, BAD_REQUEST = 404, 400
TOLERANCE = 0.05
"""How much too early a request may seem to come, in seconds; clocks are read in a hurry."""
UNAUTHENTICATED, THROTTLED = 401, 429
UNSETTLED = frozenset({0, 401, 429, 500, 502, 503, 504})
"""Answers after which a request is not dealt with yet."""
FLIGHT = 0.1
"""For how long after 429 there may come what was on its way before, in seconds."""
LONE = 1
"""How many reads, as of another process that cannot know, nobody minds after 429."""


@evaluates("L1-01")
def follows_the_capability_statement(evidence: Evidence, _world: World) -> Verdict:
    """Metadata comes first; afterwards only what it names is asked for."""
    mine = of_the_system(evidence)
    if not mine:
        return not_exercised(NOTHING)
    statement = mine.where(lambda each: each.path == "metadata").done.first
    early = mine.before(statement) if statement else mine
    guessed = early.where(lambda each: each.path not in DISCOVERY).first
    expected = "GET metadata first, then only what it names"
    if guessed:
        return failed(expected, f"{guessed.method} {_place(guessed)} before it", guessed)
    if statement is None:
        return not_exercised("The capability statement was not read.")
    offered = set(_offered(statement))
    for each in mine.after(statement):
        if _is_elsewhere(each, offered):
            return failed(expected, f"{each.method} {_place(each)}, which it does not name", each)
    used = mine.after(statement).where(lambda each: bool(each.kind)).done.first
    return passed(statement, used) if used else not_exercised("Nothing was asked for after it.")


@evaluates("L1-02")
def renews_an_expired_token(evidence: Evidence, _world: World) -> Verdict:
    """After 401 comes a token request, then the same request, once."""
    mine = of_the_system(evidence)
    over = mine.faulted("F7").answered(401)
    if not over:
        return not_exercised("The system never met the end of its token.")
    expected = "a new token, then the same request once more"
    for stale in over:
        again = mine.after(stale).during(stale.step).where(_like(stale))
        resent = again.first
        limit = mine.before(resent) if resent else mine
        renewed = limit.after(stale).where(_is_token_request).done.first
        if renewed is None or resent is None:
            what = "no new token" if renewed is None else "the request was not sent again"
            return failed(expected, what, stale, renewed)
        if _is_hammered(again):
            return failed(expected, f"{len(again)} more tries", stale, *again)
        if all(each.status in UNSETTLED for each in again):
            return not_exercised("The request was sent again and never got through.")
    return passed(stale, renewed, resent)


def _is_hammered(again: Evidence) -> bool:
    """Whether tries go on after a second 401, or a write after it was done."""
    first, done = again.first, again.writes.done.first
    if first and first.status == UNAUTHENTICATED:
        return len(again) > 1
    return done is not None and bool(again.after(done).where(lambda each: _tag(each) == _tag(done)))


def _tag(exchange: Exchange) -> str:
    return exchange.headers.get("if-match", "")


@evaluates("L1-03")
def says_who_it_is(evidence: Evidence, _world: World) -> Verdict:
    """Every request names product and version, and of a resource the version of its schema."""
    mine = of_the_system(evidence)
    if not mine.done.where(lambda each: bool(each.kind)):
        return not_exercised("The system asked for no resource." if mine else NOTHING)
    for each in mine:
        # What the hub refused for that was no exchange; the next one shows what was learnt.
        if each.status == BAD_REQUEST:
            continue
        if not product(each):
            return failed("User-Agent: Product/1.2", "a request without it", each)
        named, is_body = versions(each), brings_a_resource(each)
        if each.kind and not (each.kind in named if is_body else named):
            place = "Content-Type" if is_body else "Accept"
            return failed(f"the profile of the schema in {place}", "a request without it", each)
    return passed(mine.first, mine.last)


@evaluates("L1-05")
def refuses_a_bad_certificate(evidence: Evidence, world: World) -> Verdict:
    """Nothing is sent to the decoy, whose certificate nobody signed; elsewhere work goes on."""
    tried = evidence.where(lambda each: each.who == "decoy")
    first = tried.first
    if first is None:
        return not_exercised("This hub has no decoy." if not world.get("decoy") else "Not tried.")
    sent = tried.where(lambda each: bool(each.method)).first
    if sent:
        return failed("the handshake broken off", "a request to a hub that nobody knows", sent)
    alive = fence(evidence, first)
    return passed(first, alive) if alive else not_exercised("Nothing was sent after it.")


@evaluates("L1-33")
def honours_retry_after(evidence: Evidence, _world: World) -> Verdict:
    """Between 429 or 503 and the next try lies as long as the hub asked; tries are few."""
    busy = evidence.partner.answered(429, 503).where(lambda each: _wait(each) > 0)
    if not busy:
        return not_exercised("The system never met a busy hub.")
    seen: list[Exchange] = []
    for each in busy:
        tries = busy.during(each.step).where(_like(each))
        if len(tries) > MOST_TRIES:
            return failed("at most eight tries", f"{len(tries)} that were sent away", *tries)
        crowd = _crowd(evidence.partner.after(each), each)
        if crowd:
            return failed("no request until then", f"{len(crowd)} others", each, *crowd)
        soon = _next_at(evidence.partner.after(each), each.path)
        if soon is None:
            continue
        gap = soon.at - each.at
        if gap < _wait(each) - TOLERANCE:
            told = f"asked again after {gap:.1f} s"
            return failed(f"{_wait(each):.0f} s of patience", told, each, soon)
        seen += [each, soon]
    return passed(*seen) if seen else not_exercised("Nothing was tried again.")


def _like(one: Exchange) -> Callable[[Exchange], bool]:
    """Return what says whether an exchange is the same request."""
    said = (one.method, one.target, one.body)
    return lambda other: said == (other.method, other.target, other.body)


def _next_at(evidence: Evidence, path: str) -> Exchange | None:
    return evidence.where(lambda each: each.path == path).first


def _crowd(later: Evidence, busy: Exchange) -> Evidence:
    """Return the other requests that came while the hub, by 429, asked the system to keep still."""
    until = busy.at + _wait(busy) - TOLERANCE
    others = later.where(
        lambda each: (
            busy.status == THROTTLED
            and busy.at + FLIGHT < each.at < until
            and each.path != busy.path
            and each.path not in DISCOVERY
            and not _is_token_request(each)
        )
    )
    return others if others.writes or len(others) > LONE else Evidence([])


def _wait(exchange: Exchange) -> float:
    text = exchange.answer_headers.get("retry-after", "")
    return float(text) if text.isdigit() else 0.0


def _is_token_request(exchange: Exchange) -> bool:
    return exchange.method == "POST" and exchange.path.endswith("/token")


def _place(exchange: Exchange) -> str:
    """Return where a request went without what it may tell of a person."""
    return f"/{exchange.path.split('/')[0]}"


def _offered(statement: Exchange) -> Iterator[str]:
    rest = statement.answer.get("rest", ()) if isinstance(statement.answer, dict) else ()
    for side in rest:
        yield from (each["type"] for each in side.get("resource", ()))


def _is_elsewhere(exchange: Exchange, offered: set[str]) -> bool:
    if exchange.kind:
        return bool(offered) and exchange.kind not in offered
    return exchange.status == NOT_FOUND
