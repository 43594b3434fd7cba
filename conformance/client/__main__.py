"""`python -m conformance.client`: CaseTrack with its adapter, for the runner of the suite."""

import sys
from importlib import import_module
from pathlib import Path

import click

from conformance.client.hub import Hub
from conformance.client.memory import Memory
from conformance.client.product import CaseTrack
from conformance.client.settings import Settings
from conformance.client.wcp import Adapter, by_http, by_lines

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--http", "port", type=int, help="Serve the protocol by HTTP on this port.")
@click.option("--mutant", help="Have one bad habit, to see it caught.")
@click.option(
    "--memory",
    "file",
    envvar="WCF_MEMORY",
    type=click.Path(path_type=Path),
    help="File to keep records in.",
)
@click.option(
    "--settings",
    "file_of_hub",
    type=FILE,
    help="File with base, clientId, clientSecret; it may come or change later.",
)
@click.option("--hub", envvar="CASETRACK_HUB", help="Base of the hub, the product's own setting.")
@click.option("--client", envvar="CASETRACK_CLIENT", default="", help="Its client id there.")
@click.option("--secret", envvar="CASETRACK_SECRET", default="", help="Its secret there.")
def main(  # noqa: PLR0913, PLR0917 - one for each option
    port: int | None,
    mutant: str | None,
    file: Path | None,
    file_of_hub: Path | None,
    hub: str | None,
    client: str,
    secret: str,
) -> None:
    """Speak WCP/1 on stdin and stdout, or by HTTP."""
    kinds = _kinds(mutant)

    def opened(base: str, client: str, secret: str) -> CaseTrack:
        return kinds[1](kinds[0](base, client, secret), Memory(file, base))

    product = opened(hub, client, secret) if hub else None
    adapter = Adapter(opened, product, Settings(file_of_hub))
    if port is None:
        by_lines(adapter, sys.stdin, sys.stdout)
        return
    with by_http(adapter, port) as server:
        click.echo(f"ready http://127.0.0.1:{server.server_port}", err=True)
        server.serve_forever()


def _kinds(name: str | None) -> tuple[type[Hub], type[CaseTrack]]:
    if name is None:
        return Hub, CaseTrack
    # Only who asks for a mutant loads them: the sample stands without.
    known = import_module("conformance.mutants").mutants()
    if name not in known:
        raise click.BadParameter(f"There is no mutant {name}.", param_hint="--mutant")
    return known[name].hub, known[name].product


if __name__ == "__main__":
    main()
