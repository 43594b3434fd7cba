"""How a command proves who it is, and gets a bearer token from the hub."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import click
import httpx

from app.cli.private_key import signed_assertion
from app.composition import now
from app.demo_clients import secrets_in
from app.interactions.identity.assertion import TYPE

SECONDS = 10
SENTENCES = {
    "invalid_client": "The hub does not accept {client}: wrong proof, unknown or disabled.",
    "invalid_scope": "{client} is allowed none of these scopes, or one is ill-formed.",
    "temporarily_unavailable": "The hub's database does not answer; try again.",
}
"""OAuth error → what it means here."""


@dataclass(frozen=True)
class Credentials:
    """Who a command speaks as: a demo client of the data folder, or one whose file is given."""

    client: str
    folder: Path
    secret_file: Path | None = None
    key_file: Path | None = None


def connection(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return a client without a proxy: the hub listens on this machine, or is named by hand."""
    return httpx.Client(timeout=SECONDS, trust_env=False, transport=transport)


def access_token(http: httpx.Client, url: str, who: Credentials, scope: str | None = None) -> str:
    """Return a token of the hub whose base is `url`; raise ClickException when there is none."""
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    how: dict[str, Any] = {}
    if who.key_file is not None:
        form |= _assertion(url, who.client, who.key_file)
    else:
        # Both halves are form-encoded inside Basic (RFC 6749 section 2.3.1).
        how["auth"] = (quote_plus(who.client), quote_plus(_secret(who)))
    try:
        reply = http.post(f"{url}/oauth/token", data=form, **how)
        answer = _body(reply)
        return str(answer["access_token"])
    except (httpx.TransportError, httpx.InvalidURL):
        raise click.ClickException(f"No hub answers at {url}; start one with hub serve.") from None
    except KeyError:
        raise click.ClickException(_explained(reply, answer, who.client)) from None


def _assertion(url: str, client: str, key_file: Path) -> dict[str, str]:
    try:
        text = signed_assertion(key_file.read_bytes(), client, f"{url}/oauth/token", now())
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from None
    return {"client_assertion_type": TYPE, "client_assertion": text}


def _secret(who: Credentials) -> str:
    if who.secret_file is not None:
        return who.secret_file.read_text("utf-8").strip()
    try:
        return secrets_in(who.folder)[who.client]
    except KeyError:
        raise click.ClickException(
            f"{who.client} is not a demo client of this hub; give its secret with --secret-file."
        ) from None
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None


def _body(reply: httpx.Response) -> dict[str, Any]:
    try:
        found = reply.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _explained(reply: httpx.Response, answer: dict[str, Any], client: str) -> str:
    if reply.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return "Too many token requests; wait a minute."
    sentence = SENTENCES.get(str(answer.get("error")))
    return sentence.format(client=client) if sentence else f"The hub answered {reply.status_code}."
