"""Level 2, how enrollments are begun, changed and ended: L2-01 to L2-07, L2-09."""

from functools import partial

from conformance.evaluators import evaluates
from conformance.exchange import Evidence, Exchange
from conformance.reading.unbundled import pointed, referred, told, version
from conformance.scenario import leaving, services
from conformance.scenario.caseload import LEARNER, person_of
from conformance.scenario.figures import ADULT, CENTER, figures
from conformance.scenario.service_deeds import referrals
from conformance.stage import World
from conformance.verdict import Verdict, failed, fence, not_exercised, passed

KIND = "ParticipantServiceEnrollment"
COMPLETE = ("participant", "service", "program", "partner", "localCenter", "enrollmentDate")
OPEN = ("accepted", "in-progress")


def enrollments(evidence: Evidence) -> Evidence:
    """Return what the partner asked to be changed of enrollments."""
    return evidence.partner.of(KIND).writes


def made(evidence: Evidence, step: str) -> Exchange | None:
    """Return the first creation of an enrollment that succeeded in a step."""
    return enrollments(evidence).during(step).by("POST", "PUT").done.first


def named(evidence: Evidence, step: str) -> str:
    """Return the reference of the enrollment that a step made, empty for none."""
    found = made(evidence, step)
    return found.reference if found else ""


@evaluates("L2-01")
def complete_at_the_first_try(evidence: Evidence, world: World) -> Verdict:
    """Judge the first attempt to enroll: all that is asked for, about the right person."""
    tried = enrollments(evidence).during(services.ENROLL).by("POST", "PUT").first
    if tried is None:
        return not_exercised("no enrollment was sent")
    missing = [each for each in COMPLETE if not told(tried).get(each)]
    wanted = {"participant": person_of(world, LEARNER), "program": ADULT}
    wanted["localCenter"] = CENTER
    wrong = [name for name, value in wanted.items() if value and referred(tried, name) != value]
    if not tried.is_ok or missing or wrong or told(tried).get("status") != "enrolled":
        parts = ", ".join(sorted({*missing, *wrong}))
        said = f"answered with {tried.status}; missing or other than told: {parts or 'nothing'}"
        return failed("a valid enrollment at the first try, status enrolled", said, tried)
    return passed(tried)


@evaluates("L2-02")
def one_for_each_acceptance(evidence: Evidence, world: World) -> Verdict:
    """Count what an accepted referral led to, after a lost answer and after repeated news."""
    known = [each for each in referrals(world) if each]
    sent = enrollments(evidence).by("POST")
    lost = sent.during(services.ACCEPTED).faulted("F3").first
    if lost is None:
        return not_exercised("the answer that the hub meant to lose was not asked for")
    for each in known:
        taken = sent.where(partial(_is_on, each)).where(lambda one: one.is_ok or one.fault == "F3")
        acts = {one.headers.get("idempotency-key") or f"none {one.number}" for one in taken}
        resources = {one.reference for one in taken.done if one.reference}
        if len(acts) > 1 and (len(resources) > 1 or not _is_replay(taken)):
            said = f"{len(acts)} acts of their own for one acceptance"
            return failed("one enrollment, under one Idempotency-Key", said, *taken)
    alive = fence(evidence, lost)
    if alive is None:
        return not_exercised("nothing came after the answer that was lost")
    return passed(lost, alive)


def _is_on(referral: str, sent: Exchange) -> bool:
    return referral != "" and referred(sent, "referral") == referral


def _is_replay(taken: Evidence) -> bool:
    """Whether all but the first were answered with what there was already (200)."""
    return all(each.status == 200 for each in taken.exchanges[1:])  # noqa: PLR2004 - RFC 9110


@evaluates("L2-03")
def only_what_was_accepted(evidence: Evidence, world: World) -> Verdict:
    """Judge each enrollment on a referral: it comes after the acceptance."""
    referral = referrals(world)[0]
    sent = enrollments(evidence).by("POST")
    on_it = sent.where(partial(_is_on, referral))
    early = sent.during(services.TOO_EARLY).first or next(
        (each for each in on_it if not _was_accepted(evidence, referral, each)), None
    )
    if early:
        return failed("no enrollment before the referral is accepted", "it came before", early)
    good = on_it.done.first
    if good is None:
        return not_exercised("nobody was enrolled on the accepted referral")
    return passed(good, observed="enrolled after the acceptance")


def _was_accepted(evidence: Evidence, referral: str, sent: Exchange) -> bool:
    before = evidence.about(referral).before(sent).done.writes
    return any(told(each).get("status") in OPEN for each in before)


