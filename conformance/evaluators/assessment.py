"""L1-19 and L1-20: six answers, and nobody is asked twice."""

from collections.abc import Mapping
from typing import Any

from conformance.evaluators import evaluates
from conformance.exchange import Evidence, Exchange
from conformance.reading.referral_states import made
from conformance.reading.unbundled import referred
from conformance.scenario.assessment import (
    ABSENT,
    ANSWERS,
    ASSESSMENT,
    LATER,
    NOT_ANSWERED,
    QUESTIONS,
    REST,
)
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

TOLD = {QUESTIONS: ANSWERS, REST: LATER}
"""Step → what the person said in it."""


@evaluates("L1-19")
def sends_all_six_answers(evidence: Evidence, world: World) -> Verdict:
    """Judge each assessment that was sent: six answers, or why there is none."""
    del world
    sent = evidence.partner.of(ASSESSMENT).during(*TOLD).writes
    whole = sent.where(lambda each: "$" not in each.path and _is_whole(each))
    for each in whole:
        wrong = _wrong(each.body, TOLD[each.step])
        if wrong:
            expected = "each of the six questions as it was answered, declined or not known"
            return failed(expected, f"{', '.join(wrong)}: not as it was told", each)
    done = [whole.done.during(step).last for step in TOLD]
    if not all(done):
        return not_exercised("The six questions were not recorded in both steps.")
    return passed(*done)


def _is_whole(exchange: Exchange) -> bool:
    return isinstance(exchange.body, dict) and exchange.method != "PATCH"


def _wrong(body: Mapping[str, Any], told: Mapping[str, str]) -> list[str]:
    """Return the questions that a body tells otherwise than the person did."""
    given = {each.get("url"): each.get("valueCode") for each in body.get("extension", ())}
    return [
        name
        for name, answer in told.items()
        if (body.get(name), given.get(f"{NOT_ANSWERED}{name}")) != _expected(answer)
    ]


def _expected(answer: str) -> tuple[str | None, str | None]:
    return (None, ABSENT[answer]) if answer in ABSENT else (answer, None)


@evaluates("L1-20")
def reads_answers_of_others(evidence: Evidence, world: World) -> Verdict:
    """Judge that answers of another agency are used: what it noted comes back in the referral."""
    who, canary = world.get("profiles", {}).get("assessed"), world["canary"]["answer"]
    if who is None:
        return not_exercised("No other agency asked anybody the six questions.")
    own = evidence.partner.of(ASSESSMENT).where(lambda each: _creates(each, who)).first
    if own:
        return failed("the answers of the other agency are read", "the person was asked again", own)
    reason = made(evidence).where(lambda each: referred(each, "participant") == who).first
    if reason is None:
        return not_exercised("Nobody was referred by another agency's answers.")
    if not reason.mentions(canary):
        return failed("what the other agency noted is in the note", "it is not there", reason)
    return passed(reason)


def _creates(exchange: Exchange, who: str) -> bool:
    is_creation = exchange.is_write and exchange.path == ASSESSMENT
    return is_creation and referred(exchange, "participant") == who
