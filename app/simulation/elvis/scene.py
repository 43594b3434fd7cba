"""What the acts of the story share: the systems, the day on which it began, and the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.model.version import instant
from app.simulation.story import Event, Story
from app.simulation.system import Body, System, to

STAFF, WORKFORCE, BENEFITS = "state-staff", "mdes-mississippi-works", "mdhs-eligibility"
EDUCATION, COLLEGE = "mccb-adult-education", "cc-hinds"
CAST = {
    STAFF: "State staff",
    WORKFORCE: "WIN Job Center (MDES)",
    BENEFITS: "Human Services (MDHS)",
    EDUCATION: "Adult Education (MCCB)",
    COLLEGE: "Hinds Community College",
}
"""Demo client → who speaks."""
AGENCIES = {WORKFORCE: "Agency/mdes", BENEFITS: "Agency/mdhs", EDUCATION: "Agency/mccb"}
LASTS = 730
"""How many days before today the story begins."""
MORNING = time(15, tzinfo=UTC)
"""Nine o'clock in Mississippi, in winter."""
SATURDAY = 5
TRUCK_DRIVER, DIESEL_MECHANIC = "53-3032", "49-3031"


@dataclass
class Scene:
    """Where the story stands.

    `told` is what Elvis says of himself; `person` and `plan` are resources as last read.
    """

    systems: Mapping[str, System]
    story: Story
    today: date
    dice: Random
    told: Body = field(default_factory=dict)
    person: Body = field(default_factory=dict)
    plan: Body = field(default_factory=dict)

    @property
    def who(self) -> Body:
        """The reference element to the person."""
        return to(self.person)

    def day(self, number: int) -> str:
        """Return the date of that day of the story, the Monday after for a weekend."""
        return self._date(number).isoformat()

    def at(self, number: int) -> str:
        """Return an instant in the morning of that day of the story, later for a later day."""
        early = timedelta(hours=_wait(self._begun(number)) / 2)
        return instant(datetime.combine(self._date(number), MORNING) - early)

    def tell(self, number: int, client: str, text: str, *versions: Body) -> None:
        """Tell what a client's system did on that day, with links to what it left."""
        system = self.systems[client]
        links = tuple(system.link(each) for each in versions)
        self.story.event(Event(self.day(number), CAST[client], text, links))

    def refresh(self) -> None:
        """Read the person and the plan anew, since others may have changed them."""
        system = self.systems[WORKFORCE]
        self.person = system.read(f"ParticipantProfile/{self.person['id']}")
        if self.plan:
            self.plan = system.read(f"ParticipantSuccessPlan/{self.plan['id']}")

    def change(self, number: int, **changes: object) -> str:
        """Change elements of the profile by the workforce system and return that day."""
        self.refresh()
        self.person = self.systems[WORKFORCE].patch(self.person, changes)
        return self.day(number)

    def _date(self, number: int) -> date:
        found = self._begun(number)
        return min(self.today, found + timedelta(_wait(found)))

    def _begun(self, number: int) -> date:
        return self.today - timedelta(LASTS - number)


def _wait(day: date) -> int:
    """Return how many days a day of the weekend is before Monday, 0 for other days."""
    return 7 - day.weekday() if day.weekday() >= SATURDAY else 0
