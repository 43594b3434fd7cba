"""The built-in reference client, driven like any product, in a child of its own."""

import sys
from pathlib import Path

from conformance.adapters.command import CommandAdapter


def reference(folder: Path, memory: Path | None = None) -> CommandAdapter:
    """Return the adapter of the reference client; with `memory` its records outlive it."""
    command = [sys.executable, "-m", "conformance.client"]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    kept = ["--memory", str(memory)] if memory else []
    return CommandAdapter([*command, *kept], folder, environment)
