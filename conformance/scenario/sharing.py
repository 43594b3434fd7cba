"""Bodies that the steps and ghosts of assessments and referrals share."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from conformance.scenario.profiles import STAFF, Body, answered
from conformance.stage import Stage, World

AEFLA = "Program/title2-aefla"
US: Mapping[str, str] = {"agency": "Agency/mdes", "partner": "Partner/mdes-mississippi-works"}
"""The partner under test is this agency's system."""
ADULT_EDUCATION: Mapping[str, Any] = {
    "agency": "Agency/mccb",
    "programs": [AEFLA],
    "partner": "Partner/mccb-adult-education",
}
HINDS: Mapping[str, Any] = {
    "agency": "Agency/mccb",
    "programs": [AEFLA],
    "partner": "Partner/cc-hinds",
}
BEHIND = timedelta(hours=6)
"""Mississippi's clocks in winter; in summer a day that begins an hour late is still no future."""


def to(reference: str) -> Body:
    """Return the reference element to `Type/id`."""
    return {"reference": reference}


def ask(  # noqa: PLR0913, PLR0917 - who asks what of whom
    stage: Stage,
    ghost: str,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Body:
    """Return what the hub answers a ghost; raise Unready when it does not do it."""
    return answered(stage.ask(ghost, method, path, body, headers))


def instant_of(stage: Stage, reference: str) -> datetime:
    """Return when the hub last stored a resource: the hub's own clock, read from what it wrote."""
    told = ask(stage, STAFF, "GET", reference)["meta"]["lastUpdated"]
    return datetime.fromisoformat(told)


def day(moment: datetime) -> str:
    """Return the day of a moment in Mississippi, never a later one."""
    return (moment - BEHIND).date().isoformat()


def consent(today: str, who: str, discloser: str, recipient: str, regime: str) -> Body:
    """Return the body of a consent that was signed at the partner's desk and is in force."""
    return {
        "resourceType": "Consent",
        "participant": to(who),
        "partner": to(US["partner"]),
        "regime": regime,
        "disclosingAgency": to(discloser),
        "recipients": [to(recipient)],
        "scope": "What coordinating services takes",
        "method": "written",
        "givenBy": "participant",
        "grantedOn": today,
        "status": "active",
    }


def referring(world: World, key: str, target: Mapping[str, Any], **more: Any) -> Body:
    """Return what a step says of a new referral: its local key, from whom, to whom, why.

    With it comes the consent that the person signed, under the law that binds the partner's own
    records (WIOA section 188).
    """
    signed = {"on": world["today"], "regime": "wioa-188", "method": "written"}
    return {
        "referral": key,
        "from": dict(US),
        "to": dict(target),
        "reason": "Wants the high school equivalency.",
        "consent": {**signed, "scope": "Contact data and the reason of the referral"},
        **more,
    }
