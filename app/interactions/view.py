"""The rows of one type under one access decision, as a client sees them."""

from dataclasses import replace
from typing import Any, NoReturn

from app.interactions import Hub
from app.interactions.records import Records, begin
from app.model.access.client import Client
from app.model.access.decision import UNSEEN
from app.model.access.exposure import exposing, is_pointed, loosened, names_barred
from app.model.access.redaction import redact
from app.model.access.regime import UNDER_CONSENT
from app.model.access.sight import Sight
from app.model.clause import ENDS, Clause, Reached
from app.model.errors import Deleted, Forbidden, NotFound, TooCostly
from app.model.match import meets
from app.model.parameter import Parameter
from app.model.query import Found, Query, plain
from app.model.version import Key, Version

PAGE = 100
MOST_LOOKS = 20
"""How many pages of rows one request looks at, when few of them may be seen."""
MANY = "Too many rows must be looked at to answer this; narrow it down."


class View:
    """What a client sees of one type in one interaction."""

    def __init__(self, records: Records, interaction: str, name: str) -> None:
        self._records = records
        self._interaction = interaction
        self._store = records.hub.store
        self._decision = records.decide(interaction, name)
        if name in records.client.contracts.wanted:
            records.contract(name)  # what is not served is refused, whatever is found

    def read(self, key: Key) -> Version:
        """Return the current version; raise Deleted or NotFound when there is none to be seen."""
        return self._seen(self._store.read(key)) or self.refuse_absent(key)

    def vread(self, key: Key, number: int) -> Version | None:
        """Return one version, a deletion included, None when there is none to be seen."""
        return self._seen(self._store.vread(key, number))

    def latest(self, key: Key) -> Version | None:
        """Return the newest version, a deletion included, None when there is none to be seen."""
        return self._seen(self._store.latest(key))

    def refuse_absent(self, key: Key) -> NoReturn:
        """Raise Deleted when the resource once was and might be seen, NotFound otherwise."""
        found = self._store.latest(key)
        if found is None or not found.is_deleted or not self._sight(found):
            raise NotFound(f"There is no {key.type} with this id.")
        raise Deleted(f"This {key.type} was deleted; its history remains.")

    def search(self, query: Query) -> Found:
        """Return one page of what matches and may be seen; a page may be short and go on.

        Raises Forbidden when the query asks by elements that may not be seen.
        """
        pairs, position = self.page(query)
        return Found([self._records.told(*each) for each in pairs], position)

    def matches(self, query: Query) -> list[Version]:
        """Return what matches and may be seen, as it is stored; the audit is told nothing.

        Raises TooCostly rather than miss one.
        """
        pairs, position = self.page(query)
        if position is not None and len(pairs) < query.count:
            raise TooCostly(MANY)
        return [version for version, _ in pairs]

    def told(self, version: Version, sight: Sight) -> Version:
        """Return what is seen of a row of a page, once the audit is told of it."""
        return self._records.told(version, sight)

    def count(self, query: Query) -> int:
        """Return how many match and may be seen; raise TooCostly when too many must be looked at.

        Where what the client sees differs from row to row they are looked at one by one.
        """
        self._count_secret(query)
        if self._decision.is_open:
            return self._store.count(query)
        asked = self._within(query)
        if self._is_exact(query):
            return self._store.count(asked)
        total, position = 0, None
        for _ in range(MOST_LOOKS):
            found = self._store.search(replace(asked.at(position), count=PAGE, sort=()))
            total += len(self._visible(query, found.versions))
            position = found.next
            if position is None:
                return total
        raise TooCostly(MANY)

    def page(self, query: Query) -> tuple[list[tuple[Version, Sight]], Any]:
        """Return the rows of one page with their sights, and where what is seen goes on.

        The next position is only told when another row follows that is seen; a page may be short
        when too many had to be looked at.
        """
        self._count_secret(query)
        if self._decision.is_open:
            found = self._store.search(query)
            sight = self._records.everything(self._interaction, query.type)
            return [(each, sight) for each in found.versions], found.next
        asked, count = self._within(query), query.count
        if self._is_exact(query):
            found = self._store.search(asked)
            return self._visible(query, found.versions), found.next
        kept: list[tuple[Version, Sight]] = []
        position = query.position
        for _ in range(MOST_LOOKS):
            found = self._store.search(replace(asked.at(position), count=max(PAGE, count)))
            seen = self._visible(query, found.versions)
            missing = count - len(kept)
            if len(seen) > missing:
                kept += seen[:missing]
                return kept, self._after(asked.at(position), found, seen[:missing])
            kept += seen
            position = found.next
            if position is None:
                break
        return kept, position

    def _after(self, asked: Query, found: Found, seen: list[tuple[Version, Sight]]) -> Any:
        """Return the position behind the last row that is seen, of those found from `asked` on."""
        if not seen:
            return asked.position
        size = found.versions.index(seen[-1][0]) + 1
        return self._store.search(replace(asked, count=size)).next

    def values(self, query: Query, parameter: Parameter) -> list[tuple[Any, ...]]:
        """Return what the first matches hold of a parameter, of rows that are seen for certain.

        Raises Forbidden when the query asks by elements that may not be seen.
        """
        self._count_secret(query)
        if not self._decision.is_open:
            self._within(query)
            if self._decision.barred and parameter.name in query.kind.party_parameters:
                raise Forbidden(UNSEEN)
        return self._store.values(self.certain(query, parameter), parameter)

    def certain(self, query: Query, *besides: Parameter) -> Query:
        """Return the query narrowed to rows that the client sees whatever anyone consented to.

        Raises Forbidden when it asks by elements in which what is protected may be named.
        """
        if self._decision.is_open:
            return query
        if not is_pointed(query, self._decision.barred):
            raise Forbidden(UNSEEN)
        used = query.parameters | {each for each in besides if each.sources}
        reached = self._decision.reached(used, certain=True)
        return query.within(Clause(ENDS, reached)) if not query.kind.is_shared else query

    def _within(self, query: Query) -> Query:
        """Return the query narrowed to rows that may show the client what it asks by."""
        if names_barred(query, self._decision.barred):
            raise Forbidden(UNSEEN)
        reached = self._decision.reached(query.parameters)
        wider = loosened(query, self._decision.barred)
        if query.kind.is_shared:
            return wider
        if _labels(query) and not (reached.others or reached.guarded):
            self._refuse_without_own(query, reached)
        return wider.within(Clause(ENDS, reached))

    def _refuse_without_own(self, query: Query, reached: Reached) -> None:
        """Refuse a search by what only own rows would show when there is none: zero would lie.

        Not of one that asks for own rows only, such as a worklist.
        """
        own = Clause(ENDS, Reached(reached.own))
        if own in query.clauses:
            return
        if not self._store.search(plain(query.kind, (own,), 1)).versions:
            raise Forbidden(UNSEEN)

    def _count_secret(self, query: Query) -> None:
        """Bound how many secrets a client may try: SSNs are few enough to be guessed."""
        limit, client = self._records.hub.secret_searches, self._records.client
        if limit and any(each.is_secret for each in query.clauses):
            limit.refuse(f"secret {client.id}")

    def _is_exact(self, query: Query) -> bool:
        """Whether the database alone tells which rows may be seen and which of them match."""
        labels, used = _labels(query), {each.name for each in query.parameters}
        certain, loose = (self._decision.reach(labels, certain=each) for each in (True, False))
        return (
            certain == loose
            and not self._decision.reached(query.parameters).guarded
            and not _names(query) & UNDER_CONSENT
            and not (self._decision.barred and used & query.kind.party_parameters)
        )

    def _visible(self, query: Query, versions: list[Version]) -> list[tuple[Version, Sight]]:
        """Return the rows that may match: only by elements of them that the client sees."""
        sights = self._records.sights(self._interaction, versions)
        return [
            (version, sight)
            for version, sight in zip(versions, sights, strict=True)
            if sight and self._is_met(query, version, sight)
        ]

    def _is_met(self, query: Query, version: Version, sight: Sight) -> bool:
        if _labels(query) & sight.labels or _names(query) & sight.elements:
            return False
        exposed = exposing(query, self._decision.barred)
        if not exposed:
            return True
        return meets(query.kind, exposed, redact(query.kind, version.resource, sight))

    def _sight(self, version: Version) -> Sight | None:
        return self._records.sights(self._interaction, [version])[0]

    def _seen(self, version: Version | None) -> Version | None:
        return self._records.seen(self._interaction, [version])[0] if version else None


def view(hub: Hub, client: Client, interaction: str, name: str) -> View:
    """Return the rows of one type in an interaction that begins."""
    return View(begin(hub, client, interaction, name), interaction, name)


def _labels(query: Query) -> frozenset[str]:
    """Return the labels of the elements that a query asks by."""
    return frozenset().union(*map(query.kind.labels_of, query.parameters))


def _names(query: Query) -> frozenset[str]:
    """Return the top-level elements that a query asks by."""
    sources = (source for each in query.parameters for source in each.sources)
    return frozenset(source.path[0] for source in sources)
