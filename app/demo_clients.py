"""Clients for trying the hub out: one for each seeded partner, and two of state staff.

Their secrets are made at first start and kept in the data folder. That file is the truth: a
client whose secret differs from it is given the one in the file.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.interactions.identity.clients import (
    ClientStore,
    RegisteredClient,
    new_secret,
    registration,
    renew,
    secret_hash,
)
from app.keyring.keys import write_private
from app.model.registry import Registry

NAME = "demo-clients.json"
STAFF, REVIEWER = "state-staff", "state-reviewer"
"""Two, since nobody approves a schema of their own."""
STAFF_SCOPES = "system/*.cruds hub/audit hub/disability hub/ssn hub/staff hub/wages"
PARTNER_PURPOSE = "service-coordination"
MORE = {"mdes-mississippi-works": "hub/wages", "mdrs-vr": "hub/disability"}
"""What the agency of that id sees beside what every partner sees."""


@dataclass(frozen=True)
class DemoClient:
    """What a demo client may do, the partner it writes for, and its usual purpose of use."""

    scopes: str
    partner: str | None = None
    purpose: str | None = None


def demo_clients(registry: Registry, partners: Iterable[str]) -> dict[str, DemoClient]:
    """Return the demo clients by id: one for each partner id, and two of staff with every scope.

    Partners read everything, write all but the lookups, which are for staff, and read the audit
    trail of their own data.
    """
    written = sorted(kind.name for kind in registry.types.values() if not kind.is_lookup)
    scopes = ["system/*.rs", *(f"system/{name}.cruds" for name in written), "hub/audit"]
    found = {
        each: DemoClient(
            " ".join([*scopes, MORE.get(each, "")]).strip(), f"Partner/{each}", PARTNER_PURPOSE
        )
        for each in partners
    }
    return {**found, **dict.fromkeys((STAFF, REVIEWER), DemoClient(STAFF_SCOPES))}


def ensure(
    clients: ClientStore,
    pepper: bytes,
    folder: Path,
    wanted: Mapping[str, DemoClient],
    now: datetime,
) -> None:
    """Register those of `wanted` that are missing; may run at every start.

    A client that staff disabled stays disabled, and scopes that staff changed stay changed; one
    that was given a key keeps that and gets no secret back.
    """
    kept = _kept(folder, wanted)
    for client_id, demo in wanted.items():
        hashed = secret_hash(pepper, kept[client_id])
        client = clients.get(client_id)
        if client is None:
            new = registration(
                client_id, demo.scopes, demo.partner, hashed, now, purpose=demo.purpose
            )
            clients.put(new)
        elif _is_outdated(client, hashed):
            renew(clients, client, hashed)


def secrets_in(folder: Path) -> dict[str, str]:
    """Return the demo clients' secrets by client id; empty before the first start.

    Raises ValueError with a sentence when the file is damaged.
    """
    path = folder / NAME
    try:
        kept: dict[str, str] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise ValueError(f"{path} is damaged; remove it and restart the hub.") from None
    return kept


def _kept(folder: Path, wanted: Iterable[str]) -> dict[str, str]:
    kept = secrets_in(folder)
    missing = {client_id: new_secret() for client_id in wanted if client_id not in kept}
    if missing:
        kept |= missing
        write_private(folder / NAME, json.dumps(kept, indent=1, sort_keys=True), replace=True)
    return kept


def _is_outdated(client: RegisteredClient, hashed: bytes) -> bool:
    return client.is_active and client.secret_hash not in (None, hashed)
