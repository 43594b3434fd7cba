"""`wcf.yaml`: where the hub is, who the partner's system is there, how its product is driven."""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from conformance.runner.problem import Misconfigured

NAME = "wcf.yaml"
PROFILES = ("refers", "receives", "both")
KINDS = ("command", "http", "manual", "reference")
KNOWN = frozenset({"hub", "client", "secret", "key", "profile", "product", "schemas", "adapter"})
MOST_SETTLE = 60
INIT = "Write the file anew with `wioa-conformance init`, or correct it by hand."
WHERE = "Write secret: env:NAME or secret: file:PATH, never the secret itself."
FILE = "Correct file:PATH of secret or key; PATH counts from the folder of wcf.yaml."
MEMBER = "Correct what stands after # in file:PATH#MEMBER; the file is one JSON object."


@dataclass(frozen=True)
class Driving:
    """How steps reach the product: a kind of adapter, and what that kind needs."""

    kind: str
    command: tuple[str, ...] = ()
    url: str = ""
    port: int = 0
    settle: float = 0.0
    """Seconds that a product goes on sending after it said done."""


@dataclass(frozen=True)
class Config:
    """What `wcf.yaml` says; `hub` is the base, such as https://hub.example.gov/v1."""

    hub: str
    client: str
    profile: str
    driving: Driving
    folder: Path
    secret: str = ""
    key: str = ""
    product: Mapping[str, str] = field(default_factory=dict)
    schemas: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """The hub's address without a path; runs and certificates are below it."""
        found = urlsplit(self.hub)
        return f"{found.scheme}://{found.netloc}"

    def kept(self) -> Path:
        """Return the folder where runs and reports are kept, beside the configuration."""
        return self.folder / ".wcf"


def read(path: Path) -> Config:
    """Return the configuration in a file; raise Misconfigured with what to change."""
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except OSError:
        raise Misconfigured(f"There is no {path.name} here.", INIT) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Misconfigured(f"{path.name} is no YAML.", INIT) from None
    if not isinstance(found, dict):
        raise Misconfigured(f"{path.name} holds no settings.", INIT)
    return checked(found, path.parent.resolve())


def checked(found: Mapping[str, Any], folder: Path) -> Config:
    """Return the configuration in settings; raise Misconfigured for the first that is wrong."""
    unknown = sorted(str(each) for each in set(found) - KNOWN)
    if unknown:
        raise Misconfigured(f"wcf.yaml has unknown settings: {', '.join(unknown)}.", INIT)
    profile = found.get("profile", "both")
    if profile not in PROFILES:
        raise Misconfigured("The profile is unknown.", f"profile: one of {', '.join(PROFILES)}.")
    if not found.get("client"):
        raise Misconfigured("No client is named.", "client: the id that the hub knows you by.")
    if bool(found.get("secret")) == bool(found.get("key")):
        raise Misconfigured("The client proves itself by a secret or by a private key.", WHERE)
    return Config(
        hub=_hub(str(found.get("hub") or "")),
        client=str(found["client"]),
        profile=profile,
        driving=_driving(found.get("adapter")),
        folder=folder,
        secret=str(found.get("secret") or ""),
        key=str(found.get("key") or ""),
        product=_texts(found.get("product"), "product"),
        schemas=_texts(found.get("schemas"), "schemas"),
    )


def secret_in(reference: str, folder: Path) -> str:
    """Return the secret that `env:NAME`, `file:PATH` or `file:PATH#MEMBER` refers to.

    Raises Misconfigured when nothing is there, or when it is written out.
    """
    kind, _, where = reference.partition(":")
    if kind == "env":
        found = os.environ.get(where, "")
        if not found:
            fix = f"Set it: export {where}=…"
            raise Misconfigured(f"The variable {where} is not set.", fix)
        return found
    if kind != "file":
        raise Misconfigured("A secret must not stand in wcf.yaml.", WHERE)
    name, _, member = where.partition("#")
    try:
        text = (folder / Path(name).expanduser()).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise Misconfigured(f"The file {name} cannot be read.", FILE) from None
    try:
        return str(json.loads(text)[member]) if member else text
    except (ValueError, KeyError, TypeError):
        raise Misconfigured(f"The file {name} has no member {member}.", MEMBER) from None


def _hub(text: str) -> str:
    found = urlsplit(text)
    if found.scheme not in ("http", "https") or not found.netloc or found.username:
        fix = "hub: the base of the hub, such as https://hub.example.gov/v1."
        raise Misconfigured("The hub's address is no URL of HTTP.", fix)
    return f"{found.scheme}://{found.netloc}{found.path.rstrip('/') or '/v1'}"


def _driving(found: Any) -> Driving:
    if not isinstance(found, dict) or found.get("kind") not in KINDS:
        raise Misconfigured("No adapter is named.", f"adapter: kind: one of {', '.join(KINDS)}.")
    command = found.get("command") or ()
    parts = shlex.split(command) if isinstance(command, str) else [str(each) for each in command]
    if found["kind"] == "command" and not parts:
        raise Misconfigured("The adapter has no command.", "adapter: command: [node, adapter.mjs]")
    if found["kind"] == "http" and urlsplit(str(found.get("url"))).scheme not in ("http", "https"):
        raise Misconfigured("The adapter has no URL.", "adapter: url: http://127.0.0.1:7070/")
    port, settle = found.get("port") or 0, found.get("settle") or 0
    if not isinstance(port, int):
        raise Misconfigured("The adapter's port is no number.", "adapter: port: 7171")
    if not isinstance(settle, int | float) or not 0 <= settle <= MOST_SETTLE:
        raise Misconfigured("The adapter's settle is no number of seconds.", "adapter: settle: 2")
    return Driving(found["kind"], tuple(parts), str(found.get("url") or ""), port, settle)


def _texts(found: Any, name: str) -> dict[str, str]:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Misconfigured(f"{name} is a list of names and versions.", INIT)
    return {str(key): str(value) for key, value in found.items()}
