"""`hub token`: a bearer token from the running hub, ready for `curl`."""

import json
from base64 import b64encode
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlencode
from urllib.request import ProxyHandler, Request, build_opener

import click

from app.cli import option
from app.cli.private_key import signed_assertion
from app.cli.running import running
from app.composition import now
from app.demo_clients import secrets_in
from app.interactions.identity.assertion import TYPE

SECONDS = 10


@click.command("token")
@click.argument("client")
@click.option("--scope", help="Scopes to ask for; all that the client is allowed when left out.")
@option.data
@click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the secret of a client which is not a demo client.",
)
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the private key of a client registered with a public one.",
)
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
    if key_file is not None:
        proof = _assertion(url, client, key_file)
        answer = _asked(url, client, proof, {}, scope)
    else:
        answer = _asked(
            url, client, {}, _basic(client, _secret(client, folder, secret_file)), scope
        )
    click.echo(answer["access_token"])


def _assertion(url: str, client: str, key_file: Path) -> dict[str, str]:
    try:
        text = signed_assertion(key_file.read_bytes(), client, f"{url}/oauth/token", now())
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from None
    return {"client_assertion_type": TYPE, "client_assertion": text}


def _basic(client: str, secret: str) -> dict[str, str]:
    # Both halves are form-encoded inside Basic (RFC 6749 section 2.3.1).
    pair = b64encode(f"{quote_plus(client)}:{quote_plus(secret)}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _secret(client: str, folder: Path, secret_file: Path | None) -> str:
    if secret_file is not None:
        return secret_file.read_text("utf-8").strip()
    try:
        return secrets_in(folder)[client]
    except KeyError:
        raise click.ClickException(
            f"{client} is not a demo client of this hub; give its secret with --secret-file."
        ) from None
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None


def _asked(
    url: str, client: str, proof: dict[str, str], headers: dict[str, str], scope: str | None
) -> dict[str, Any]:
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {}) | proof
    asking = Request(  # noqa: S310, the address comes from our own note, not from a stranger
        f"{url}/oauth/token", urlencode(form).encode(), headers
    )
    try:
        # No proxy: the hub listens on this machine.
        with build_opener(ProxyHandler({})).open(asking, timeout=SECONDS) as reply:
            answer: dict[str, Any] = json.load(reply)
    except HTTPError as refusal:
        raise click.ClickException(_explained(refusal, client)) from None
    except (URLError, OSError, ValueError):
        raise click.ClickException(f"No hub answers at {url}; start one with hub serve.") from None
    return answer


def _explained(refusal: HTTPError, client: str) -> str:
    with refusal:
        try:
            error = json.load(refusal)["error"]
        except (ValueError, KeyError, TypeError):
            error = None
    sentences = {
        "invalid_client": f"The hub does not accept {client}: wrong proof, unknown or disabled.",
        "invalid_scope": f"{client} is allowed none of these scopes, or one is ill-formed.",
        "temporarily_unavailable": "The hub's database does not answer; try again.",
    }
    if refusal.code == HTTPStatus.TOO_MANY_REQUESTS:
        return "Too many token requests; wait a minute."
    return sentences.get(error, f"The hub answered {refusal.code}.")
