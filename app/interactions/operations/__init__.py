"""The operations beyond FHIR's interactions; each is one module and one line of this table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.interactions import Hub
from app.model.access.client import Client
from app.model.codec import Resource
from app.model.operation import Signature
from app.model.receipt import Once
from app.model.version import Version


@dataclass(frozen=True)
class Call:
    """One call: `inputs` by name as the signature says, `base` the absolute address of the hub."""

    hub: Hub
    client: Client
    inputs: Mapping[str, Any]
    base: str
    id: str = ""
    once: Once | None = None


@dataclass(frozen=True)
class Answer:
    """What a call is answered: a resource or its text; `version` when it is one that is stored."""

    body: Resource | str
    status: int = 200
    version: Version | None = None
    is_replayed: bool = False


@dataclass(frozen=True)
class Operation:
    """A signature and what runs it."""

    signature: Signature
    run: Callable[[Call], Answer]
