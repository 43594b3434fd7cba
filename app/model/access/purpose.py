"""Why a client asks: the closed list of purposes of use, told by header or token.

20 CFR 603.10(b)(1) and 34 CFR 99.30(b)(2) ask that an agreement or a consent names the purpose.
"""

from app.model.errors import Malformed

PURPOSES = {
    "eligibility": "Determine whether a person may have a service or benefit",
    "referral": "Refer a person to another agency and follow the referral",
    "service-coordination": "Plan and coordinate services for a person",
    "performance-reporting": "Report on performance, WIOA section 116",
    "audit-evaluation": "Audit or evaluate a program, 34 CFR 99.35",
    "research": "Research under agreement",
    "administration": "Run the hub for the state",
    "individual-request": "The person asked for their own information",
}
"""Purpose code → what it means."""


def refuse_unknown(purpose: str) -> None:
    """Raise Malformed when a purpose is not on the list."""
    if purpose not in PURPOSES:
        text = "This is not a purpose of use."
        raise Malformed(text, "Purpose-Of-Use", allowed=tuple(PURPOSES))
