"""Schemathesis over the OpenAPI document of a running hub, every check on.

By hand: scripts/fuzz [--requests N] [--tags A,B] [--phases P,Q] [--seed N] [--data FOLDER] URL
"""

import argparse
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import InvalidSchema
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

FINE = ["2xx", "3xx", 401, 403, 404, 409, 429]
REFUSED = [400, 401, 403, 404, 405, 406, 409, 415, 422, 428, 429]
EXPECTED = {
    "positive_data_acceptance": {
        # Text in which nothing is left to look for, and days that a month does not have.
        "^search-|^history-|^changes|^audit|^disclosures": [*FINE, 400],
        # Ids that contradict each other, references to the wrong type, stale versions; criteria
        # that say nothing or match several, patches that do not fit.
        "^(create|update|patch|delete|conditional)-": [*FINE, 400, 405, 410, 412, 422],
        "^v?read-": [*FINE, 410],
        # Names and numbers that are JSON and still refused in every body: a.b, $ref, 1e999.
        "^validate": [*FINE, 400],
        # Inputs given twice, people and versions that are none, rules of the domain.
        "^(preview|match|merge|unmerge|build|report-card|worklist|questionnaire)-|-SchemaVersion": [
            *FINE,
            400,
            410,
            412,
            422,
        ],
        # A candidate that is JSON and still refused: text that no database can hold.
        "^schema-check$": [*FINE, 400],
        # Whatever one of the entries may be refused with.
        "^bundle$": [*FINE, 400, 405, 410, 412, 422, 428],
        # More runs than a partner may have at once, and patterns that are none.
        "^run": [*FINE, 400, 422],
        # Wrong secrets, and scopes that are none.
        "^token$": [*FINE, 400],
    },
    "negative_data_rejection": {
        # RFC 9110 section 13.2.1: a precondition that fails, or a resource that is gone, is told
        # before the content is looked at.
        "^(update|patch|delete|conditional)-": [*REFUSED, 410, 412],
        "^v?read-": [*REFUSED, 410],
        # A batch tells what is wrong with an entry in the place of its answer.
        "^bundle$": [200, *REFUSED, 410, 412, 413],
    },
    "missing_required_header": {
        # RFC 6585 section 3 made a status for just this; other faults may be told first.
        "^(update|patch|delete)-": [400, 401, 403, 406, 415, 422, 428],
    },
}
"""Check → operations → what may be answered beyond what the check expects of any server."""

REFRESH_SECONDS = 120
PHASES = ("examples", "coverage", "fuzzing", "stateful")


class Run(NamedTuple):
    """What was sent, by the status it was answered with, and the faults found, with how often.

    `untried` are operations for which schemathesis finds no body that its schema accepts.
    """

    statuses: Counter
    faults: Counter
    untried: Counter


def fuzz(  # noqa: PLR0913 - what bounds a run has as many sides
    url,
    fetch_token,
    *,
    tags=(),
    besides=None,
    requests=None,
    examples=1,
    seed=1,
    phases=PHASES,
    once=(),
):
    """Return the Run over the operations of `tags`, or all; it ends early after `requests`.

    `besides` is the pattern of the operations to leave out, `once` names headers that are the
    same everywhere and tried with one operation only.
    """
    left_out = [{"exclude-tag": list(tags), "enabled": False}] if tags else []
    if besides:
        left_out.append({"include-operation-id-regex": besides, "enabled": False})
    config = SchemathesisConfig.from_dict(_config(url, left_out, examples, seed, phases))
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)
    _keep_once(schema.raw_schema["paths"], once)
    schema.auth(refresh_interval=REFRESH_SECONDS)(_bearer(fetch_token))
    run, stream = Run(Counter(), Counter(), Counter()), from_schema(schema).execute()
    for event in stream:
        if isinstance(event, NonFatalError | FatalError):
            _note(run, event)
        if isinstance(event, ScenarioFinished):
            run.statuses.update(_statuses(event))
            run.faults.update(_failures(event))
        if requests is not None and run.statuses.total() >= requests:
            stream.stop()
            break
    return run


def _keep_once(paths, names):
    """Take the headers of these names out of all operations but the change feed."""
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    for path, operations in paths.items():
        for operation in operations.values():
            if not path.endswith("$changes"):
                given = operation.get("parameters", ())
                operation["parameters"] = [each for each in given if each not in shared]


@schemathesis.hook
def before_call(_context, case, **_):
    """Leave out what a schema cannot describe: a cursor is signed, and no body has no schema."""
    if case.query:
        case.query.pop("_cursor", None)
    if case.headers:
        case.headers.pop("Prefer", None)


def _config(url, left_out, examples, seed, phases):
    return {
        "seed": seed,
        "base-url": url,
        "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
        "phases": {name: {"enabled": name in phases} for name in PHASES},
        "operations": left_out + list(_expected()),
    }


def _expected():
    for check, operations in EXPECTED.items():
        for names, statuses in operations.items():
            checks = {check: {"expected-statuses": statuses}}
            yield {"include-operation-id-regex": names, "checks": checks}


def _bearer(fetch_token):
    class Bearer:
        def get(self, _case, _context):
            return fetch_token()

        def set(self, case, token, _context):
            if not case.path.endswith("/oauth/token"):
                case.headers["Authorization"] = f"Bearer {token}"

    return Bearer


def _note(run, event):
    if isinstance(getattr(event, "value", None), InvalidSchema):
        run.untried[event.label] += 1
    else:
        run.faults[f"{getattr(event, 'label', '')}: {getattr(event, 'value', event)}"] += 1


def _statuses(event):
    for interaction in event.recorder.interactions.values():
        yield interaction.response.status_code if interaction.response else "no answer"


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
    parser.add_argument("--examples", type=int, default=150)
    parser.add_argument("--tags", default="")
    parser.add_argument("--phases", default=",".join(PHASES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", default=".hub", help="data folder of the running hub")
    asked = parser.parse_args()
    hub = Path(sys.executable).with_name("hub")

    def token():
        command = [hub, "token", "state-staff", "--data", asked.data]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    run = fuzz(
        asked.url,
        token,
        tags=tuple(filter(None, asked.tags.split(","))),
        requests=asked.requests,
        examples=asked.examples,
        seed=asked.seed,
        phases=asked.phases.split(","),
    )
    for fault, times in run.faults.most_common():
        sys.stdout.write(f"{times} x {fault}\n\n")
    for label in run.untried:
        sys.stdout.write(f"no body found for {label}\n")
    statuses = ", ".join(f"{times} x {status}" for status, times in run.statuses.most_common())
    sys.stdout.write(f"{run.statuses.total()} requests: {statuses}\n{len(run.faults)} faults\n")
    sys.exit(bool(run.faults))


if __name__ == "__main__":
    main()
