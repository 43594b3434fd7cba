"""The built-in reference client, driven like any product, in a child of its own."""

import sys
from pathlib import Path

from conformance.adapters import Sandbox
from conformance.adapters.command import CommandAdapter


def reference(
    folder: Path, memory: Path | None = None, settings: Sandbox | None = None
) -> CommandAdapter:
    """Return the adapter of the reference client.

    With `memory` its records outlive it; `settings` are its own, which an operator sets when a
    run is in earnest.
    """
    command = [sys.executable, "-m", "conformance.client"]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    if settings:
        environment["CASETRACK_HUB"] = settings.base
        environment["CASETRACK_CLIENT"] = settings.client_id
        environment["CASETRACK_SECRET"] = settings.client_secret
    kept = ["--memory", str(memory)] if memory else []
    return CommandAdapter([*command, *kept], folder, environment)
