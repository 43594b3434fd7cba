"""Referrals: moved lawfully, answered in time, and read again by who lost a race."""

from dataclasses import replace

from conformance.evaluators.referral_moves import (
    answers_in_time,
    loser_reads_again,
    makes_legal_moves,
)
from conformance.scenario.referrals import ACCEPT, CANCEL, CONTACT, DECLINE, LOSE
from evidence import a_world, by, during, get, met, seen
from referral_story import OTHER_THING, WORLD, a_referral, moved, read


def test_a_move_after_a_lost_race_and_a_read_passes():
    story = during(CONTACT, read("accepted"), moved("in-progress", 412), read("on-hold"))

    assert makes_legal_moves(seen(story, moved("in-progress")), WORLD).word == "PASS"


def test_a_move_that_the_life_cycle_does_not_know_fails_even_when_it_is_refused():
    story = seen(read("requested"), moved("in-progress", 422), moved("accepted"))

    found = makes_legal_moves(story, WORLD)

    assert (found.word, found.observed) == ("FAIL", "requested to in-progress")


def test_a_patch_of_the_status_is_judged_like_a_whole_body():
    change = [{"op": "replace", "path": "/status", "value": "closed"}]
    patched = replace(moved("closed"), method="PATCH", body=change)

    assert makes_legal_moves(seen(read("requested"), patched), WORLD).word == "FAIL"


def test_writing_again_without_reading_fails():
    story = seen(read("accepted"), moved("in-progress", 412), moved("in-progress"))

    assert makes_legal_moves(story, WORLD).word == "FAIL"


def test_moves_that_nobody_contested_do_not_show_how_a_conflict_is_met():
    assert makes_legal_moves(seen(read("requested"), moved("accepted")), WORLD).word == (
        "NOT-EXERCISED"
    )


def test_a_write_that_leaves_the_status_is_no_move():
    story = seen(read("closed"), moved("closed", note="Called twice."))

    assert makes_legal_moves(story, WORLD).word == "NOT-EXERCISED"


def a_page(*statuses):
    """Return a page of the feed that tells each version of one referral."""
    rows = [
        {"resource": a_referral("r1", status, meta={"versionId": str(at)})}
        for at, status in enumerate(statuses, start=1)
    ]
    return get("$changes?cursor=c", {"resourceType": "Bundle", "entry": rows})


def test_the_newest_version_on_a_page_is_what_is_known():
    story = seen(a_page("requested", "accepted"), moved("in-progress", 412), read("on-hold"))

    assert makes_legal_moves(story, WORLD).word == "PASS"


def test_an_older_version_that_comes_late_is_not_what_is_known():
    known = get("Referral/r1", a_referral("r1", "accepted", meta={"versionId": "2"}))
    story = seen(known, a_page("requested"), moved("in-progress", 412), known)

    assert makes_legal_moves(story, WORLD).word == "PASS"


def test_what_a_system_wrote_it_knows_though_the_answer_has_no_body():
    silent = replace(moved("accepted"), answer=None, answer_headers={"etag": 'W/"2"'})
    story = seen(a_page("requested"), silent, moved("in-progress", 412), read("accepted"))

    assert makes_legal_moves(story, WORLD).word == "PASS"


def answered(step, id, *exchanges):
    """Return a step in which a referral comes in and the deadline ends."""
    look = by("human-services", get(f"Referral/{id}", a_referral(id)))
    return during(step, read("requested", id), *exchanges, *look)


def accepted():
    return answered(ACCEPT, "in1", moved("accepted", id="in1"))


def rejected(**more):
    return answered(DECLINE, "in2", moved("rejected", id="in2", **more))


def test_both_referrals_answered_in_time_pass():
    story = seen(accepted(), rejected(statusReason="no-capacity"))

    assert answers_in_time(story, WORLD).word == "PASS"


