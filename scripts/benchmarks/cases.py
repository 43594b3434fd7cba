"""What is asked of each server: seven cases over the people of one server.

Connection c of N owns the people c, c + N, c + 2N … so that its If-Match is always current.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from benchmarks.load import Case, Load, Reply
from benchmarks.people import TOWN_SIZE, person, town
from benchmarks.targets import Target, fields

ELDERS = 64
"""The first so many people have five versions; nothing but the set-up updates them."""
VERSIONS = 5
PAGE = 20
CHANGES = 80_000


@dataclass
class Population:
    """The people that a server holds: for each number its id and the entity tags it had."""

    target: Target
    connections: int
    ids: list[str] = field(default_factory=list)
    tags: list[list[str]] = field(default_factory=list)
    newcomers: Iterator[int] = field(default_factory=lambda: count(10_000_000))
    changes: Iterator[int] = field(default_factory=lambda: count(1))

    def owned(self, connection: int, first: int, end: int) -> "Turn":
        """Return an endless round over those of the people [first, end) a connection owns."""
        return Turn(range(first + connection, end, self.connections))


class Turn:
    """An endless round over some numbers; `last` is the one handed out last."""

    def __init__(self, numbers: range) -> None:
        self._numbers = numbers
        self._at = -1
        self.last = -1

    def next(self) -> int:
        """Return the next number."""
        self._at = (self._at + 1) % len(self._numbers)
        self.last = self._numbers[self._at]
        return self.last


class Asking:
    """A case in which each connection goes round some people with requests of one form."""

    def __init__(
        self,
        people: Population,
        request: Callable[[int], bytes],
        *,
        expected: int = 200,
        among: tuple[int, int] | None = None,
    ) -> None:
        self.expected = expected
        self._request = request
        first, end = among or (0, len(people.ids))
        self._turns = [people.owned(each, first, end) for each in range(people.connections)]

    def request(self, connection: int) -> bytes | None:
        """Return the request for the connection's next person."""
        return self._request(self._turns[connection].next())

    def answered(self, connection: int, reply: Reply) -> None:
        """Learn nothing."""


class Updating(Asking):
    """Updates with the entity tag that the last answer named."""

    def __init__(self, people: Population, among: tuple[int, int]) -> None:
        super().__init__(people, lambda number: _update(people, number), among=among)
        self._people = people

    def answered(self, connection: int, reply: Reply) -> None:
        """Keep the tag of the new version."""
        if reply.status == self.expected:
            tag = self._people.target.dialect.tag(reply)
            self._people.tags[self._turns[connection].last].append(tag)


class Filling:
    """Creates the people up to `size` once and remembers their ids."""

    expected = 201

    def __init__(self, people: Population, size: int) -> None:
        self._people = people
        self._numbers = iter(range(len(people.ids), size))
        self._asked: dict[int, int] = {}
        people.ids += [""] * (size - len(people.ids))
        people.tags += [[] for _ in range(size - len(people.tags))]

    def request(self, connection: int) -> bytes | None:
        """Return the request that creates the next person."""
        number = next(self._numbers, None)
        if number is None:
            return None
        self._asked[connection] = number
        return self._people.target.ask("POST", body=person(number))

    def answered(self, connection: int, reply: Reply) -> None:
        """Keep the id and the entity tag, which are needed from now on."""
        if reply.status == self.expected:
            number, dialect = self._asked[connection], self._people.target.dialect
            self._people.ids[number] = fields(reply.body)[dialect.key]
            self._people.tags[number] = [dialect.tag(reply)]


class Ageing(Updating):
    """Gives each elder its versions once."""

    def __init__(self, people: Population) -> None:
        super().__init__(people, (0, ELDERS))
        self._left = dict.fromkeys(range(people.connections), 0)
        for number in range(ELDERS):
            self._left[number % people.connections] += VERSIONS - 1

    def request(self, connection: int) -> bytes | None:
        """Return the connection's next update; None when its elders are old enough."""
        if not self._left[connection]:
            return None
        self._left[connection] -= 1
        return super().request(connection)


def cases(people: Population) -> dict[str, Case]:
    """Return the cases by name, in the order in which they are run and printed."""
    ask, ids, tags = people.target.ask, people.ids, people.tags
    dialect = people.target.dialect
    elders = (0, ELDERS)

    def create(_: int) -> bytes:
        return ask("POST", body=person(next(people.newcomers)))

    def held(number: int) -> bytes:
        return ask("GET", f"/{ids[number]}", f"If-None-Match: {dialect.held(tags[number])}\r\n")

    def stale(number: int) -> bytes:
        return _update(people, number, seen=-2)

    return {
        "create": Asking(people, create, expected=201),
        "read": Asking(people, lambda number: ask("GET", f"/{ids[number]}")),
        "read 304": Asking(people, held, expected=304),
        "update": Updating(people, (ELDERS, len(ids))),
        "stale 412": Asking(people, stale, expected=412, among=elders),
        "search 20": Asking(people, lambda number: ask("GET", dialect.search.format(town(number)))),
        "history 5": Asking(
            people, lambda number: ask("GET", dialect.history.format(ids[number])), among=elders
        ),
    }


def settle(people: Population, load: Load, size: int) -> None:
    """Fill a server with `size` people and make the elders; raise ValueError when it does wrong."""
    for case in (Filling(people, size), Ageing(people)):
        if wrong := load.run(case).wrong:
            raise ValueError(f"{people.target.name} refuses the people it is given: {wrong}")
    for name, wanted in (("search 20", PAGE), ("history 5", VERSIONS)):
        found = _Heard(cases(people)[name])
        load.run(found)
        for reply in found.replies:
            entries = len(fields(reply.body).get(people.target.dialect.entries, ()))
            if reply.status != found.expected or entries != wanted:
                raise ValueError(f"{people.target.name}, {name}: {reply.status}, {entries} entries")


class _Heard:
    """Asks one request of a case per connection and keeps the answers."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._asked: set[int] = set()
        self.expected = case.expected
        self.replies: list[Reply] = []

    def request(self, connection: int) -> bytes | None:
        if connection in self._asked:
            return None
        self._asked.add(connection)
        return self._case.request(connection)

    def answered(self, _connection: int, reply: Reply) -> None:
        self.replies.append(reply)


def _update(people: Population, number: int, seen: int = -1) -> bytes:
    change = next(people.changes) % CHANGES
    tag = people.tags[number][seen]
    body = person(number, change)
    return people.target.ask("PUT", f"/{people.ids[number]}", f"If-Match: {tag}\r\n", body)


def smallest(connections: int) -> int:
    """Return the fewest people with whom every case and every connection has someone to ask."""
    return max(ELDERS + connections, TOWN_SIZE)
