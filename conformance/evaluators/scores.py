"""Level 3, test scores: L3-01 to L3-06, L3-11, L3-12."""

from conformance.evaluators import evaluates
from conformance.evaluators.services import enrollments, named
from conformance.exchange import Evidence, Exchange
from conformance.reading.unbundled import referred, told, version
from conformance.scenario import leaving, scores, services
from conformance.scenario.caseload import LEARNER, person_of
from conformance.scenario.figures import READING, figures
from conformance.stage import World
from conformance.verdict import Verdict, failed, fence, not_exercised, passed

KIND = "ParticipantScore"
COMPLETE = ("participant", "assessment", "functionalArea", "form", "administeredOn", "testType")
IDENTICAL = 1
"""How often a request that was refused may be sent once more as it was."""


def _sent(evidence: Evidence, *steps: str) -> Evidence:
    found = evidence.partner.of(KIND).writes
    return found.during(*steps) if steps else found


def _made(evidence: Evidence, step: str) -> Exchange | None:
    return _sent(evidence, step).by("POST", "PUT").done.first


@evaluates("L3-01")
def complete_scores(evidence: Evidence, world: World) -> Verdict:
    """Judge the first score: all that says what was measured, valid at the first try."""
    tried = _sent(evidence, scores.POST_TEST).by("POST", "PUT").first
    if tried is None:
        return not_exercised("no score was sent")
    missing = [name for name in COMPLETE if not told(tried).get(name)]
    missing += [] if told(tried).get("score") is not None else ["score"]
    person = person_of(world, LEARNER)
    wanted = {"assessment": READING, **({"participant": person} if person else {})}
    wrong = [name for name, value in wanted.items() if referred(tried, name) != value]
    if missing or wrong or not tried.is_ok:
        parts = ", ".join(sorted({*missing, *wrong})) or "nothing"
        said = f"answered with {tried.status}; missing or other than told: {parts}"
        return failed("instrument, form, subject, date, kind of test and number", said, tried)
    return passed(tried)


@evaluates("L3-02")
def numbers_stay_exact(evidence: Evidence, world: World) -> Verdict:
    """Compare each number that was sent with the one on paper; zero is a number."""
    del world
    seen: dict[str, Exchange] = {}
    for step, number in scores.NUMBERS.items():
        for each in _sent(evidence, step).by("POST", "PUT", "PATCH"):
            is_link = step == scores.PRE_TEST and each.method != "POST"
            if is_link or (each.method == "PATCH" and "score" not in told(each)):
                continue
            if told(each).get("score") != float(number):
                said = f"{told(each).get('score', 'no number')}"
                return failed(f"the number {number}", said, each)
            if each.is_ok:
                seen[step] = each
    if not {scores.POST_TEST, scores.ZERO, scores.UNKNOWN} <= seen.keys():
        return not_exercised("a whole number, zero and a fraction were not all stored")
    return passed(*seen.values())


@evaluates("L3-03")
def order_is_by_test_day(evidence: Evidence, world: World) -> Verdict:
    """Judge kind and link of two tests, of which the earlier one arrived later."""
    facts = figures(world)
    post, pre = _made(evidence, scores.POST_TEST), _made(evidence, scores.PRE_TEST)
    wrong = _wrong_kind(evidence, scores.POST_TEST, "post", facts.post_on)
    wrong = wrong or _wrong_kind(evidence, scores.PRE_TEST, "pre", facts.pre_on)
    if wrong:
        return failed("each test as pre or post by its own day", "another kind or day", wrong)
    if post is None or pre is None:
        return not_exercised("a test and the one before it were not both recorded")
    links = _sent(evidence).about(post.reference).done.where(lambda e: "comparedWith" in told(e))
    if not links or not links.last or referred(links.last, "comparedWith") != pre.reference:
        said = "no link to the earlier test, or to another one"
        return failed("the post-test compared with the pre-test before it", said, pre, links.last)
    return passed(post, pre, links.last)


def _wrong_kind(evidence: Evidence, step: str, kind: str, day: str) -> Exchange | None:
    sent = _sent(evidence, step).by("POST")
    wanted = (kind, day)
    is_so = sent.where(lambda e: (told(e).get("testType"), told(e).get("administeredOn")) != wanted)
    return is_so.first


@evaluates("L3-04")
def retest_or_correction(evidence: Evidence, world: World) -> Verdict:
    """Judge a test that was taken again, and a number that was mistyped."""
    del world
    first, again = _made(evidence, scores.POST_TEST), _made(evidence, scores.RETEST)
    if first is not None:
        taken = _sent(evidence, scores.RETEST).about(first.reference)
        over = taken.where(lambda each: _remeasures(each, first)).first
        if over:
            return failed("a new score for a new test", "the first was overwritten", first, over)
    if first is None or again is None:
        return not_exercised("no test was taken again")
    return _corrected(_sent(evidence, scores.CORRECT), first, again)


