"""`cert`: what a certificate says, and whether it holds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import httpx

from conformance.certificate import Certificate, Unproven, opened, verified
from conformance.cli import words
from conformance.runner.config import NAME, read
from conformance.runner.outcome import Exit
from conformance.runner.problem import Misconfigured

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FIX = "--keys FILE of a JWK set, or the URL [origin]/certificates/keys of the hub."


@click.group("cert")
def command() -> None:
    """Show a certificate, or verify one."""


@command.command("show")
@click.argument("file", type=FILE)
def show(file: Path) -> None:
    """Print what the certificate in FILE says, without checking it."""
    try:
        _print(opened(_text(file)))
    except Unproven as why:
        click.echo(str(why), err=True)
        raise SystemExit(int(Exit.FAILED)) from None
    click.echo("Not verified; cert verify does that.")


@command.command("verify")
@click.argument("file", type=FILE)
@click.option("--keys", help="File or URL of the hub's public keys; else asked of the hub.")
def verify(file: Path, keys: str | None) -> None:
    """Check the signature and the time of the certificate in FILE; offline with a file of keys.

    Ends with 0 when it holds, with 1 when it does not.
    """
    with words.ending():
        known = _keys(keys or f"{read(Path(NAME)).origin}/certificates/keys")
    try:
        found = verified(_text(file), known)
    except Unproven as why:
        click.echo(f"Not valid: {why}", err=True)
        raise SystemExit(int(Exit.FAILED)) from None
    _print(found)
    click.echo("Valid.")


def _text(file: Path) -> str:
    """Return the certificate in a file: alone, in a report, or in an entry of the hub's list."""
    text = file.read_text("utf-8", "replace").strip()
    try:
        found = json.loads(text)
        return str(found.get("certificate") or found["text"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return text


def _keys(where: str) -> Any:
    try:
        if where.startswith(("http://", "https://")):
            return httpx.get(where, timeout=10).raise_for_status().json()
        return json.loads(Path(where).read_text("utf-8"))
    except (OSError, ValueError, httpx.HTTPError):
        raise Misconfigured("There are no keys.", FIX) from None


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
