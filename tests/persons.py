"""Synthetic people, and how somebody writes each of them down a second time.

Families share names, addresses, telephones and neighbouring Social Security numbers; twins share
the day of birth too, and fathers give their sons their names. All numbers are of areas that are
never issued, all telephones of the exchange 555-01.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, count
from random import Random

from nicknames import NickNamer

FAMILY_NAMES = """
Adams Allen Anderson Bailey Baker Banks Bell Bennett Boyd Bradley Brooks Brown Bryant Butler
Campbell Carter Clark Coleman Collins Cooper Cox Crawford Cruz Daniels Davis Dixon Dorsey Edwards
Ellis Evans Fields Fisher Flowers Ford Foster Franklin Garcia Gibson Gonzalez Graham Grant Gray
Green Griffin Hall Hamilton Harper Harris Harrison Hayes Henderson Hernandez Hicks Hill Holmes
Howard Hudson Hughes Hunt Jackson James Jefferson Jenkins Johnson Jones Jordan Kelly Kennedy King
Lee Lewis Long Lopez Magee Marshall Martin Martinez Mason McDonald McKinney Miller Mitchell Moore
Morgan Morris Murphy Myers Nelson Nguyen O'Neal Owens Parker Patterson Perez Perkins Perry Peters
Phillips Pierce Porter Powell Price Ramirez Reed Reynolds Rice Richardson Rivera Roberts Robinson
Rodriguez Rogers Ross Russell Sanders Scott Shaw Simmons Simpson Smith Stevens Stewart Sullivan
Taylor Terry Thomas Thompson Torres Tucker Turner Walker Wallace Ward Warren Washington Watkins
Watson Weaver Webb Wells West White Williams Willis Wilson Wood Woods Wright Young
""".split()  # noqa: SIM905 - words are read more easily so
STREETS = ("Oak Street", "Magnolia Avenue", "County Road", "Delta Drive", "North Highway")
LIKE_NAMED = 0.1
"""The share of twins whose given names differ in one letter."""


@dataclass
class Person:
    """Somebody: what is true, and how it was written down first."""

    id: str
    true: dict
    kind: str = "alone"
    stored: dict = field(default_factory=dict)


class Names:
    """Given and family names, few of them frequent."""

    def __init__(self, dice):
        self._dice = dice
        self.table = NickNamer()
        self.given = sorted(each for each in self.table.nickname_lookup if len(each) > 2)
        self.family = [
            *FAMILY_NAMES,
            *(f"{a}{b}" for a in FAMILY_NAMES[:60] for b in ("son", "man")),
        ]
        dice.shuffle(self.given)
        dice.shuffle(self.family)
        self._weights = {id(each): _zipf(len(each)) for each in (self.given, self.family)}

    def one(self, names):
        found = self._dice.choices(names, cum_weights=self._weights[id(names)])[0]
        return found if not found.islower() else found.title()

    def first(self, *, unlike=()):
        known = {each for name in unlike for each in self.kin(name)}
        found = self.one(self.given)
        return found if found.casefold() not in known else self.first(unlike=unlike)

    def kin(self, name):
        name = name.casefold()
        return {name} | self.table.nicknames_of(name) | self.table.canonicals_of(name)

    def nickname(self, name):
        found = sorted(self.table.nicknames_of(name))
        return self._dice.choice(found).title() if found else name


def people(size, seed=1):
    """Return so many people, household by household, as they were written down first."""
    dice = Random(seed)  # noqa: S311 - the same people each time
    made = []
    world = _World(dice)
    while len(made) < size:
        made += world.household()
    for each in made[:size]:
        each.stored = {**each.true, "id": each.id, "resourceType": "ParticipantProfile"}
        if dice.random() < 0.15:
            del each.stored["ssn"]
    return made[:size]


class _World:
    def __init__(self, dice):
        self.dice = dice
        self.names = Names(dice)
        self._ids = count(1)
        self._ssn = count(1)

    def household(self):
        dice, names = self.dice, self.names
        last, home = names.one(names.family), self.home()
        drawn = dice.random()
        if drawn < 0.03:
            return self._twins(last, home)
        if drawn < 0.05:
            return self._namesakes(last, home)
        size = dice.choice((1, 1, 1, 2, 2, 3))
        return [self._person(last, home, self.day(), "family" if size > 1 else "alone")
                for _ in range(size)]  # fmt: skip

    def _twins(self, last, home):
        one, other = (self._person(last, home, self.day(), "twin") for _ in range(2))
        other.true["birthDate"] = one.true["birthDate"]
        first = one.true["firstName"]
        if self.dice.random() < LIKE_NAMED:
            other.true["firstName"] = first[:2] + self.dice.choice("aeiouy") + first[2:]
        else:
            other.true["firstName"] = self.names.first(unlike=[first])
        return [one, other]

    def _namesakes(self, last, home):
        father, son = (self._person(last, home, self.day(), "namesake") for _ in range(2))
        born = date.fromisoformat(father.true["birthDate"]) + timedelta(
            self.dice.randint(7000, 12000)
        )
        son.true |= {"birthDate": born.isoformat(), "firstName": father.true["firstName"]}
        if self.dice.random() < 0.6:
            father.true["suffix"], son.true["suffix"] = "Sr.", "Jr."
        return [father, son]

    def _person(self, last, home, born, kind):
        dice, number = self.dice, next(self._ids)
        true = {
            "firstName": self.names.first(),
            "lastName": last,
            "birthDate": born,
            "ssn": self.ssn(),
            "address": [home["address"]],
            "telecom": [home["telecom"]] if dice.random() < 0.9 else [],
        }
        if dice.random() < 0.5:
            true["middleName"] = self.names.first()
        return Person(f"p{number}", true, kind)

    def ssn(self):
        """Return the next number: those of one family differ in a digit or two."""
        number = next(self._ssn) * 3
        return f"{('000', '666')[number % 2]}{number // 2 % 1_000_000:06}"

    def day(self):
        return (date(1950, 1, 1) + timedelta(self.dice.randrange(21000))).isoformat()

    def home(self):
        dice = self.dice
        line = f"{dice.randint(1, 999)} {dice.choice(STREETS)}"
        code = f"{38600 + dice.randrange(900)}"
        # The exchange 555-01 has a hundred numbers; areas of the whole country tell homes apart.
        phone = f"{dice.randint(201, 989)}-555-01{dice.randrange(100):02}"
        return {
            "address": {"line": [line], "postalCode": code},
            "telecom": {"system": "phone", "value": phone},
        }


class Clerk:
    """Writes people down again, with slips; `slips` names those of the last one."""

    def __init__(self, dice, world=None):
        self._dice = dice
        self._names = Names(Random(1))  # noqa: S311 - the same names each time
        self._world = world or _World(dice)
        self.slips = []

    def written(self, person, other):
        """Return a profile of the person; the number of `other`, of the family, may slip in."""
        self.slips = []
        found = {**person.true}
        for share, slip in _SLIPS:
            if self._dice.random() < share:
                changed = slip(self, found, other)
                if changed:
                    found |= changed
                    self.slips.append(slip.__name__.replace("_", " "))
        return {name: value for name, value in found.items() if value}

    def no_ssn(self, _found, _other):
        return {"ssn": ""}

    def ssn_digit(self, found, _other):
        """Get a digit wrong, of those behind the area."""
        ssn = found["ssn"]
        return {"ssn": ssn[:3] + self._digit(ssn[3:])} if ssn else None

    def ssn_of_kin(self, _found, other):
        return {"ssn": other.true["ssn"]} if other else None

    def name_typo(self, found, _other):
        name = self._dice.choice(("firstName", "lastName"))
        return {name: self._typo(found[name])}

    def nickname(self, found, _other):
        name = self._names.nickname(found["firstName"])
        return {"firstName": name} if name != found["firstName"] else None

    def middle_name(self, found, _other):
        return (
            {"firstName": found["middleName"], "middleName": ""} if "middleName" in found else None
        )

    def middle_left_out(self, found, _other):
        return {"middleName": found["middleName"][:1] if self._dice.random() < 0.5 else ""} \
            if "middleName" in found else None  # fmt: skip

    def new_name(self, _found, _other):
        return {"lastName": self._names.one(self._names.family)}

    def double_name(self, found, _other):
        return {"lastName": f"{found['lastName']}-{self._names.one(self._names.family)}"}

    def names_swapped(self, found, _other):
        return {"firstName": found["lastName"], "lastName": found["firstName"]}

    def date_swapped(self, found, _other):
        year, month, day = found["birthDate"].split("-")
        return {"birthDate": f"{year}-{day}-{month}"} if day <= "12" and day != month else None

    def date_slip(self, found, _other):
        born = found["birthDate"]
        for _ in range(99):
            changed = self._digit(born) if self._dice.random() < 0.7 else self._neighbours(born)
            if changed != born and _is_day(changed):
                return {"birthDate": changed}
        return None

    def date_wrong(self, _found, _other):
        return {"birthDate": self._world.day()}

    def moved(self, _found, _other):
        return {"address": [self._world.home()["address"]]}

    def new_phone(self, _found, _other):
        return {"telecom": [self._world.home()["telecom"]]}

    def written_otherwise(self, found, _other):
        line = found["address"][0]["line"][0].upper().replace("STREET", "St.")
        address = {**found["address"][0], "line": [line]}
        telecom = [{**each, "value": each["value"].replace("-", ".")} for each in found["telecom"]]
        name = found["lastName"].upper()
        return {"address": [address], "telecom": telecom, "lastName": name}

    def _digit(self, text):
        places = [at for at, each in enumerate(text) if each.isdigit()]
        at = self._dice.choice(places)
        return f"{text[:at]}{(int(text[at]) + self._dice.randint(1, 9)) % 10}{text[at + 1 :]}"

    def _neighbours(self, text):
        places = [at for at in range(len(text) - 1) if text[at : at + 2].isdigit()]
        at = self._dice.choice(places)
        return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"

    def _typo(self, name):
        at = self._dice.randrange(1, len(name))
        letter = self._dice.choice("abcdefghijklmnopqrstuvwxyz")
        swapped = f"{name[: at - 1]}{name[at]}{name[at - 1]}{name[at + 1 :]}"
        forms = (name[:at] + name[at + 1 :], name[:at] + letter + name[at:],
                 name[:at] + letter + name[at + 1 :], swapped)  # fmt: skip
        return self._dice.choice(forms).strip() or name


_SLIPS = (
    (0.20, Clerk.no_ssn),
    (0.04, Clerk.ssn_digit),
    (0.005, Clerk.ssn_of_kin),
    (0.05, Clerk.name_typo),
    (0.08, Clerk.nickname),
    (0.01, Clerk.middle_name),
    (0.30, Clerk.middle_left_out),
    (0.05, Clerk.new_name),
    (0.02, Clerk.double_name),
    (0.01, Clerk.names_swapped),
    (0.01, Clerk.date_swapped),
    (0.03, Clerk.date_slip),
    (0.003, Clerk.date_wrong),
    (0.30, Clerk.moved),
    (0.30, Clerk.new_phone),
    (0.30, Clerk.written_otherwise),
)
"""How often which slip happens, one after the other."""


def _is_day(text):
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _zipf(size):
    return list(accumulate(1 / (rank + 10) for rank in range(size)))