def _corrected(sent: Evidence, first: Exchange, again: Exchange) -> Verdict:
    """Judge the correction of the second score."""
    copy = sent.by("POST", "DELETE").first
    if copy:
        return failed("a new version of the score", f"{copy.method} of a score", again, copy)
    right = sent.about(again.reference).by("PUT", "PATCH").done.last
    if right is None:
        return not_exercised("the correction did not reach the score")
    if version(right) and version(right) <= version(again):
        return failed("a new version of the score", "the version did not rise", again, right)
    return passed(first, again, right)


def _remeasures(sent: Exchange, first: Exchange) -> bool:
    """Whether a write says another result or day than the score had."""
    names = ("score", "administeredOn")
    return any(name in told(sent) and told(sent)[name] != told(first).get(name) for name in names)


@evaluates("L3-05")
def keeps_unknown_instruments(evidence: Evidence, world: World) -> Verdict:
    """Judge every write of a result of a test that only the hub's lookup knows."""
    wanted = scores.instrument(world)
    sent = _sent(evidence, scores.UNKNOWN, scores.UNKNOWN_CORRECT).by("POST", "PUT", "PATCH")
    other = [e for e in sent if "assessment" in told(e) and referred(e, "assessment") != wanted]
    if other:
        return failed("the test as the hub knows it", "another test", *other)
    first, later = sent.during(scores.UNKNOWN).done, sent.during(scores.UNKNOWN_CORRECT).done
    if not first or not later:
        return not_exercised("a result of the new test was not recorded and written again")
    return passed(first.first, later.last)


@evaluates("L3-06")
def corrects_what_is_out_of_range(evidence: Evidence, world: World) -> Verdict:
    """Count how often the impossible number was sent, and whether the right one followed."""
    del world
    wrong, right = scores.NUMBERS[scores.OUT_OF_RANGE], scores.NUMBERS[scores.IN_RANGE]
    sent = _sent(evidence, scores.OUT_OF_RANGE, scores.IN_RANGE)
    refused = sent.where(lambda each: told(each).get("score") == float(wrong))
    if len(refused) > 1 + IDENTICAL:
        said = f"sent {len(refused)} times as it was"
        return failed("at most one repetition, then the corrected number", said, *refused)
    checked = evidence.partner.during(scores.OUT_OF_RANGE).of("Assessment").first
    if not refused and checked is None:
        return not_exercised("the impossible number was neither sent nor checked")
    good = sent.done.where(lambda each: told(each).get("score") == float(right)).first
    if good is None and not sent.during(scores.IN_RANGE):
        return not_exercised("the corrected number was not sent")
    if good is None:
        return failed("the corrected number", "another one, or refused", sent.last)
    return passed(refused.first or checked, good)


@evaluates("L3-11")
def stops_at_a_refusal(evidence: Evidence, world: World) -> Verdict:
    """Count the requests for somebody's scores once the hub has refused them."""
    del world
    asked = evidence.partner.of(KIND).during(scores.CLOSED, scores.CLOSED_AGAIN)
    refused = asked.faulted("F17").first
    if refused is None:
        return not_exercised("the hub was not asked for what it meant to refuse")
    more = asked.after(refused)
    if more:
        said = f"{len(more)} more requests for this person's scores"
        return failed("no request for them after the refusal", said, refused, *more)
    alive = fence(evidence, refused)
    if alive is None:
        return not_exercised("nothing came after the refusal")
    return passed(refused, alive)


@evaluates("L3-12")
def late_scores_go_to_their_period(evidence: Evidence, world: World) -> Verdict:
    """Judge a score that arrives after the return: its day, and the enrollment of that time."""
    old, new = (named(evidence, each) for each in (services.NEW_YEAR, leaving.RETURN))
    sent = _sent(evidence, leaving.LATE).by("POST", "PUT").first
    if not old or not new or sent is None:
        return not_exercised("there were not two periods and a score that came late")
    moved = enrollments(evidence).during(leaving.LATE).first
    if moved:
        return failed("no change of an enrollment", "an enrollment was written", moved)
    is_of_then = told(sent).get("administeredOn") == figures(world).late_on
    if not (is_of_then and sent.mentions(old)) or sent.mentions(new):
        return failed("its own day and the enrollment of that time", "another", sent)
    return passed(sent) if sent.is_ok else failed("a score that the hub takes", "refused", sent)
