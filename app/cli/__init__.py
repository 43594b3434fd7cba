"""The `hub` command; a subcommand's module is imported only when it is asked for."""

import importlib

import click

COMMANDS = {
    "audit": "Check, seal and read the audit trail.",
    "certificate": "List, extend and revoke what partners proved.",
    "client": "Register, list and disable client systems.",
    "conformance": "Prove what a partner's product can; judged by a hub.",
    "db": "Prepare the database: keys, indexes, seed rows, shards.",
    "example": "Print a valid resource of a type.",
    "keys": "Change the hub's own keys while it runs.",
    "schema": "Draft, check, approve and publish versions of the schemas.",
    "serve": "Run the hub.",
    "settings": "Print every setting, its default and what it does.",
    "simulate": "Play agencies' systems with invented people on the hub that runs.",
    "token": "Print a bearer token for a demo client.",
    "worker": "Number committed changes and seal the audit trail.",
}
"""Subcommand → its line in the help; each is `app.cli.<name>.<name>`."""
SUITE = "conformance"
"""The one subcommand that works without the packages of the server."""


class Lazy(click.Group):
    """A group that starts fast: its help needs no import of what it lists."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the subcommands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the subcommand, None when there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        try:
            module = importlib.import_module(f"app.cli.{cmd_name}")
        except ModuleNotFoundError as missing:
            raise click.ClickException(
                f"This needs the hub's own packages ({missing.name}): pip install '.[server]'"
            ) from None
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=Lazy)
@click.version_option(package_name="wioa-hub")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run and look after a WIOA Hub; every setting is also a variable HUB_…, see the README."""
    if ctx.invoked_subcommand == SUITE:
        return
    from app.composition import now  # noqa: PLC0415 - a partner's machine has no hub's packages

    ctx.obj = now
