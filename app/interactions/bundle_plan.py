"""What a transaction would append: every entry planned on what is stored, nothing written.

All faults of all entries are gathered. https://hl7.org/fhir/R4/http.html#transaction
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, cast

from app.interactions.bundle_links import Links
from app.interactions.bundle_names import Named, Names
from app.interactions.bundle_read import refuse_unanswerable
from app.interactions.effects import Effects
from app.interactions.facts import LiveFacts
from app.interactions.plan import Plan
from app.interactions.records import Records
from app.interactions.writer import Writer
from app.model.bundle_patch import change_of, patch_of
from app.model.bundle_request import Entry
from app.model.codec import Resource
from app.model.conflicts import Duplicate, ReferenceMissing, VersionConflict
from app.model.errors import Malformed
from app.model.patch import Change
from app.model.refusals import Refusals
from app.model.version import Key

INTERACTIONS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


class Draft:
    """One planning of a transaction; when something came in between, a new one is made."""

    def __init__(self, records: Records, entries: Sequence[Entry]) -> None:
        self._records = records
        self._hub = records.hub
        self._entries = entries
        self._refusals = Refusals()
        self._named: dict[int, Named] = {}
        self._plans: dict[int, Plan] = {}

    def plans(self) -> tuple[dict[int, Plan], list[Plan]]:
        """Return the plan of each writing entry by its index, and what follows from them all.

        There is none for what is gone already.

        Raises the refusal of the first entry that is refused, with the issues of all.
        """
        self._authorize()
        names = Names(self._records)
        for entry in self._entries:
            self._name(names, entry)
        self._refuse_twice()
        links = Links(self._full_urls(), names)
        bodies = self._bodies(links)
        facts = LiveFacts(self._records, self._coming(bodies))
        self._planned(bodies, self._writer(links, facts))
        plans = Effects(self._records, facts, self._plans.values()).spread()
        _refuse_equals(plans.values())
        for index, plan in self._plans.items():
            self._plans[index] = plans.pop(plan.version.key, plan)
        return self._plans | self._repeated(), list(plans.values())

    def _coming(self, bodies: dict[int, Any]) -> dict[Key, Resource]:
        """Return the whole resources that entries bring, as far as their schema finds no fault."""
        types = self._hub.registry.types
        found: dict[Key, Resource] = {}
        for index, body in bodies.items():
            named = self._named.get(index)
            key = named.key if named and not named.is_settled else None
            if key and isinstance(body, dict) and not types[key.type].given_faults(body):
                found[key] = {**body, "id": key.id}
        return found

    def _authorize(self) -> None:
        for entry in self._entries:
            self._refusals.attempt(entry.index, self._allow, entry)
        self._refusals.refuse()

    def _allow(self, entry: Entry) -> None:
        if entry.is_reading:
            refuse_unanswerable(self._records, entry)
        else:
            self._records.decide(INTERACTIONS[entry.method], entry.type)

    def _name(self, names: Names, entry: Entry) -> None:
        if entry.is_reading:
            return
        found = self._refusals.attempt(entry.index, names.of, entry)
        if found is not None:
            self._named[entry.index] = found

    def _refuse_twice(self) -> None:
        written = self._written()
        times = Counter(written.values())
        for index, key in written.items():
            if times[key] > 1:
                text = "A transaction writes a resource once at most."
                self._refusals.add(index, Malformed(text, "url"))

    def _written(self) -> dict[int, Key]:
        """Return what each writing entry writes, by its index."""
        return {
            index: named.key
            for index, named in self._named.items()
            if named.key and not (self._entries[index].method == "POST" and named.is_settled)
        }

    def _bodies(self, links: Links) -> dict[int, Any]:
        """Return the resource or the change that each writing entry brings, references resolved."""
        return {
            entry.index: self._refusals.attempt(entry.index, self._body, links, entry)
            for entry in self._entries
            if entry.resource is not None
        }

    def _full_urls(self) -> dict[str, Key]:
        """Return what each fullUrl stands for; that of a refused entry is not missing as well."""
        unknown = {each.index: Key(each.type, "") for each in self._entries if not each.is_reading}
        keys = unknown | {index: named.key for index, named in self._named.items() if named.key}
        return {
            each.full_url: keys[each.index]
            for each in self._entries
            if each.full_url and each.index in keys
        }

    def _body(self, links: Links, entry: Entry) -> Resource | Change:
        if entry.method == "PATCH":
            media, value = patch_of(entry.body)
            body, errors = links.led(value)
        else:
            body, errors = links.led(entry.body)
        if not errors:
            return change_of(media, body) if entry.method == "PATCH" else dict(body)
        found = [issue for error in errors for issue in error.issues]
        if entry.method != "PATCH" and entry.type in self._hub.registry.types:
            at = {issue.pointer for issue in found}
            faults = self._hub.registry.type(entry.type).check(body)
            found += [fault for fault in faults if fault.pointer not in at]
        errors[0].issues = tuple(found)
        raise errors[0]

    def _planned(self, bodies: dict[int, Any], writer: Writer) -> None:
        for index, named in self._named.items():
            if index in self._refusals or named.key is None or named.is_repeated:
                continue
            entry = self._entries[index]
            plan = self._refusals.attempt(
                index, self._plan, writer, entry, named, bodies.get(index)
            )
            if plan is not None:
                self._plans[index] = plan
        self._refuse_dangling()
        self._refusals.refuse()

    def _plan(self, writer: Writer, entry: Entry, named: Named, body: Any) -> Plan:
        key = cast("Key", named.key)
        if entry.method == "DELETE":
            return writer.delete(key, entry.if_match)
        if entry.method == "PATCH":
            return writer.patch(key, body, entry.if_match)
        if entry.method == "PUT" and named.absent is None:
            return writer.update(key, body, entry.if_match)
        if named.found is not None:
            return Plan("existing", named.found)
        if entry.if_match is not None:
            raise VersionConflict("Nothing matches the criteria, so no version matches.")
        self._records.decide("create", entry.type)
        return writer.create(key, body, (named.absent,) if named.absent else ())

    def _writer(self, links: Links, facts: LiveFacts) -> Writer:
        """Return a writer that knows what all entries need, read at once."""
        store, types = self._hub.store, self._hub.registry.types
        written = {
            index: key
            for index, key in self._written().items()
            if self._entries[index].method != "DELETE"
        }
        found = {each.found.key: each.found for each in self._named.values() if each.found}
        asked = {
            named.key
            for index, named in self._named.items()
            if named.key and self._entries[index].id and named.key.type in types
        }
        current = found | {each.key: each for each in store.read_many(asked)}
        among = {*written.values(), *links.full_urls.values()}
        settled = {named.key for named in self._named.values() if named.found}
        among -= settled - set(written.values())
        seen = {key for key in links.seen if key.type in types} - among
        present = self._records.present(seen) if seen else set()
        known = frozenset(present)
        return Writer(self._records, facts, frozenset(among), current, known)

    def _refuse_dangling(self) -> None:
        """Refuse what refers to a resource that the same transaction deletes."""
        gone = {plan.version.key for plan in self._plans.values() if plan.outcome == "deleted"}
        for index, plan in self._plans.items():
            if gone & plan.held:
                text = "The same transaction deletes what is referred to."
                self._refusals.add(index, ReferenceMissing(text))

    def _repeated(self) -> dict[int, Plan]:
        """Return the plans of conditional creates whose resource another entry creates."""
        by_key = {plan.version.key: plan.version for plan in self._plans.values()}
        return {
            index: Plan("existing", by_key[named.key])
            for index, named in self._named.items()
            if named.is_repeated and named.key
        }


def _refuse_equals(plans: Iterable[Plan]) -> None:
    """Refuse a commit of which only one part may be written: one person twice, one referral."""
    asked: Counter[tuple[str, str]] = Counter()
    for plan in plans:
        asked.update({(each.type, each.canonical) for each in plan.absent})
    if any(times > 1 for times in asked.values()):
        raise Duplicate("Two entries of this transaction bring the same.")
