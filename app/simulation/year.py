"""Plays a synthetic state year on a hub: the agencies' systems send bundles as real ones would.

Of fifty people at a time one system sends the profiles and the answers in one transaction, the
agencies they were referred to find them on their worklists, and each step of the life cycle is
one transaction of each agency.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from random import Random
from uuid import UUID

from app.model.version import instant
from app.simulation.course import Step, course
from app.simulation.people import Place, person, serial
from app.simulation.questions import CARDS, answers, has_diploma, has_job, unchecked
from app.simulation.system import Body, System, changed, new, reference, to
from app.simulation.year_plan import AGENCIES, Visit

BATCH = 50
SERVICES = {
    "mdes-mississippi-works": ("Service/job-search-placement", "Program/title3-wagner-peyser"),
    "mdhs-eligibility": ("Service/snap-benefit", "Program/snap"),
    "mdrs-vr": ("Service/vr-counseling-guidance", "Program/title4-vr"),
    "mccb-adult-education": ("Service/abe-instruction", "Program/title2-aefla"),
}
"""What each agency's system enrolls a person in whom it serves."""


class Lost(Exception):
    """A referral that was sent did not arrive where it should; the text says at whose system."""


@dataclass(frozen=True)
class Sent:
    """A referral on its way: its reference, its two systems, what will become of it."""

    referral: str
    participant: str
    source: str
    target: str
    steps: Sequence[Step]


def batches(visits: Sequence[Visit]) -> Iterator[Sequence[Visit]]:
    """Yield the visits of each system, `BATCH` at a time."""
    for _, found in groupby(visits, key=lambda visit: visit.source):
        own = list(found)
        yield from (own[start : start + BATCH] for start in range(0, len(own), BATCH))


class Year:
    """Plays batches of a year with the systems by client; several threads may do so at once."""

    def __init__(self, systems: Mapping[str, System], places: Sequence[Place], seed: int) -> None:
        self._systems = systems
        self._places = places
        self._seed = seed

    def play(self, visits: Sequence[Visit]) -> Counter[str]:
        """Take the people of one system through their year; return how many met which fate.

        The hub's last answer about each referral counts. Raises Refused when the hub refuses a
        write, and Lost.
        """
        people = self._welcomed(visits)
        sent = [each for at in self._targets(visits) for each in self._arrived(at, visits, people)]
        stands = {each.referral: "requested" for each in sent}
        for moves in zip_longest(*(each.steps for each in sent)):
            made = [(each, step) for each, step in zip(sent, moves, strict=True) if step]
            stands |= {reference(each): _fate(each) for each in self._moved(made)}
        return Counter(stands.values())

    def _dice(self, visit: Visit, purpose: str) -> Random:
        return Random(f"{purpose} {self._seed} {visit.number}")  # noqa: S311 - repeatable

    def _welcomed(self, visits: Sequence[Visit]) -> list[str]:
        """Send the profiles and the answers of new people; return the participants."""
        entries = [entry for visit in visits for entry in self._first_visit(visit)]
        made = self._systems[visits[0].source].transaction(entries)
        return [reference(each) for each in made if each["resourceType"] == "ParticipantProfile"]

    def _first_visit(self, visit: Visit) -> tuple[Body, Body]:
        dice = self._dice(visit, "person")
        place, name = dice.choice(self._places), _urn(visit.number)
        targets = [each.target for each in visit.referrals]
        declined = unchecked(visit.source, targets, dice)
        given = answers(visit.source, [*targets, *declined], dice)
        told = {"has_diploma": has_diploma(given), "works": has_job(given)}
        assessment = {
            "resourceType": "ParticipantServiceAssessment",
            "participant": {"reference": name},
            "questionnaireVersion": "1",
            "status": "completed",
            "mode": "staff-assisted",
            "completedAt": instant(visit.at),
            "partner": {"reference": f"Partner/{visit.source}"},
            "proposals": [{"proposal": CARDS[each], "decision": "declined"} for each in declined],
            **given,
        }
        profile = person(dice, serial(self._seed, visit.number), place, **told)
        return new(profile, name), new(assessment)

    def _targets(self, visits: Sequence[Visit]) -> list[str]:
        return sorted({each.target for visit in visits for each in visit.referrals})

    def _arrived(
        self, target: str, visits: Sequence[Visit], people: Sequence[str]
    ) -> Iterator[Sent]:
        """Yield the new referrals that a system finds on its worklist, with their courses."""
        ids = ",".join(each.partition("/")[2] for each in people)
        asked = f"Referral?participant={ids}&target-agency={AGENCIES[target]}&_count=200"
        found = self._systems[target].found(asked)
        by_participant = {each["participant"]["reference"]: reference(each) for each in found}
        for visit, participant in zip(visits, people, strict=True):
            for each in visit.referrals:
                if each.target == target:
                    if participant not in by_participant:
                        raise Lost(f"A referral never reached {target}.")
                    steps = course(each.fate, visit.at, self._dice(visit, target))
                    name = by_participant[participant]
                    yield Sent(name, participant, visit.source, target, steps)

    def _moved(self, moves: Sequence[tuple[Sent, Step]]) -> Iterator[Body]:
        """Make one step of each referral, one transaction for each system; yield the referrals."""
        entries: dict[str, list[Body]] = defaultdict(list)
        for sent, step in moves:
            actor = sent.source if step.by_source else sent.target
            entries[actor] += _entries(sent, step, _urn(len(entries[actor])))
        for actor, own in entries.items():
            left = self._systems[actor].transaction(own)
            yield from (each for each in left if each["resourceType"] == "Referral")


def _fate(referral: Body) -> str:
    """Return the outcome of a referral, or the status in which it stays."""
    return str(referral.get("outcome", referral["status"]))


def _entries(sent: Sent, step: Step, name: str) -> list[Body]:
    if not step.enrolls:
        return [changed(sent.referral, step.change)]
    result = {"resultEnrollment": {"reference": name}}
    return [new(_enrollment(sent, step), name), changed(sent.referral, step.change | result)]


def _enrollment(sent: Sent, step: Step) -> Body:
    service, program = SERVICES[sent.target]
    return {
        "resourceType": "ParticipantServiceEnrollment",
        "participant": to(sent.participant),
        "service": to(service),
        "program": to(program),
        "partner": to(f"Partner/{sent.target}"),
        "status": "enrolled",
        "enrollmentDate": step.at.date().isoformat(),
        "referral": to(sent.referral),
    }


def _urn(number: int) -> str:
    return f"urn:uuid:{UUID(int=number)}"