@evaluates("L2-04")
def changes_in_place(evidence: Evidence, world: World) -> Verdict:
    """Judge the change of an enrollment: the same id, a higher version, nothing deleted."""
    del world
    first = made(evidence, services.ENROLL)
    if first is None:
        return not_exercised("there was no enrollment to change")
    sent = enrollments(evidence).during(services.UPDATE)
    again = sent.by("DELETE").first or sent.by("POST").first
    if again:
        said = f"{again.method} of an enrollment"
        return failed("a PUT or PATCH of the enrollment that there is", said, again)
    change = sent.about(first.reference).by("PUT", "PATCH").done.first
    if change is None:
        return not_exercised("the enrollment was not changed")
    if version(change) and version(change) <= version(first):
        return failed("a higher version of it", "the version did not rise", first, change)
    return passed(first, change)


@evaluates("L2-05")
def mistakes_stay_on_record(evidence: Evidence, world: World) -> Verdict:
    """Judge how a mistake is taken back: a status and a reason, no deletion."""
    wrong = made(evidence, services.WRONG)
    if wrong is None:
        return not_exercised("there was no mistake to take back")
    sent = enrollments(evidence).during(services.CORRECT).about(wrong.reference)
    gone = sent.by("DELETE").first
    if gone:
        return failed("status entered-in-error with the reason", "it was deleted", gone)
    taken = sent.where(lambda each: told(each).get("status") == "entered-in-error").done.first
    if taken is None:
        return not_exercised("the mistake was not taken back")
    if not taken.mentions(figures(world).reason):
        return failed("the reason that staff gave", "no reason, or another one", taken)
    return passed(wrong, taken)


@evaluates("L2-06")
def dates_do_not_shift(evidence: Evidence, world: World) -> Verdict:
    """Compare every date that was sent with the day that staff told."""
    seen = []
    for step, days in services.days(world).items():
        for each in enrollments(evidence).during(step):
            sent = {name: told(each)[name] for name in days if _is_entered(each, name)}
            wrong = [name for name in sent if sent[name] != days[name]]
            if wrong:
                said = f"{wrong[0]} {sent[wrong[0]]}"
                return failed(f"{wrong[0]} {days[wrong[0]]}", said, each)
            seen += [(step, name, each) for name in sent if each.is_ok]
    if len({(step, name) for step, name, _ in seen}) < services.HARD_DAYS:
        return not_exercised("the days that a time zone would move were not all sent")
    return passed(*{each.number: each for _, _, each in seen}.values())


def _is_entered(sent: Exchange, name: str) -> bool:
    """Whether a write enters a date; that of the start is entered once, and then only kept."""
    return name in told(sent) and (name != "enrollmentDate" or sent.method == "POST")


@evaluates("L2-07")
def leaves_others_alone(evidence: Evidence, world: World) -> Verdict:
    """Look for a write to an enrollment of another agency, while the own one was changed."""
    foreign = world.get("services", {}).get("parallel", "")
    if not foreign:
        return not_exercised("there was no enrollment of another agency")
    meddled = enrollments(evidence).about(foreign).first
    if meddled:
        return failed("no write to an enrollment of another agency", "it was written", meddled)
    own = enrollments(evidence).during(services.UPDATE, services.END).done
    if not own:
        return not_exercised("the own enrollment beside it was never changed")
    return passed(own.first, own.last)


@evaluates("L2-09")
def re_entry_is_a_new_period(evidence: Evidence, world: World) -> Verdict:
    """Judge exit and return: the old enrollment ends and stays, a new one is of the same person."""
    first = made(evidence, services.NEW_YEAR)
    if first is None:
        return not_exercised("there was no enrollment to exit from")
    ended = enrollments(evidence).during(leaving.EXIT).about(first.reference).done.last
    came = enrollments(evidence).during(leaving.RETURN)
    touched = came.about(first.reference).first or (
        enrollments(evidence).after(came.last).about(first.reference).first if came.last else None
    )
    if touched:
        return failed("the old enrollment stays as it was", "it was written again", touched)
    new = came.by("POST").done.first
    if ended is None or new is None:
        return not_exercised("exit and return were not both seen")
    person = referred(first, "participant") or person_of(world, leaving.RETURNER)
    if "endDate" not in told(ended) or referred(new, "participant") != person:
        return failed(
            "an end date, then a new enrollment of the same person", "another", ended, new
        )
    if _period(first) and _period(new) == _period(first):
        return failed("a new period of participation", "the period of before", first, new)
    return passed(first, ended, new)


def _period(exchange: Exchange) -> str:
    answer = exchange.answer if isinstance(exchange.answer, dict) else {}
    return str(answer.get("period", {}).get("periodId", "")) or pointed(answer, "period")
