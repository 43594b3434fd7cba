"""`rerun`: the last run again in the same world, looking at what was not well alone."""

from pathlib import Path

import click

from conformance.cli import words
from conformance.cli.driving import Showing, drive, product_of
from conformance.runner.doctor import Checkup
from conformance.runner.drive import Driver, Report
from conformance.runner.problem import Misconfigured
from conformance.runner.runs import Wish

FIX = "Run it again in practice first: wioa-conformance run L1."


@click.command("rerun")
@words.run_id
@click.option("--failed", is_flag=True, help="Look alone at what was not well.")
@words.config
@words.json_lines
@click.pass_context
def command(
    ctx: click.Context, run: str | None, failed: bool, path: Path, json_lines: bool
) -> None:
    """Run RUN again with its seed, in practice; without RUN the last."""
    with words.ending():
        config, kept = words.settings(path)
        before = kept.report(run or kept.last())
        if before is None:
            raise Misconfigured("That run has no report here.", FIX)
        bad = [each["id"] for each in before["verdicts"] if each["verdict"] not in ("PASS", "N/A")]
        seed = str(before.get("seed") or "")
        level = int(before["level"])

        def lead(driver: Driver, found: Checkup) -> Report:
            wish = Wish(level, before["profile"], "practice", product_of(found), seed)
            return driver.run(wish)

        shown = Showing(json_lines, tuple(bad) if failed else ())
        ctx.exit(drive(config, level, shown, lead))
