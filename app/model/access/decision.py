"""What an access decision lets a client see of each row.

By ownership, data-sharing agreements and consent of the participant: 20 CFR 603, 34 CFR 99,
34 CFR 361.38, 7 CFR 272.1(c), 29 CFR 38.41.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.model.access.client import Client
from app.model.access.consent import Grant, is_granted
from app.model.access.policy import Agreement, Policy
from app.model.access.regime import (
    BENEFIT,
    BENEFITS,
    EDUCATION,
    LABELS,
    NEVER_TOLD,
    OPERATIONAL,
    REFERRAL,
    RIGHTS,
    SCHOOLING,
    SECRETS,
    UNDER_CONSENT,
    VOCATIONAL,
)
from app.model.access.sight import NOTHING, Sight
from app.model.clause import Reached
from app.model.errors import Forbidden
from app.model.parameter import Parameter
from app.model.resource_type import ResourceType
from app.model.version import Marks

UNSEEN = "An element that this searches or sorts by may not be seen by you."
LISTS = frozenset({
    "search-type", "search-system", "include", "history-instance", "history-type",
    "history-system", "changes",
})  # fmt: skip
"""Interactions that answer many rows: what 29 CFR 38.41 and 20 CFR 603 protect stays off them."""


@dataclass(frozen=True)
class Decision:
    """What one client may do with one type in one interaction, for one purpose.

    `agency` is the client's, None for staff and for whoever sees lookups only.
    """

    client: Client
    interaction: str
    kind: ResourceType
    policy: Policy
    purpose: str | None
    agency: str | None

    @property
    def is_open(self) -> bool:
        """Whether every row may be seen."""
        return self.agency is None

    @cached_property
    def agreements(self) -> Mapping[str, tuple[Agreement, ...]]:
        """The agreements in force that let this client see rows of each agency, for its purpose."""
        found: dict[str, tuple[Agreement, ...]] = {}
        for each in self.policy.agreements:
            if each.recipient == self.agency and each.covers(self.purpose):
                found[each.discloser] = (*found.get(each.discloser, ()), each)
        return found

    def granted(self, agencies: Iterable[str]) -> frozenset[str]:
        """Return the labels that agreements with any of these agencies cover."""
        those = (each for name in agencies for each in self.agreements.get(name, ()))
        return frozenset(label for each in those for label in each.labels)

    @cached_property
    def common(self) -> frozenset[str]:
        """The labels that any agreement covers: what counts for shared resources."""
        return self.granted(self.agreements)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The references by which the client's agency has a part in a resource."""
        return self.policy.names_of(self.agency) if self.agency else NOTHING

    @cached_property
    def bound(self) -> frozenset[str]:
        """The regimes that bind the client's own agency."""
        return self.policy.regimes.get(self.agency or "", NOTHING)

    @cached_property
    def withheld(self) -> frozenset[str]:
        """The labels that take a right of their own which this client or interaction lacks."""
        is_list = self.interaction in LISTS and not self.client.is_staff
        return frozenset(
            label for label, scope in RIGHTS.items() if is_list or scope not in self.client.scopes
        )

    @cached_property
    def everything(self) -> Sight:
        """What is seen of a row without restriction of ownership, agreement or consent."""
        if self.kind.is_lookup:
            return Sight(is_masked=False, basis=("lookup",))
        hidden = self.withheld & self.kind.labels
        return Sight(hidden, is_masked=self._is_masked, basis=("staff",))

    @cached_property
    def fresh(self) -> Sight:
        """What a client may say of a new row: anything but what its unique keys would tell it."""
        return Sight(barred=self.barred)

    @property
    def _is_masked(self) -> bool:
        return bool(self.kind.secrets) and SECRETS not in self.client.scopes

    def asks_consent(self, marks: Marks) -> bool:
        """Whether consents of the participant make a difference to what is seen of a row."""
        if self.is_open or marks.participant is None:
            return False
        agencies = self.policy.agencies(marks.ends)
        if self._protecting(marks):
            return True
        if self.agency in agencies:
            return False
        labels = self._agreed(agencies) & self.kind.labels
        return bool(labels & self._by_consent(agencies).keys() or self._has_items)

    @property
    def _has_items(self) -> bool:
        """Whether items of a resource may name what vocational rehabilitation protects."""
        return bool(self.policy.guards) and self.kind.names_parties

    def sight(self, marks: Marks, consents: Collection[Grant], *, carried: bool) -> Sight | None:
        """Return what is seen of a row, None when it is not seen at all.

        `carried` says that the resource itself holds the participant's consent.
        """
        if self.is_open:
            return self.everything
        agencies = self.policy.agencies(marks.ends)
        guards = self._protecting(marks)
        basis = [each.basis for each in consents]
        has_consent = all(is_granted(consents, VOCATIONAL, each) for each in guards)
        if self.agency in agencies:
            has_consent = has_consent or carried
            return self._own(guards, has_consent=has_consent, basis=basis)
        if guards and not has_consent:
            return None
        labels = self._agreed(guards or agencies)
        if OPERATIONAL not in labels:
            return None
        for label, regimes in self._by_consent(agencies).items():
            if not any(self._counts(each, regimes, agencies) for each in consents):
                labels -= {label}
        return Sight(
            self._hidden(labels),
            barred=self._barred(consents),
            is_masked=self._is_masked,
            basis=(*self._grounds(guards or agencies), *basis),
        )

    @cached_property
    def barred(self) -> frozenset[str]:
        """The references that are kept from the client where no consent says otherwise."""
        return NOTHING if self.is_open else self._barred(())

    def reach(self, labels: frozenset[str], *, certain: bool = False) -> frozenset[str]:
        """Return the agencies whose rows may show elements of all these labels to the client.

        With `certain`, only those for which no consent has a say in it.
        """
        return frozenset(
            each
            for each in self.agreements
            if labels | {OPERATIONAL} <= self._agreed((each,)) - self.withheld
            and not (certain and labels & self._by_consent((each,)).keys())
        )

    def reached(self, parameters: Collection[Parameter], *, certain: bool = False) -> Reached:
        """Return the condition on rows that these search parameters may be answered from.

        Raises Forbidden when the client may not see their elements at all. With `certain`, only
        rows whose sight no consent has a say in.
        """
        labels = NOTHING.union(*map(self.kind.labels_of, parameters))
        agencies = self.reach(labels, certain=certain)
        if labels & self.withheld or (self.kind.is_shared and not agencies):
            raise Forbidden(UNSEEN)
        guards = frozenset(self.policy.guards.values()) - {self.agency}
        names = {name for name, agency in self.policy.guards.items() if agency in agencies & guards}
        return Reached(
            tuple(sorted(self.own_names)),
            tuple(sorted(self.policy.names_of(*agencies - guards))),
            tuple(sorted(name for name, agency in self.policy.guards.items() if agency in guards)),
            () if certain else tuple(sorted(names)),
            strict=certain,
        )

    def _agreed(self, agencies: Iterable[str]) -> frozenset[str]:
        return self.common if self.kind.is_shared else self.granted(agencies)

    def _own(self, guards: frozenset[str], *, has_consent: bool, basis: list[str]) -> Sight:
        unseen = NOTHING
        if guards and self.kind.name == REFERRAL:
            unseen = NEVER_TOLD if has_consent else NEVER_TOLD | UNDER_CONSENT
        return Sight(
            self.withheld & self.kind.labels,
            unseen,
            is_masked=self._is_masked,
            basis=("own", *(basis if guards else ())),
        )

    def _counts(self, grant: Grant, regimes: frozenset[str], agencies: frozenset[str]) -> bool:
        """Whether a consent releases what a row of these agencies holds under these regimes."""
        return grant.regime in regimes and (self.kind.is_shared or grant.discloser in agencies)

    def _hidden(self, labels: frozenset[str]) -> frozenset[str]:
        return ((LABELS - labels) | self.withheld) & self.kind.labels

    def _protecting(self, marks: Marks) -> frozenset[str]:
        guards = self.policy.guarding(marks.ends)
        return NOTHING if self.agency in guards else guards

    def _by_consent(self, agencies: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the labels that a row of these agencies shows by consent, with their regimes."""
        found: dict[str, frozenset[str]] = {}
        if not self.bound & BENEFITS:
            found[BENEFIT] = BENEFITS
        if any(EDUCATION in self.policy.regimes.get(each, NOTHING) for each in agencies):
            found[SCHOOLING] = frozenset({EDUCATION})
        return found

    def _barred(self, consents: Collection[Grant]) -> frozenset[str]:
        """Return the references that no item of a row may show to this client."""
        if not self._has_items:
            return NOTHING
        return frozenset(
            name
            for name, agency in self.policy.guards.items()
            if agency != self.agency and not is_granted(consents, VOCATIONAL, agency)
        )

    def _grounds(self, agencies: Iterable[str]) -> tuple[str, ...]:
        named = self.agreements if self.kind.is_shared else agencies
        those = (each.name for name in named for each in self.agreements.get(name, ()))
        return tuple(sorted(f"agreement:{each}" for each in set(those)))
