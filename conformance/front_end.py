"""A run for another program's sake: the doctor first, then the journey; what it ends with."""

from pathlib import Path
from typing import Any

from conformance.cli.driving import product_of, to_file
from conformance.runner.config import read
from conformance.runner.doctor import examine
from conformance.runner.drive import Driver
from conformance.runner.problem import Misconfigured
from conformance.runner.runs import Runs, Wish


def report(
    path: Path, level: int, *, certify: bool = False, settings: Path | None = None
) -> dict[str, Any]:
    """Return the hub's report of one run.

    Raises Misconfigured for what the doctor finds, HubTrouble when the hub fails.
    """
    config = read(path)
    found = examine(config, level)
    for finding in found.findings:
        if not finding.is_well:
            raise Misconfigured(finding.sentence, finding.fix)
    if found.connection is None:
        raise Misconfigured("There is no hub.", "Look at hub in wcf.yaml.")
    mode = "certify" if certify else "practice"
    driver = Driver(config, Runs(found.connection.http))
    if settings:
        driver.hand_over = to_file(settings)
    return driver.run(Wish(level, config.profile, mode, product_of(found)))
