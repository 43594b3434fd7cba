"""Which searches find the profiles that may be of the same person (blocking).

Each asks by what two profiles of one person are likely to have in common; together they leave few
out: one slip in the name or in the day of birth, another family name, no number at all.
"""

import re
from collections.abc import Iterable, Iterator

from app.model.codec import Resource
from app.model.pair import InBody
from app.model.resource_type import MERGED, PARTICIPANT
from app.model.text import fold
from app.rules.persons.likeness import PHONE_DIGITS, ZIP_DIGITS, near_days, phone
from app.rules.persons.merging import PIRL_ID
from app.rules.workflow import Criteria

BEGINNING, WHOLE = 2, 60
"""How many characters of a name are looked for."""
MOST = 100
"""Most values in one list."""
_MARKS = re.compile(r"([,|$\\])")


def searches(asked: Resource) -> Iterator[Criteria]:
    """Yield the searches for profiles that may be of the same person as `asked`, often partial."""
    yield from by_ssn(asked)
    yield from _by_numbers(asked)
    yield from _by_names(asked)
    yield from _by_day(asked)
    reached = (form for each in asked.get("telecom", ()) for form in _forms(each))
    yield from _search(telecom=_listed(reached))
    codes = (each.get("postalCode", "") for each in asked.get("address", ()))
    places = [code for each in codes if each for code in (each, each[:ZIP_DIGITS])]
    yield from _search(address_postalcode=_listed(places), last_name=_name(asked, "lastName"))


def by_ssn(asked: Resource) -> Iterator[Criteria]:
    """Yield the search for the Social Security number, if there is one."""
    yield from _search(ssn=asked.get("ssn", ""))


def the_same(asked: Resource) -> Iterator[Criteria]:
    """Yield the search that only a living profile meets which is certainly of the same person."""
    if "ssn" in asked:
        pairs = {"ssn": "ssn", "birthDate": "birth-date", "firstName": "first-name:exact"}
        texts = [(pairs[name], _plain(asked[name])) for name in pairs]
        yield PARTICIPANT, tuple(InBody(*each) for each in [*texts, ("status:not", MERGED)])


def _by_numbers(asked: Resource) -> Iterator[Criteria]:
    identifiers = [(each["system"], each["value"]) for each in asked.get("identifier", ())]
    if "pirlUniqueId" in asked:
        identifiers.append((PIRL_ID, asked["pirlUniqueId"]))
    partners = [
        (each["partner"]["reference"], each["value"])
        for each in asked.get("partnerIdentifiers", ())
    ]
    yield from _search(pirl_unique_id=asked.get("pirlUniqueId", ""))
    yield from _search(identifier=_tokens(identifiers))
    yield from _search(partner_identifiers=_tokens(partners))


def _by_names(asked: Resource) -> Iterator[Criteria]:
    first, last = _name(asked, "firstName"), _name(asked, "lastName")
    yield from _search(last_name=last, first_name=first)
    yield from _search(last_name=first, first_name=last)


def _by_day(asked: Resource) -> Iterator[Criteria]:
    """Yield the searches by the day of birth with the beginning of a name, or a day near it.

    A day alone is shared by too many.
    """
    day, last = asked.get("birthDate", ""), _name(asked, "lastName")
    yield from _search(birth_date=day, first_name=_name(asked, "firstName", BEGINNING))
    yield from _search(birth_date=day, last_name=_name(asked, "lastName", BEGINNING))
    if day and last:
        yield from _search(birth_date=_listed(near_days(day)), last_name=last)


def _search(**asked: str) -> Iterator[Criteria]:
    """Yield a search for what is given, nothing when some of it is missing."""
    if all(asked.values()):
        pairs = asked.items()
        yield PARTICIPANT, tuple(InBody(name.replace("_", "-"), text) for name, text in pairs)


def _name(asked: Resource, name: str, size: int = WHOLE) -> str:
    return _plain(fold(asked.get(name, ""))[:size].strip())


def _tokens(pairs: Iterable[tuple[str, str]]) -> str:
    return _listed((f"{_plain(system)}|{_plain(value)}" for system, value in pairs), is_plain=True)


def _listed(texts: Iterable[str], *, is_plain: bool = False) -> str:
    each_once = dict.fromkeys(texts if is_plain else map(_plain, texts))
    return ",".join(list(each_once)[:MOST])


def _plain(text: str) -> str:
    """Return a text as a search value that means just this text."""
    return _MARKS.sub(r"\\\1", text)


def _forms(telecom: Resource) -> Iterator[str]:
    """Yield the ways to write a telephone number or an address: rows hold them as written."""
    text = telecom["value"]
    yield text
    digits = phone(text)
    if telecom["system"] == "email":
        yield text.casefold()
    elif len(digits) == PHONE_DIGITS:
        area, exchange, line = digits[:3], digits[3:6], digits[6:]
        for mark in ("-", "", ".", " "):
            yield mark.join((area, exchange, line))
        for prefix in ("", "+1 "):
            yield f"{prefix}({area}) {exchange}-{line}"
        for mark in ("-", ""):
            yield mark.join(("+1", area, exchange, line))
