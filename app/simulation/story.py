"""What happened, act by act: told as it happens, and kept for machines."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


class Derailed(Exception):
    """The story cannot go on, since the hub holds something else than it tells."""


@dataclass(frozen=True)
class Event:
    """One thing that happened: the day in the story, whose system did it, links to versions."""

    day: str
    who: str
    text: str
    links: tuple[str, ...] = ()


@dataclass
class Act:
    """Events under a heading."""

    title: str
    events: list[Event] = field(default_factory=list)


class Story:
    """Tells acts and events to `tell`, line by line, in the order in which they happen."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self.acts: list[Act] = []
        self._tell = tell

    def act(self, title: str) -> None:
        """Begin an act."""
        self.acts.append(Act(title))
        self._tell(f"\n{title}\n{'-' * len(title)}")

    def event(self, event: Event) -> None:
        """Tell what happened in this act."""
        self.acts[-1].events.append(event)
        self._tell(f"{event.day}  {event.who}: {event.text}")
        for each in event.links:
            self._tell(f"            {each}")

    def told(self) -> list[dict[str, Any]]:
        """Return all acts as JSON."""
        return [asdict(each) for each in self.acts]
