"""A schema changes while work goes on: first both versions are live, then the old one is to end.

Staff of the state publish it as they publish any: one writes and hands in, another one approves.
"""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

from conformance.scenario.profiles import PROFILE, STAFF, Body, answered
from conformance.stage import Stage

REVIEWER = "reviewer"
"""The ghost that approves: nobody approves what he wrote."""
OLD, NEW = "1.0.0", "1.0.1"
ID = f"{PROFILE}-{NEW}"
OK, BUSY = 200, 503
Reply = tuple[int, Any, Mapping[str, str]]
TRIES = 30
GRACE_DAYS = 400
"""Longer than any hub asks between the notice and the end."""


def prepare(stage: Stage) -> None:
    """Write the new version, hand it in and approve it; it is not in force yet."""
    answered(stage.ask(STAFF, "PUT", f"SchemaVersion/{ID}", draft()))
    _move(stage, STAFF, ID, "submit")
    _move(stage, REVIEWER, ID, "approve")


def publish(stage: Stage) -> None:
    """Put the new version in force beside the old one, which is served as before."""
    for _ in range(TRIES):
        status, answer, _ = _asked(stage, STAFF, ID, "scan")
        if status == OK and _is_done(answer):
            break
        # Workers hear of an approval within five seconds; until then the hub answers 503.
        time.sleep(0.5 if status == BUSY else 0)
    _move(stage, STAFF, ID, "publish")
    stage.world["rollover"] = {"kind": PROFILE, "old": OLD, "new": NEW}


def deprecate(stage: Stage) -> None:
    """Tell those who still name the old version that it is to end."""
    day = datetime.now(UTC).date() + timedelta(days=GRACE_DAYS)
    reason = "The new version says the same in better words."
    _move(stage, STAFF, f"{PROFILE}-{OLD}", "deprecate", sunset=day.isoformat(), reason=reason)


def draft() -> Body:
    """Return the new version as a draft: the old one with one sentence more."""
    folder = files("resource_schemas") / PROFILE / OLD
    schema = json.loads((folder / "schema.json").read_text())
    schema["$id"] = schema["$id"].replace(OLD, NEW)
    schema["description"] += " Records are kept as before."
    examples = [
        {"name": each.name.removesuffix(".json"), "isValid": side == "valid", "text": text}
        for side in ("valid", "invalid")
        for each in sorted((folder / side).iterdir(), key=lambda one: one.name)
        if (text := each.read_text())
    ]
    return {
        "resourceType": "SchemaVersion",
        "id": ID,
        "type": PROFILE,
        "version": NEW,
        "base": OLD,
        "summary": "Says the same in better words.",
        "text": json.dumps(schema),
        "examples": examples,
    }


def _move(stage: Stage, ghost: str, id: str, operation: str, **inputs: str) -> None:
    answered(_asked(stage, ghost, id, operation, **inputs))


def _asked(stage: Stage, ghost: str, id: str, operation: str, **inputs: str) -> Reply:
    status, found, _ = stage.ask(ghost, "GET", f"SchemaVersion/{id}")
    seen = int(found["meta"]["versionId"]) if status == OK else 0
    given: list[Body] = [{"name": "version", "valueInteger": seen}]
    for name, value in inputs.items():
        given.append({"name": name, "valueDate" if name == "sunset" else "valueString": value})
    sent = {"resourceType": "Parameters", "parameter": given}
    return stage.ask(ghost, "POST", f"SchemaVersion/{id}/${operation}", sent)


def _is_done(answer: Body) -> bool:
    return {"name": "done", "valueBoolean": True} in answer["parameter"]
