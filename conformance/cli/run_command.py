"""`run`: the doctor first, then the journey up to a level, then what the hub says of it."""

from pathlib import Path

import click

from conformance.cli import words
from conformance.cli.driving import Showing, drive, product_of
from conformance.runner.doctor import Checkup
from conformance.runner.drive import Driver, Report
from conformance.runner.runs import Wish

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("run")
@click.argument("level", callback=words.level, metavar="LEVEL")
@words.config
@click.option("--certify", is_flag=True, help="In earnest: a level that is reached is certified.")
@click.option("--settings", type=FILE, help="Where --certify writes the sandbox for the product.")
@click.option(
    "--only", callback=words.ids, multiple=True, help="List and judge this alone; all is played."
)
@click.option("--seed", default="", help="World of an earlier run.")
@click.option("--baseline", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--html", type=FILE, help="Write the report as one page.")
@click.option("--junit", type=FILE, help="Write it as JUnit XML.")
@click.option("--md", type=FILE, help="Write it as Markdown.")
@click.option("--json", type=FILE, help="Write the hub's own report.")
@words.json_lines
@click.pass_context
def command(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    /,
    *,
    level: int,
    path: Path,
    certify: bool,
    settings: Path | None,
    only: tuple[str, ...],
    seed: str,
    baseline: Path | None,
    json_lines: bool,
    **files: Path | None,
) -> None:
    """Have the product walk the journey up to LEVEL (L1 to L4).

    Practice runs are free and prove nothing; --certify takes neither --only, --seed nor
    --baseline. A baseline is a file with the ids of failures that are known, one a line.
    """
    if certify and (only or seed or baseline):
        raise click.UsageError("--certify goes without --only, --seed and --baseline.")
    known = tuple(baseline.read_text("utf-8").split()) if baseline else ()
    written = tuple((form, file) for form, file in files.items() if file)
    with words.ending():
        config, _ = words.settings(path)
        mode = "certify" if certify else "practice"

        def lead(driver: Driver, found: Checkup) -> Report:
            return driver.run(Wish(level, config.profile, mode, product_of(found), seed))

        shown = Showing(json_lines, only, known, written, settings)
        ctx.exit(drive(config, level, shown, lead))
