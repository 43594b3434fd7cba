"""`wioa-conformance`, in a hub's checkout also `hub conformance`: prove what a product can."""

import importlib
from typing import Any

import click

from conformance.runner.outcome import Exit

COMMANDS = {
    "cert": "Show a certificate, or verify one without the hub.",
    "doctor": "Look at address, clock, token, scopes and adapter before a run.",
    "end": "End a run that nobody will go on with.",
    "explain": "Print the page of a requirement: rule, why, sample, fix.",
    "fault": "Arm one fault by hand in a practice run.",
    "init": "Write wcf.yaml, from options or by questions.",
    "list": "List the requirements of a level.",
    "report": "Write the report of a run: HTML, JUnit, Markdown, JSON.",
    "rerun": "Run the last run again with the same world.",
    "run": "Have the product walk the journey, and the hub judge it.",
    "unmatched": "List what reached a sandbox and belonged to nobody.",
    "watch": "Go on with a run that was left, or show one that is over.",
}
"""Subcommand → its line in the help; each is in the module of `conformance.cli` of its name."""


class Conformance(click.Group):
    """A group that starts fast and ends with 64 when it is not understood (sysexits.h)."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the subcommands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the subcommand, None when there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"conformance.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand."""
        try:
            return super().invoke(ctx)
        except click.UsageError as wrong:
            raise _as_64(wrong) from None

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Read the group's own words."""
        try:
            return super().make_context(*args, **more)
        except click.UsageError as wrong:
            raise _as_64(wrong) from None


class NotUnderstood(click.UsageError):
    """The command line is not understood."""

    exit_code = int(Exit.USAGE)


def _as_64(wrong: click.UsageError) -> click.UsageError:
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        return wrong
    return NotUnderstood(wrong.format_message(), wrong.ctx)


@click.group(cls=Conformance, name="conformance")
def main() -> None:
    """Prove, level by level, that a product talks to the hub as the rules ask.

    The hub judges from what it saw; this command only drives. It ends with 0 level reached,
    1 requirement failed, 2 not exercised or incomplete, 3 configuration, 4 hub or suite,
    64 not understood.
    """
