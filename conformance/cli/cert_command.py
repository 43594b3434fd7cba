"""`cert`: what a certificate says, and whether it holds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import httpx

from conformance.certificate import Certificate, Unproven, agree, opened, stands, verified
from conformance.cli import words
from conformance.runner.config import NAME, read
from conformance.runner.outcome import Exit
from conformance.runner.problem import HubTrouble, Misconfigured

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SECONDS = 10
FIX = "--keys FILE of a JWK set, or the URL [origin]/certificates/keys of the hub."


@click.group("cert")
def command() -> None:
    """Show a certificate, or verify one."""


@command.command("show")
@click.argument("file", type=FILE)
def show(file: Path) -> None:
    """Print what the certificate in FILE says, without checking it."""
    try:
        _print(opened(_text(file)[0]))
    except Unproven as why:
        click.echo(str(why), err=True)
        raise SystemExit(int(Exit.FAILED)) from None
    click.echo("Not verified; cert verify does that.")


@command.command("verify")
@click.argument("file", type=FILE)
@click.option("--keys", help="File or URL of the hub's public keys; else asked of the hub.")
def verify(file: Path, keys: str | None) -> None:
    """Check the certificate in FILE: signature, time, state; offline with a file of keys.

    Ends with 0 when it holds, with 1 when it does not. Whether it was revoked since, the hub
    alone knows; it is asked when it is asked for its keys.
    """
    with words.ending():
        where = keys or f"{read(Path(NAME)).origin}/certificates/keys"
        known = _keys(where)
        try:
            text, around = _text(file)
            found = verified(text, known)
            agree(around, found.claims)
            stands(around)
            last = _asked(found, where)
        except Unproven as why:
            click.echo(f"Not valid: {why}", err=True)
            raise SystemExit(int(Exit.FAILED)) from None
        _print(found)
        click.echo(last)


def _text(file: Path) -> tuple[str, dict[str, Any]]:
    """Return the certificate in a file, and the report or entry of the hub's list around it."""
    text = file.read_text("utf-8", "replace").strip()
    try:
        found = json.loads(text)
        return str(found.get("certificate") or found["text"]), found
    except (ValueError, KeyError, TypeError, AttributeError):
        return text, {}


def _keys(where: str) -> Any:
    try:
        if _is_online(where):
            return httpx.get(where, timeout=SECONDS).raise_for_status().json()
        return json.loads(Path(where).read_text("utf-8"))
    except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL):
        raise Misconfigured("There are no keys.", FIX) from None


def _asked(found: Certificate, keys: str) -> str:
    """Return the last line: what is known of a certificate's state where its keys came from.

    Raises Unproven for one that ended, HubTrouble when its hub does not tell.
    """
    if not _is_online(keys):
        return "Valid; whether it was revoked since is not known offline."
    where = str(found.claims.get("status_url") or "")
    if _origin(where) != _origin(keys):
        return "Valid; its state was not asked, as it is of another hub."
    try:
        entry = httpx.get(where, timeout=SECONDS).raise_for_status().json()
        is_told = isinstance(entry, dict) and "state" in entry
    except (ValueError, httpx.HTTPError):
        is_told = False
    if not is_told:
        raise HubTrouble("The hub did not tell the state of the certificate.")
    stands(entry)
    return "Valid."


def _is_online(keys: str) -> bool:
    return keys.startswith(("http://", "https://"))


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port, None for what is no URL of HTTP."""
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    return (found.scheme, found.host, found.port) if found.host else None


def _print(found: Certificate) -> None:
    claims = found.claims
    product = claims.get("product") or {}
    lines = {
        "product": f"{product.get('name')} {product.get('version')}",
        "level": f"{claims.get('level')} ({claims.get('profile')})",
        "partner": claims.get("sub"),
        "hub": claims.get("iss"),
        "run": f"{claims.get('run')}, suite {claims.get('suite')}",
        "until": datetime.fromtimestamp(claims.get("exp") or 0, UTC).date().isoformat(),
        "not applicable": ", ".join(claims.get("na") or ()) or "none",
        "SHOULD missed": ", ".join(claims.get("should_failed") or ()) or "none",
    }
    for name, value in lines.items():
        click.echo(f"{name:15} {value}")
