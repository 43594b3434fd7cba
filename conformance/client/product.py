"""CaseTrack: what its staff do, step by step, on its own records and on the hub's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from conformance.client.errors import NeedsPerson, Refused, Unanswered
from conformance.client.hub import Hub
from conformance.client.memory import Memory

NAME, VERSION = "CaseTrack", "7.3"
Status = Literal["done", "pending", "unsupported", "error"]


@dataclass(frozen=True)
class Outcome:
    """How a step ended, in the words of the adapter protocol."""

    status: Status
    detail: str = ""


class CaseTrack:
    """The product: a hub to talk to and its own records."""

    def __init__(self, hub: Hub, memory: Memory | None = None) -> None:
        self.hub = hub
        self.memory: dict[str, Any] = Memory() if memory is None else memory

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Do one business step; what staff must decide is left for them, and said."""
        act = STEPS.get(name)
        if act is None:
            return Outcome("unsupported", f"{NAME} does not do {name}.")
        try:
            detail = act(self, data)
        except NeedsPerson as question:
            return Outcome("done", f"Left for a person: {question}")
        except Refused as refusal:
            return Outcome("error", f"The hub refused: {refusal}")
        except Unanswered as silence:
            return Outcome("error", str(silence))
        finally:
            self.remember()
        return Outcome("done", detail)

    def remember(self) -> None:
        """Keep the records, also before a request whose answer may be lost with this process."""
        if isinstance(self.memory, Memory):
            self.memory.keep()

    def reset(self) -> None:
        """Forget everything."""
        self.memory.clear()


Act = Callable[[CaseTrack, dict[str, Any]], str]
STEPS: dict[str, Act] = {}
"""Name of a step → what does it."""


@dataclass(frozen=True)
class step:  # noqa: N801 - reads as a decorator
    """Marks a function as what the product does in a business step."""

    name: str

    def __call__(self, act: Act) -> Act:
        """Keep the function; raise ValueError for a step that has one."""
        if self.name in STEPS:
            raise ValueError(f"{self.name} is done twice.")
        STEPS[self.name] = act
        return act
