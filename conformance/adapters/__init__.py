"""The adapter protocol WCP/1: how a business step reaches a product, in four transports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

PROTOCOL = 1
PROFILES = ("refers", "receives", "both")
STATUSES = ("done", "pending", "unsupported", "error")
Status = Literal["done", "pending", "unsupported", "error"]
VARIABLE = "WCF_CREDENTIAL"
"""The variable in which a command finds its credential of the sandbox, as `id:secret`."""


class AdapterProblem(Exception):
    """The adapter cannot be used as it is; the text says why."""


@dataclass(frozen=True)
class Sandbox:
    """Where the product works in a run, and as whom."""

    base: str
    client_id: str
    client_secret: str

    @property
    def credential(self) -> str:
        """Client id and secret in one word."""
        return f"{self.client_id}:{self.client_secret}"

    def told(self, credential_ref: str) -> dict[str, Any]:
        """Return the message that points a product at it (practice only)."""
        return {
            "cmd": "configure",
            "base_url": self.base,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "credential_ref": credential_ref,
        }


@dataclass(frozen=True)
class Hello:
    """What an adapter says of itself: the product, its profile, the steps that it knows."""

    product: Mapping[str, str]
    profile: str
    steps: tuple[str, ...]

    @classmethod
    def of(cls, told: Any) -> "Hello":
        """Return the greeting in a message; raise AdapterProblem for anything else."""
        found = told if isinstance(told, dict) else {}
        if found.get("protocol") != PROTOCOL:
            raise AdapterProblem(f'The adapter does not answer hello with "protocol": {PROTOCOL}.')
        product, steps = found.get("product"), found.get("steps", [])
        if not isinstance(product, dict) or not all(product.get(k) for k in ("name", "version")):
            raise AdapterProblem("The adapter's hello names no product with name and version.")
        if not isinstance(steps, list):
            raise AdapterProblem("The adapter's hello has no list of steps.")
        profile = found.get("profile", "both")
        if profile not in PROFILES:
            raise AdapterProblem("The adapter's hello has an unknown profile.")
        named = {key: str(product[key]) for key in ("name", "version")}
        return cls(named, profile, tuple(map(str, steps)))


@dataclass(frozen=True)
class Answer:
    """How a step ended, in the adapter's words; the hub believes only what it saw."""

    status: Status
    detail: str = ""

    @classmethod
    def of(cls, told: Any) -> "Answer":
        """Return the answer in a message; one that breaks the protocol is an error."""
        found = told if isinstance(told, dict) else {}
        status = found.get("status")
        if status not in STATUSES:
            return cls("error", f"The adapter's answer has no status of {', '.join(STATUSES)}.")
        return cls(status, str(found.get("detail") or ""))

    def told(self) -> dict[str, str]:
        """Return what the hub is told."""
        return {"status": self.status, "detail": self.detail[:2000]}


class Adapter(Protocol):
    """One way to reach a product."""

    def hello(self) -> Hello:
        """Greet; raise AdapterProblem when nothing answers, or not in this protocol."""

    def configure(self, sandbox: Sandbox) -> None:
        """Point the product at its sandbox (practice only)."""

    def step(self, step: Mapping[str, Any]) -> Answer:
        """Have the product do a step of the hub; every trouble is an answer."""

    def close(self) -> None:
        """Say goodbye and leave nothing running."""

    @property
    def notes(self) -> str:
        """What the adapter wrote for people, the last of it."""


def message(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message that asks for a step; its id is the step's number in the journey.

    `again` says that it was asked for before, and that nobody heard how it ended.
    """
    again = {"again": True} if step.get("again") else {}
    return {
        "cmd": "step",
        "id": step["number"],
        "step": step["name"],
        "key": step["key"],
        "act": step["act"],
        "text": step["text"],
        "data": step["data"],
        "deadline_ms": step["deadline_ms"],
        **again,
    }
