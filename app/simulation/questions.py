"""The answers to the six questions that lead to the wished agencies, and to no other."""

from collections.abc import Collection
from random import Random

Answers = dict[str, str]
WORKFORCE, BENEFITS = "mdes-mississippi-works", "mdhs-eligibility"
VOCATIONAL, EDUCATION = "mdrs-vr", "mccb-adult-education"
CARDS = {
    EDUCATION: "adult-basic-education",
    VOCATIONAL: "vocational-rehabilitation",
    BENEFITS: "human-services",
    WORKFORCE: "workforce",
}
"""Agency's system → the card that proposes it."""
DECLINE = 1 / 10
"""The part of the people who uncheck one more card, if there is any; ours."""


def answers(source: str, targets: Collection[str], dice: Random) -> Answers:
    """Return answers, asked by one agency's system, whose proposals are these agencies' systems.

    Rules ISA-R1 to ISA-R6: `domain.md` section 2.
    """
    is_caretaker = BENEFITS in targets and dice.random() < 1 / 3
    works = WORKFORCE not in targets and (source != WORKFORCE or dice.random() < 1 / 2)
    return {
        "hasHighSchoolCredential": "no" if EDUCATION in targets else "yes",
        "hasFunctionalDifficulty": "yes" if VOCATIONAL in targets else "no",
        "isCaretakerOfDeprivedChild": "yes" if is_caretaker else "no",
        "needsFoodAssistance": "yes" if BENEFITS in targets else "no",
        "workingStatus": "yes-meets-needs" if works else dice.choice(("no", "yes-needs-better")),
        "isDisconnectedYouth": "no",
    }


def unchecked(source: str, targets: Collection[str], dice: Random) -> list[str]:
    """Return the systems whose card somebody sees and declines besides: one for some people."""
    others = [each for each in CARDS if each != source and each not in targets]
    return [dice.choice(others)] if others and dice.random() < DECLINE else []


def has_diploma(given: Answers) -> bool:
    """Whether somebody with these answers has finished high school."""
    return given["hasHighSchoolCredential"] == "yes"


def has_job(given: Answers) -> bool:
    """Whether somebody with these answers works."""
    return given["workingStatus"] != "no"