def test_an_answer_after_the_deadline_fails():
    late = [*answered(ACCEPT, "in1"), moved("accepted", id="in1")]
    story = seen(late, rejected(statusReason="no-capacity"))

    assert answers_in_time(story, WORLD).word == "FAIL"


def test_a_rejection_without_a_code_fails():
    assert answers_in_time(seen(accepted(), rejected()), WORLD).word == "FAIL"
    other = rejected(statusReason="participant-withdrew")
    assert answers_in_time(seen(accepted(), other), WORLD).word == "FAIL"


def test_an_answer_that_the_hub_refused_is_none():
    refused = answered(ACCEPT, "in1", moved("accepted", 422, id="in1"))
    again = answered(ACCEPT, "in1", moved("accepted", 412, id="in1"), moved("accepted", id="in1"))
    fine = rejected(statusReason="no-capacity")

    assert answers_in_time(seen(refused, fine), WORLD).word == "FAIL"
    assert answers_in_time(seen(again, fine), WORLD).word == "PASS"


def test_a_refused_answer_that_is_not_heard_of_again_shows_nothing():
    fine = rejected(statusReason="no-capacity")
    refused = answered(ACCEPT, "in1", moved("accepted", 422, id="in1"))

    assert answers_in_time(seen(fine, refused), WORLD).word == "NOT-EXERCISED"


def test_the_wrong_decision_fails_though_the_hub_refused_it():
    wrong = answered(ACCEPT, "in1", moved("rejected", 422, id="in1"), moved("accepted", id="in1"))

    assert answers_in_time(seen(wrong, rejected(statusReason="duplicate")), WORLD).word == "FAIL"


def test_an_answer_that_was_done_and_told_busy_counts():
    busy = answered(ACCEPT, "in1", met("F3", moved("accepted", 503, id="in1")))

    assert answers_in_time(seen(busy, rejected(statusReason="duplicate")), WORLD).word == "PASS"


def test_a_referral_that_was_read_and_left_lying_fails():
    story = seen(answered(ACCEPT, "in1"), rejected(statusReason="no-capacity"))

    assert answers_in_time(story, WORLD).word == "FAIL"


def test_referrals_that_were_never_read_show_nothing():
    assert answers_in_time(seen(OTHER_THING), WORLD).word == "NOT-EXERCISED"
    assert answers_in_time(seen(OTHER_THING), a_world()).word == "NOT-EXERCISED"


def race(step, here, there, *after):
    return during(step, read(here), met("F1", moved(there, 412)), *after)


def test_the_loser_that_reads_and_stops_passes():
    story = seen(race(LOSE, "requested", "accepted", read("cancelled")))

    assert loser_reads_again(story, WORLD).word == "PASS"


def test_the_loser_that_reads_and_does_what_is_still_allowed_passes():
    story = race(CANCEL, "requested", "cancelled", read("accepted"), moved("cancelled"))

    assert loser_reads_again(seen(story), WORLD).word == "PASS"


def test_the_loser_may_note_what_happened():
    note = moved("cancelled", note="They were first.")
    story = race(LOSE, "requested", "accepted", read("cancelled"), note)

    assert loser_reads_again(seen(story), WORLD).word == "PASS"


def test_the_loser_that_insists_on_what_is_over_fails():
    story = race(LOSE, "requested", "accepted", read("cancelled"), moved("accepted", 422))

    assert loser_reads_again(seen(story), WORLD).word == "FAIL"


def test_the_loser_that_does_not_read_fails():
    resent = race(CANCEL, "requested", "cancelled", moved("cancelled"))
    gone_on = race(CANCEL, "requested", "cancelled", OTHER_THING)

    words = [loser_reads_again(seen(each), WORLD).word for each in (resent, gone_on)]

    assert words == ["FAIL", "FAIL"]


def test_a_race_that_nobody_lost_shows_nothing():
    unmet = during(CANCEL, read("requested"), met("F1", moved("cancelled")))

    assert loser_reads_again(seen(unmet), WORLD).word == "NOT-EXERCISED"
