"""Schemathesis over the OpenAPI document of a running hub, every check on.

By hand: scripts/fuzz [--requests N] [--seed N] [--data FOLDER] URL
"""

import argparse
import subprocess
import sys
from collections import Counter
from pathlib import Path

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

FINE = ["2xx", "3xx", 401, 403, 404, 409, 429]
BEYOND_A_SCHEMA = {
    # Text in which nothing is left to look for, and days that a month does not have.
    "^search-|^history-": [*FINE, 400],
    # Ids that contradict each other, references to the wrong type, stale or impossible versions.
    "^(create|update|delete)-": [*FINE, 400, 405, 410, 412, 422],
    "^v?read-": [*FINE, 410],
    # Wrong secrets, and scopes that are none.
    "^token$": [*FINE, 400],
}
"""Operation → what may be answered to a request that keeps all that a schema can say."""

REFRESH_SECONDS = 120


PHASES = ("examples", "coverage", "fuzzing", "stateful")


def faults(  # noqa: PLR0913 - what bounds a run has as many sides
    url, fetch_token, *, tags=(), requests=None, examples=1, seed=1, phases=PHASES
):
    """Return (requests sent, faults found) of one run over the operations of `tags`, or all.

    The run ends early after `requests`.
    """
    config = SchemathesisConfig.from_dict(_config(url, tags, examples, seed, phases))
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)
    schema.auth(refresh_interval=REFRESH_SECONDS)(_bearer(fetch_token))
    sent, found, stream = 0, Counter(), from_schema(schema).execute()
    for event in stream:
        if isinstance(event, NonFatalError | FatalError):
            found[f"{getattr(event, 'label', '')}: {getattr(event, 'value', event)}"] += 1
        if isinstance(event, ScenarioFinished):
            sent += len(event.recorder.interactions)
            found.update(_failures(event))
        if requests is not None and sent >= requests:
            stream.stop()
            break
    return sent, found


@schemathesis.hook
def before_call(_context, case, **_):
    """Leave out what a schema cannot describe: a cursor is signed, and no body has no schema."""
    if case.query:
        case.query.pop("_cursor", None)
    if case.headers:
        case.headers.pop("Prefer", None)


def _config(url, tags, examples, seed, phases):
    left_out = [{"exclude-tag": list(tags), "enabled": False}] if tags else []
    return {
        "seed": seed,
        "base-url": url,
        "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
        "phases": {name: {"enabled": name in phases} for name in PHASES},
        "operations": left_out
        + [
            {
                "include-operation-id-regex": names,
                "checks": {"positive_data_acceptance": {"expected-statuses": statuses}},
            }
            for names, statuses in BEYOND_A_SCHEMA.items()
        ],
    }


def _bearer(fetch_token):
    class Bearer:
        def get(self, _case, _context):
            return fetch_token()

        def set(self, case, token, _context):
            if not case.path.endswith("/oauth/token"):
                case.headers["Authorization"] = f"Bearer {token}"

    return Bearer


def _failures(event):
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info:
                failure = check.failure_info.failure
                sample = check.failure_info.code_sample
                yield f"{event.label}: {failure.title}\n{failure.message}\n{sample}"


def main():
    """Send many requests to a running hub and print the faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8080")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", default=".hub", help="data folder of the running hub")
    asked = parser.parse_args()
    hub = Path(sys.executable).with_name("hub")

    def token():
        command = [hub, "token", "state-staff", "--data", asked.data]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    limits = {"requests": asked.requests, "examples": asked.requests, "seed": asked.seed}
    sent, found = faults(asked.url, token, **limits)
    for fault, times in found.most_common():
        sys.stdout.write(f"{times} x {fault}\n\n")
    sys.stdout.write(f"{sent} requests, {len(found)} different faults\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
