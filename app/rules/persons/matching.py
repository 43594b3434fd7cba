"""Whether two profiles are of one person, and how sure that is.

Evidence adds up (Fellegi and Sunter 1969): each element that is known of both weighs as many bits
as its likeness is likelier for one person than for two. What is certain does not rest on the sum:
it takes a number that is given to one person only, and that nothing speaks against it.

Grades: http://hl7.org/fhir/ValueSet/match-grade
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from app.model.codec import Resource
from app.rules.persons.likeness import (
    ZIP_DIGITS,
    Likeness,
    days,
    family_names,
    given_names,
    letters,
    phone,
    street,
)
from app.rules.persons.merging import PIRL_ID

SAME, KNOWN_AS, NEAR, DIFFERENT = Likeness
Evidence = Mapping[str, Likeness]
"""How alike two profiles are in each element that is known of both."""


class Grade(StrEnum):
    """How sure it is that two profiles are of one person, the surest first."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


WEIGHTS: Mapping[str, Mapping[Likeness, float]] = {
    "number": {SAME: 30},
    "ssn": {SAME: 22, DIFFERENT: -6},
    "birthDate": {SAME: 14, NEAR: 4, DIFFERENT: -6.5},
    "firstName": {SAME: 7, KNOWN_AS: 4, NEAR: 2, DIFFERENT: -5},
    "lastName": {SAME: 8, NEAR: 3, DIFFERENT: -3},
    "swapped": {SAME: 11, KNOWN_AS: 8},
    "middleName": {SAME: 3, NEAR: 1, DIFFERENT: -2},
    "suffix": {SAME: 1, DIFFERENT: -6},
    "address": {SAME: 4, NEAR: 1},
    "telecom": {SAME: 4},
}
"""Bits of evidence: one person in 2 ** 14 has a given day of birth, one in 2 ** 8 a family name.

A family shares address, telephone and family name, so they weigh less than rarity alone says. A
Social Security number one digit away weighs as any other: brothers and sisters have such, and
whoever guesses is not told that he is close.
"""
PRIOR = -21.5
"""Bits against any two profiles: one in three million, the people of the state."""
LEAST = {Grade.PROBABLE: 26.0, Grade.POSSIBLE: 18.0}
"""The least weight of a grade: 96 in a hundred are right, or 8."""
SCORES = {Grade.CERTAIN: (0.99, 1.0), Grade.PROBABLE: (0.95, 0.99), Grade.POSSIBLE: (0.05, 0.95)}
"""The least and the highest score of a grade."""


def evidence(asked: Resource, known: Resource) -> Evidence:
    """Return how alike two profiles are; either may be partial."""
    found = {name: compare(asked, known) for name, compare in _COMPARED.items()}
    found |= _names(asked, known)
    return {name: each for name, each in found.items() if each is not None}


def weight(found: Evidence) -> float:
    """Return the sum of the evidence in bits, for one person and against two."""
    return sum(WEIGHTS[name].get(each, 0.0) for name, each in found.items())


def grade(found: Evidence) -> Grade | None:
    """Return how sure it is that the evidence is of one person; None for not worth a look."""
    bits = weight(found)
    if _is_certain(found):
        return Grade.CERTAIN
    if bits >= LEAST[Grade.PROBABLE] and _is_personal(found):
        return Grade.PROBABLE
    return Grade.POSSIBLE if bits >= LEAST[Grade.POSSIBLE] else None


def score(found: Evidence, graded: Grade) -> float:
    """Return the probability of one person within the bounds of a grade, 0 to 1."""
    least, highest = SCORES[graded]
    likely: float = 1 / (1 + 2 ** -(weight(found) + PRIOR))
    return round(min(max(likely, least), highest), 4)


def numbers(profile: Resource) -> Iterator[tuple[str, str]]:
    """Yield the numbers that are given to one person only, but the Social Security number."""
    for each in profile.get("identifier", ()):
        yield each["system"], each["value"]
    for each in profile.get("partnerIdentifiers", ()):
        yield each["partner"]["reference"], each["value"]
    if "pirlUniqueId" in profile:
        yield PIRL_ID, profile["pirlUniqueId"]


