"""Who is who, and what they agreed: the facts that access decisions rest on, at one moment.

Made from lookup rows: partners and their agencies, the laws that bind those, agreements in force.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from app.model.access.certification import Proved, Tried, standing
from app.model.access.regime import OPERATIONAL, VOCATIONAL
from app.model.codec import Resource

SOURCES = ("Agency", "Partner", "Program", "DataSharingAgreement")
"""The types whose rows make a policy."""
NOTHING = Proved()
"""What partners proved where nobody proves anything."""


class Party(NamedTuple):
    """A registered partner: its agency, the onboarding level it may write up to, its status.

    Up to the level `finishing` it may still finish what is open; `tried` are its newest runs.
    """

    agency: str
    level: int
    status: str
    finishing: int = 0
    tried: Sequence[Tried] = ()

    @property
    def is_admitted(self) -> bool:
        """Whether its systems may work with the hub at all."""
        return self.status in ("active", "onboarding")


class Agreement(NamedTuple):
    """A data-sharing agreement in force, as 20 CFR 603.10 and 34 CFR 361.38(e) ask for it."""

    name: str
    discloser: str
    recipient: str
    purposes: frozenset[str]
    labels: frozenset[str]

    def covers(self, purpose: str | None) -> bool:
        """Whether it lets rows be seen at all, for a purpose."""
        return purpose in self.purposes and OPERATIONAL in self.labels


@dataclass(frozen=True)
class Policy:
    """The parties by reference `Partner/id`, the regimes of agencies, the agreements in force."""

    today: date = date.min
    parties: Mapping[str, Party] = field(default_factory=dict)
    regimes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    programs: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    """Program → its agency and its regime."""
    agreements: tuple[Agreement, ...] = ()

    @cached_property
    def guards(self) -> Mapping[str, str]:
        """Each reference that makes a resource protected, with the agency that guards it."""
        bound = {name for name, regimes in self.regimes.items() if VOCATIONAL in regimes}
        found = {name: name for name in bound}
        found |= {name: each.agency for name, each in self.parties.items() if each.agency in bound}
        for name, (agency, regime) in self.programs.items():
            if regime == VOCATIONAL or agency in bound:
                found[name] = agency
        return found

    def agencies(self, ends: Iterable[str]) -> frozenset[str]:
        """Return the agencies that have a part in a resource with these ends."""
        return frozenset(
            self.parties[each].agency if each in self.parties else each
            for each in ends
            if each in self.parties or each.startswith("Agency/")
        )

    def guarding(self, ends: Iterable[str]) -> frozenset[str]:
        """Return the agencies whose protection covers a resource with these ends."""
        return frozenset(self.guards[each] for each in ends if each in self.guards)

    def names_of(self, *agencies: str) -> frozenset[str]:
        """Return the references by which agencies have a part in a resource."""
        own = (name for name, each in self.parties.items() if each.agency in agencies)
        return frozenset((*agencies, *own))


def policy_of(resources: Iterable[Resource], today: date, proved: Proved = NOTHING) -> Policy:
    """Return the policy that the rows of SOURCES, and what partners proved, make on a day."""
    parties: dict[str, Party] = {}
    regimes: dict[str, frozenset[str]] = {}
    programs: dict[str, tuple[str, str | None]] = {}
    agreements: list[Agreement] = []
    for each in resources:
        name = f"{each['resourceType']}/{each['id']}"
        match each["resourceType"]:
            case "Partner":
                parties[name] = _party(name, each, today, proved)
            case "Agency":
                regimes[name] = frozenset(each.get("confidentialityRegimes", ()))
                agreements += _rows(name, each, today)
            case "Program":
                programs[name] = each["agency"]["reference"], each.get("confidentialityRegime")
            case "DataSharingAgreement" if each["status"] == "active" and _is_on(each, today):
                agreements.append(_agreement(name, each))
    return Policy(today, parties, regimes, programs, tuple(agreements))


def _party(name: str, partner: Resource, today: date, proved: Proved) -> Party:
    stands = standing(partner["onboardingLevel"], proved.certifications.get(name, ()), today)
    return Party(
        partner["agency"]["reference"],
        stands.level,
        partner["status"],
        stands.finishing,
        proved.tried.get(name, ()),
    )


def _rows(discloser: str, agency: Resource, today: date) -> Iterator[Agreement]:
    for each in agency.get("dataSharingAgreements", ()):
        if _is_on(each, today):
            yield Agreement(
                each["agreementId"],
                discloser,
                each["counterparty"]["reference"],
                frozenset(each["purposes"]),
                frozenset(each["labels"]),
            )


def _agreement(name: str, resource: Resource) -> Agreement:
    return Agreement(
        name,
        resource["disclosingAgency"]["reference"],
        resource["recipientAgency"]["reference"],
        frozenset(resource["purposes"]),
        frozenset(resource["labels"]),
    )


def _is_on(agreement: Resource, today: date) -> bool:
    last = agreement.get("effectiveTo")
    day = today.isoformat()
    return bool(agreement["effectiveFrom"] <= day and (last is None or day <= last))
