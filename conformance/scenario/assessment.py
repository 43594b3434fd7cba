"""Act A1, the six questions; and a person who withdraws the consent to share."""

from typing import Any

from conformance.scenario.profiles import Body, asked, seeding
from conformance.scenario.sharing import (
    ADULT_EDUCATION,
    ask,
    consent,
    day,
    instant_of,
    referring,
    to,
)
from conformance.stage import Stage, Step, World

QUESTIONS = "A1-questions"
REST = "A1-questions-rest"
KNOWN = "A1-answers-known"
BY_ANSWERS = "A1-refer-by-answers"
WITHDRAW = "A1-withdraw"
AFTER_WITHDRAWAL = "A1-refer-withdrawn"
REMARK = "https://human-services.example/ext/assessment-remark"
"""Extension in which the other agency noted, with its questions, what the person needs."""
NOT_ANSWERED = "https://hub.wioa.example/extensions/not-answered/"
"""With the element of a question behind it: the extension that says why it has no answer."""
ABSENT = {"declined": "asked-declined", "unknown": "asked-unknown"}
"""What is told of a question without an answer → its code of FHIR's DataAbsentReason."""
ANSWERS = {
    "hasHighSchoolCredential": "no",
    "hasFunctionalDifficulty": "declined",
    "isCaretakerOfDeprivedChild": "no",
    "needsFoodAssistance": "unknown",
    "workingStatus": "no",
    "isDisconnectedYouth": "no",
}
"""What the person says on the first day."""
LATER = ANSWERS | {"hasFunctionalDifficulty": "no", "needsFoodAssistance": "no"}
"""What the person says in the end."""
ELSEWHERE = LATER | {"hasHighSchoolCredential": "yes", "workingStatus": "yes-meets-needs"}
"""What somebody else told another agency; no card follows from it."""
REFERS = frozenset({"refers", "both"})
ASSESSMENT = "ParticipantServiceAssessment"


def _told(_world: World, answers: Body, **more: Any) -> Body:
    return {"questionnaireVersion": "1", "mode": "staff-assisted", "answers": answers, **more}


def _assessed(stage: Stage) -> None:
    """Let human services ask somebody the six questions, with a remark that nobody can guess."""
    who = seeding(stage, "assessed")
    stage.world["today"] = day(instant_of(stage, who))
    words = f"Wants evening classes, {stage.world['canary']['answer']}"
    ask(stage, "human-services", "POST", ASSESSMENT, {
        "resourceType": ASSESSMENT,
        "participant": to(who),
        "partner": to("Partner/mdhs-eligibility"),
        "questionnaireVersion": "1",
        "mode": "staff-assisted",
        "status": "completed",
        "extension": [{"url": REMARK, "valueString": words}],
        **ELSEWHERE,
    })  # fmt: skip


def _consenting(stage: Stage) -> None:
    """Seed somebody of whom vocational rehabilitation tells the partner, by consent."""
    who = seeding(stage, "leaver")
    shared = consent(stage.world["today"], who, "Agency/mdrs", "Agency/mdes", "vr-34cfr361")
    ask(stage, "staff", "POST", "Consent", shared)
    ask(stage, "vr", "POST", ASSESSMENT, {
        "resourceType": ASSESSMENT,
        "participant": to(who),
        "partner": to("Partner/mdrs-vr"),
        "questionnaireVersion": "1",
        "mode": "staff-assisted",
        "status": "in-progress",
    })  # fmt: skip


SETUP = (_assessed, _consenting)


def _first(world: World) -> Body:
    return asked(world, "elvis") | _told(world, ANSWERS)


def _rest(world: World) -> Body:
    return asked(world, "elvis") | _told(world, LATER, declined=["adult-basic-education"])


def _elsewhere(world: World) -> Body:
    return asked(world, "assessed") | _told(world, ELSEWHERE)


def _by_answers(world: World) -> Body:
    more = {"quote": REMARK, "reason": "The other agency noted with the six questions:"}
    return asked(world, "assessed") | referring(world, "assessed-abe", ADULT_EDUCATION, **more)


def _withdrawal(world: World) -> Body:
    return asked(world, "leaver") | {"on": world["today"]}


def _tempting(world: World) -> Body:
    body = asked(world, "leaver") | referring(world, "leaver-abe", ADULT_EDUCATION)
    return {name: value for name, value in body.items() if name != "consent"}


STEPS = (
    Step(
        key=QUESTIONS,
        name="isa.record",
        act=1,
        level=1,
        text=(
            "Record the six questions. One was declined and one is not known: say so, leave none "
            f"out. The reason of a missing answer is the extension {NOT_ANSWERED}<element> with "
            "the code asked-declined or asked-unknown, and the status is in-progress."
        ),
        data=_first,
        proves=("L1-19",),
        profiles=REFERS,
    ),
    Step(
        key=REST,
        name="isa.record",
        act=1,
        level=1,
        text="The person has answered the rest and unchecked one card. Complete the assessment.",
        data=_rest,
        proves=("L1-19",),
        profiles=REFERS,
    ),
    Step(
        key=KNOWN,
        name="isa.record",
        act=1,
        level=1,
        text="The six questions are due; another agency may have asked them. If so, use those.",
        data=_elsewhere,
        proves=("L1-20",),
        profiles=REFERS,
    ),
    Step(
        key=BY_ANSWERS,
        name="referral.create",
        act=1,
        level=1,
        text=f"Refer the person, and quote in the note the remark of the assessment ({REMARK}).",
        data=_by_answers,
        proves=("L1-17", "L1-20"),
        profiles=REFERS,
    ),
    Step(
        key=WITHDRAW,
        name="participant.withdraw-consent",
        act=1,
        level=1,
        text="The person withdraws the consent to share, at your desk. Record that, and stop.",
        data=_withdrawal,
        proves=("L1-17",),
    ),
    Step(
        key=AFTER_WITHDRAWAL,
        name="referral.create",
        act=1,
        level=1,
        text="A colleague asks for a referral of the person who withdrew. Your system sends none.",
        data=_tempting,
        proves=("L1-17",),
        profiles=REFERS,
    ),
)
