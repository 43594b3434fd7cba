"""The adapter that a configuration names."""

from pathlib import Path

from conformance.adapters import Adapter
from conformance.adapters.command import CommandAdapter
from conformance.adapters.manual import ManualAdapter
from conformance.adapters.posting import PostingAdapter
from conformance.adapters.reference import reference
from conformance.runner.config import Config


def adapter(config: Config, memory: Path | None = None) -> Adapter:
    """Return the adapter of a configuration, not yet greeted; AdapterProblem when it cannot be.

    `memory` is where the reference client keeps its records; a command finds the place in the
    variable WCF_MEMORY, should it have none of its own.
    """
    driving, folder = config.driving, config.folder
    if driving.kind == "command":
        place = {"WCF_MEMORY": str(memory)} if memory else {}
        return CommandAdapter(driving.command, folder, place)
    if driving.kind == "http":
        return PostingAdapter(driving.url)
    if driving.kind == "manual":
        return ManualAdapter(config.product, config.profile, driving.port)
    return reference(folder, memory)
