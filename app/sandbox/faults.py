"""What a fault does to a request and its answer; `conformance.stage.Fault` says what each is."""

import re
from typing import Any

from app.interactions.runs import Row
from app.model.pattern import matches
from app.sandbox.answers import AWAY, FORM, RAW, Environ, Sent, refusal

LATER = frozenset({"F3", "F4", "F10", "F11", "F12", "F13"})
"""Faults of what was done: they wait until the hub's own answer says so."""
REFUSALS = {
    "F2": (AWAY, "transient"),
    "F3": (AWAY, "transient"),
    "F5": (429, "throttled"),
    "F7": (401, "login"),
    "F8": (422, "business-rule"),
    "F13": (AWAY, "transient"),
    "F17": (403, "forbidden"),
}
ON_PURPOSE = "The hub does this on purpose, in a conformance run."
TIMES = 3
"""How often each entry comes that comes too often (F11)."""
PAGE = 2
_COUNT = re.compile(rb"(?:^|&)_count=[^&]*")


def is_meant(fault: Row, environ: Environ) -> bool:
    """Whether a fault waits for a request like this; only searches have pages (F10)."""
    method, path = environ["REQUEST_METHOD"], environ["hub.below"]
    if fault["method"] != "*" and method not in fault["method"].split("|"):
        return False
    if fault["name"] == "F10" and method != "GET" and not path.endswith("_search"):
        return False
    return matches(f"^(?:{fault['path']})", path)


def refused(fault: Row) -> Sent:
    """Return the refusal that a fault is."""
    status, code = REFUSALS[fault["name"]]
    return refusal(status, code, ON_PURPOSE, fault["seconds"])


def asking(fault: Row, environ: Environ, world: Row) -> Environ:
    """Return the request as the hub is to see it: with pages as small as the seed says (F10)."""
    if fault["name"] != "F10":
        return environ
    query = environ.get("QUERY_STRING", "").encode()
    changed = {**environ, "QUERY_STRING": _with_count(query, world.get("pages", PAGE)).decode()}
    if environ.get("CONTENT_TYPE", "").startswith(FORM):
        changed[RAW] = _COUNT.sub(b"", environ[RAW]).lstrip(b"&")
        changed["CONTENT_LENGTH"] = str(len(changed[RAW]))
    return changed


def disturbed(fault: Row, sent: Sent) -> Sent | None:
    """Return the hub's answer as the fault has it; None when there is nothing to disturb."""
    name = fault["name"]
    if not sent.is_ok:
        return None
    if name in REFUSALS:
        return refused(fault)
    if name not in ("F11", "F12"):
        return sent
    bundle = sent.value
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    return sent.with_value({**bundle, "entry": _shuffled(name, entries)}) if entries else None


def _shuffled(name: str, entries: list[Any]) -> list[Any]:
    return [each for each in entries for _ in range(TIMES)] if name == "F11" else entries[::-1]


def _with_count(query: bytes, size: int) -> bytes:
    kept = _COUNT.sub(b"", query).lstrip(b"&")
    return b"&".join(filter(None, (kept, f"_count={size}".encode())))
