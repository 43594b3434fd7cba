"""`fault`: one fault armed by hand, to see what a product does."""

from pathlib import Path

import click

from conformance.cli import words
from conformance.runner.problem import Misconfigured

FAULTS = ("F2", "F3", "F4", "F5", "F6", "F7", "F8", "F10", "F11", "F12", "F13", "F17")
"""What can be armed by hand; the others take the part of another agency."""
TYPES = {
    "participant": "ParticipantProfile",
    "isa": "ParticipantServiceAssessment",
    "consent": "Consent",
    "referral": "Referral",
    "enrollment": "ParticipantServiceEnrollment",
    "attendance": "ParticipantServiceEnrollment",
    "score": "ParticipantScore",
    "credential": "ParticipantCredential",
    "plan": "ParticipantSuccessPlan",
    "goal": "ParticipantSuccessPlan",
    "sync": r"\$changes",
}
"""First word of a step → the resource type that its requests address."""
METHODS = {
    **dict.fromkeys(("create", "register", "record", "start", "re-refer", "add"), "POST"),
    **dict.fromkeys(("update", "respond", "cancel", "close", "correct", "end", "change"), "PUT"),
}
"""Second word of a step → the method of its request; any, where there is none."""

BEGIN = "Begin a practice run: wioa-conformance run L1; arm it from another terminal meanwhile."
FIXES = {
    "is over": BEGIN,
    "in practice only": BEGIN,
    "regular expression": "Write after --on a step such as referral.create, or such a pattern.",
}
"""Part of why the hub does not arm a fault → what to do."""


@click.command("fault")
@click.argument("name", metavar="FAULT", type=click.Choice(FAULTS, case_sensitive=False))
@click.option("--on", required=True, help="A step such as referral.create, or a pattern of paths.")
@click.option("--run", help="The run; without it the last.")
@words.config
def command(name: str, on: str, run: str | None, path: Path) -> None:
    """Arm FAULT (F2, F3 …) for the next request that fits, in a practice run."""
    method, pattern = aimed(on)
    with words.ending():
        config, kept = words.settings(path)
        runs, id = words.runs(config), run or kept.last()
        try:
            runs.arm(id, name, method, pattern)
        except Misconfigured as problem:
            raise _explained(problem) from None
    click.echo(f"{name} waits for {method} {pattern}")


def _explained(problem: Misconfigured) -> Misconfigured:
    """Return the problem with what to do about a fault that the hub does not arm."""
    fixes = (fix for part, fix in FIXES.items() if part in problem.sentence)
    return Misconfigured(problem.sentence, next(fixes, problem.fix))


def aimed(on: str) -> tuple[str, str]:
    """Return method and pattern of the requests that a step sends; a pattern stays as it is.

    Raises UsageError for a word that looks like a step and is none.
    """
    noun, dot, verb = on.partition(".")
    if dot and noun in TYPES:
        return METHODS.get(verb, "*"), TYPES[noun]
    if dot and on.replace(".", "").replace("-", "").isalpha() and on.islower():
        raise click.UsageError(f"There is no such step; they begin with {', '.join(TYPES)}.")
    return "*", on