def _is_certain(found: Evidence) -> bool:
    """Whether a number and what goes with it agree, and nothing speaks against it.

    A number alone may be mistyped, or be that of a twin, a parent or a whole household.
    """
    birth = found.get("birthDate")
    if birth == DIFFERENT or ("firstName" in found and not _is_named_so(found)):
        return False
    if found.get("suffix") == DIFFERENT and birth != SAME:
        return False
    if found.get("ssn") == SAME:
        is_named = _is_named_so(found) and found.get("lastName", NEAR) != DIFFERENT
        return birth == SAME or is_named
    return found.get("number") == SAME and found.get("ssn") != DIFFERENT


def _is_personal(found: Evidence) -> bool:
    """Whether the evidence tells one of a family from the others, twins above all."""
    is_numbered = found.get("ssn") == SAME and found.get("birthDate") in (SAME, NEAR)
    return _is_named_so(found) or is_numbered


def _is_named_so(found: Evidence) -> bool:
    """Whether the given names agree; twins may have like ones, and different numbers."""
    first = found.get("firstName", found.get("swapped"))
    if first == KNOWN_AS:
        return found.get("ssn") != DIFFERENT
    return first == SAME or (first == NEAR and found.get("middleName") == SAME)


def _names(asked: Resource, known: Resource) -> dict[str, Likeness | None]:
    first = _both(asked, known, "firstName", given_names)
    last = _both(asked, known, "lastName", family_names)
    if first and last and DIFFERENT in (first, last):
        crossed = given_names(asked["lastName"], known["firstName"])
        if crossed in (SAME, KNOWN_AS) and _is_family(asked["firstName"], known["lastName"]):
            return {"swapped": crossed}
    if first == DIFFERENT and _is_middle(asked, known):
        first = KNOWN_AS
    return {"firstName": first, "lastName": last}


def _is_family(one: str, other: str) -> bool:
    return family_names(one, other) == SAME


def _is_middle(asked: Resource, known: Resource) -> bool:
    """Whether one of the two goes by the middle name."""
    pairs = ((asked, known), (known, asked))
    return any(letters(a["firstName"]) == letters(b.get("middleName", "")) for a, b in pairs)


def _both(
    asked: Resource, known: Resource, name: str, compare: Callable[[str, str], Likeness]
) -> Likeness | None:
    return compare(asked[name], known[name]) if name in asked and name in known else None


def _birth(asked: Resource, known: Resource) -> Likeness | None:
    return _both(asked, known, "birthDate", days)


def _ssn(asked: Resource, known: Resource) -> Likeness | None:
    """Return whether the numbers agree; one that is masked is not known."""
    pair = [each.get("ssn", "") for each in (asked, known)]
    if not all(each.isdigit() for each in pair):
        return None
    return SAME if pair[0] == pair[1] else DIFFERENT


def _number(asked: Resource, known: Resource) -> Likeness | None:
    return SAME if {*numbers(asked)} & {*numbers(known)} else None


def _middle(asked: Resource, known: Resource) -> Likeness | None:
    pair = [letters(each.get("middleName", "")) for each in (asked, known)]
    if not all(pair):
        return None
    if pair[0] == pair[1] and len(pair[0]) > 1:
        return SAME
    is_initial = min(map(len, pair)) == 1
    return NEAR if is_initial and pair[0][0] == pair[1][0] else DIFFERENT


def _suffix(asked: Resource, known: Resource) -> Likeness | None:
    pair = [letters(each.get("suffix", "")) for each in (asked, known)]
    if not all(pair):
        return None
    return SAME if pair[0] == pair[1] else DIFFERENT


def _address(asked: Resource, known: Resource) -> Likeness | None:
    pair = [{*_places(each)} for each in (asked, known)]
    if any(line for line, _ in pair[0] & pair[1]):
        return SAME
    return NEAR if {code for _, code in pair[0]} & {code for _, code in pair[1]} else None


def _places(profile: Resource) -> Iterator[tuple[str, str]]:
    for each in profile.get("address", ()):
        if "postalCode" in each:
            yield street(" ".join(each.get("line", ()))), each["postalCode"][:ZIP_DIGITS]


def _telecom(asked: Resource, known: Resource) -> Likeness | None:
    return SAME if {*_reached(asked)} & {*_reached(known)} else None


def _reached(profile: Resource) -> Iterator[str]:
    for each in profile.get("telecom", ()):
        value = each["value"]
        yield value.casefold() if each["system"] == "email" else phone(value)


_COMPARED: Mapping[str, Callable[[Resource, Resource], Likeness | None]] = {
    "number": _number,
    "ssn": _ssn,
    "birthDate": _birth,
    "middleName": _middle,
    "suffix": _suffix,
    "address": _address,
    "telecom": _telecom,
}
