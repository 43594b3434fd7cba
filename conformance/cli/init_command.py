"""`init`: writes `wcf.yaml`, by questions or from options."""

import shlex
import sys
from pathlib import Path
from typing import Any

import click
import yaml

from conformance.cli import words
from conformance.runner.config import KINDS, PROFILES, checked

ASKED = {
    "hub": ("Base of the hub, such as https://hub.example.gov/v1", "http://127.0.0.1:8080/v1"),
    "client": ("Client id that the hub's operator gave you", None),
    "secret": ("Where its secret is: env:NAME or file:PATH", "env:WCF_SECRET"),
    "profile": (f"What your product does with referrals: {', '.join(PROFILES)}", "both"),
    "adapter": (f"How it is driven: {', '.join(KINDS)}", "reference"),
}
"""Setting → the question, and what most answer."""
MORE = {
    "command": ("The adapter's command", "node adapter.mjs"),
    "http": ("The adapter's URL", "http://127.0.0.1:7070/"),
    "manual": ("Your product's name and version, such as CaseTrack 7.3", None),
}


@click.command("init")
@words.config
@click.option("--hub", help="Base of the hub.")
@click.option("--client", help="Your client id there.")
@click.option("--secret", help="Where its secret is: env:NAME, file:PATH or file:PATH#MEMBER.")
@click.option("--key", help="Instead of a secret, where its private key is: file:PATH.")
@click.option("--profile", type=click.Choice(PROFILES))
@click.option("--adapter", type=click.Choice(KINDS), help="How the product is driven.")
@click.option("--with", "more", help="The adapter's command or URL; by hand, name and version.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(path: Path, more: str | None, force: bool, **given: str | None) -> None:
    """Write wcf.yaml; what no option says is asked, or left at its usual value."""
    if path.exists() and not force:
        raise click.UsageError(f"{path} is there already; --force writes over it.")
    found = {name: value for name, value in given.items() if value}
    for name, (question, usual) in ASKED.items():
        if name not in found and not (name == "secret" and "key" in found):
            found[name] = _asked(name, question, usual)
    kind = str(found.pop("adapter"))
    if kind in MORE and not more:
        more = _asked("with", *MORE[kind])
    settings: dict[str, Any] = {**found, **_driven(kind, more or "")}
    with words.ending():
        checked(settings, path.parent.resolve())
    path.write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")
    click.echo(f"{path} is written. Next: wioa-conformance doctor")


def _driven(kind: str, more: str) -> dict[str, Any]:
    if kind == "command":
        return {"adapter": {"kind": kind, "command": shlex.split(more)}}
    if kind == "http":
        return {"adapter": {"kind": kind, "url": more}}
    if kind == "manual":
        name, _, version = more.rpartition(" ")
        return {"product": {"name": name, "version": version}, "adapter": {"kind": kind}}
    return {"adapter": {"kind": kind}}


def _asked(name: str, question: str, usual: str | None) -> str:
    if not sys.stdin.isatty():
        if usual is None:
            raise click.UsageError(f"Nobody is here to be asked; give --{name}.")
        return usual
    return str(click.prompt(question, default=usual))
