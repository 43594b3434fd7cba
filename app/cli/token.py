"""`hub token`: a bearer token from the running hub, ready for `curl`."""

from pathlib import Path

import click

from app.cli import option
from app.cli.access_token import Credentials, access_token, connection
from app.cli.running import running


@click.command("token")
@click.argument("client")
@click.option("--scope", help="Scopes to ask for; all that the client is allowed when left out.")
@option.data
@option.secret_file
@option.key_file
def token(
    client: str,
    scope: str | None,
    data: Path | None,
    secret_file: Path | None,
    key_file: Path | None,
) -> None:
    """Print an access token for CLIENT, asked of the hub that runs on the data folder."""
    folder = option.settings(data=data).data
    url = running(folder).url
    who = Credentials(client, folder, secret_file, key_file)
    with connection() as http:
        click.echo(access_token(http, url, who, scope))
