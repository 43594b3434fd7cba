"""Referrals: sent once and complete, sent anew after a decline, closed with an outcome."""

from dataclasses import replace

from conformance.evaluators.referrals import (
    closes_with_the_outcome,
    refers_anew_after_a_decline,
    refers_completely_and_once,
)
from conformance.scenario.referrals import AGAIN, CLOSE_DECLINED, CLOSE_NO_SHOW, REFER
from evidence import START, a_world, during, get, met, post, seen
from referral_story import ABE, HINDS, OTHER_THING, WORLD, a_referral, moved, read, sent


def busy():
    return met("F2", post("Referral", a_referral(), 503, answer_retry_after="2"))


def refer(*exchanges, gap=3.0):
    """Return evidence of the step in which somebody is referred, so many seconds apart."""
    found = during(REFER, *exchanges)
    return seen([replace(each, at=START + gap * n) for n, each in enumerate(found)])


def test_one_referral_after_a_wait_passes():
    assert refers_completely_and_once(refer(busy(), sent()), WORLD).word == "PASS"


def test_a_retry_before_the_time_fails():
    found = refers_completely_and_once(refer(busy(), sent(), gap=1.0), WORLD)

    assert (found.word, found.exchanges) == ("FAIL", (1, 2))


def test_a_second_referral_fails():
    assert refers_completely_and_once(refer(busy(), sent(), sent("r2")), WORLD).word == "FAIL"


def test_a_second_referral_that_the_hub_refuses_fails_too():
    twice = refer(busy(), sent(), sent(status=409))

    assert refers_completely_and_once(twice, WORLD).word == "FAIL"


def test_a_referral_that_is_not_complete_at_first_fails():
    assert refers_completely_and_once(refer(busy(), sent(status=422), sent()), WORLD).word == "FAIL"


def test_the_same_referral_answered_twice_is_one():
    assert refers_completely_and_once(refer(busy(), sent(), sent()), WORLD).word == "PASS"


def test_a_referral_that_never_met_the_busy_hub_shows_nothing():
    assert refers_completely_and_once(refer(sent()), WORLD).word == "NOT-EXERCISED"


def anew(**changes):
    linked = {"priorReferral": {"reference": "Referral/r1"}, "targetPartner": HINDS}
    return during(AGAIN, sent("r2", **(linked | changes)))


def test_a_linked_referral_to_another_provider_passes():
    assert refers_anew_after_a_decline(seen(read("rejected"), anew()), WORLD).word == "PASS"


def test_a_decline_that_is_told_beside_the_version_before_it_is_seen():
    rows = [
        {"resource": a_referral("r1", status, meta={"versionId": version})}
        for version, status in (("1", "requested"), ("2", "rejected"))
    ]
    page = get("$changes?cursor=c", {"resourceType": "Bundle", "entry": rows})

    assert refers_anew_after_a_decline(seen(page, anew()), WORLD).word == "PASS"


def test_a_new_referral_without_a_link_fails():
    unlinked = seen(read("rejected"), anew(priorReferral={"reference": ""}))

    assert refers_anew_after_a_decline(unlinked, WORLD).word == "FAIL"


def test_a_new_referral_to_the_one_that_declined_fails():
    again = seen(read("rejected"), anew(targetPartner=ABE))

    assert refers_anew_after_a_decline(again, WORLD).word == "FAIL"


def test_a_new_referral_of_somebody_else_fails():
    other = seen(read("rejected"), anew(participant={"reference": "ParticipantProfile/p2"}))

    assert refers_anew_after_a_decline(other, WORLD).word == "FAIL"


def test_a_new_referral_before_the_decline_was_read_fails():
    blind = seen(read("requested"), anew(), read("rejected"))

    assert refers_anew_after_a_decline(blind, WORLD).word == "FAIL"


def test_a_decline_that_was_read_and_not_followed_fails_once_the_system_goes_on():
    alone, going_on = seen(read("rejected")), seen(read("rejected"), OTHER_THING)

    words = [refers_anew_after_a_decline(each, WORLD).word for each in (alone, going_on)]

    assert words == ["NOT-EXERCISED", "FAIL"]


def test_without_a_decline_there_is_nothing_to_follow():
    assert refers_anew_after_a_decline(seen(anew()), a_world()).word == "NOT-EXERCISED"


def declined(**more):
    told = {"outcome": "declined", "offerDate": "2026-05-12"} | more
    return during(CLOSE_DECLINED, moved("closed", **told))


def no_show(status=200, **more):
    missed = [{"start": "2026-05-12T15:00:00Z", "status": "missed"}]
    told = {"outcome": "no-show", "appointments": missed} | more
    return during(CLOSE_NO_SHOW, moved("closed", status, "r2", **told))


def test_both_outcomes_with_their_evidence_pass():
    assert closes_with_the_outcome(seen(declined(), no_show()), WORLD).word == "PASS"


def test_a_closing_without_its_outcome_fails():
    silent = no_show(422, outcome="")

    assert closes_with_the_outcome(seen(declined(), silent), WORLD).observed == "no outcome"


def test_a_closing_without_its_evidence_fails():
    unproven = no_show(422, appointments=[])

    assert closes_with_the_outcome(seen(declined(), unproven), WORLD).word == "FAIL"


def test_another_outcome_than_what_happened_fails():
    found = closes_with_the_outcome(seen(declined(outcome="ineligible"), no_show()), WORLD)

    assert found.observed == "ineligible instead of declined"


def test_one_outcome_alone_shows_half():
    assert closes_with_the_outcome(seen(declined()), WORLD).word == "NOT-EXERCISED"
