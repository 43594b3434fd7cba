"""The people of a run, invented from its seed, and the canaries that show that somebody read."""

import random
from datetime import date, timedelta
from typing import Any

FIRST = (
    *("Aldric", "Belinda", "Cormac", "Delphine", "Eamon", "Fenella", "Gideon", "Hester"),
    *("Ignatius", "Jocasta", "Kester", "Lavinia", "Mortimer", "Nerissa", "Osbert", "Perpetua"),
    *("Quillon", "Rosalind", "Sigmund", "Thelma", "Ulric", "Verity", "Wendell", "Xanthe"),
    *("Ysolde", "Zebedee", "Ambrose", "Cordelia", "Desmond", "Euphemia", "Florian", "Griselda"),
)
LAST = (
    *("Applewhite", "Bracegirdle", "Cavendish", "Dunwoody", "Eastlake", "Featherstone"),
    *("Gallowglass", "Hathersage", "Inglethorpe", "Jessamine", "Kettlewell", "Lovelace"),
    *("Merriweather", "Nightingale", "Oakenshaw", "Pennyfeather"),
)
ROLES = (
    "elvis", "twin", "near1", "near2", "merged", "survivor", "withdrawn", "silent", "walkin",
    "other1", "other2", "other3", "other4", "assessed", "leaver", "guest1",
    "guest2", "guest3", "guest4",
)  # fmt: skip
"""Who plays which part; `elvis` is the one whose journey it is."""
CANARIES = (
    "phone", "note", "answer", "city", "goal", "reason", "extension", "page", "feed", "plan",
    "enrollment", "credential",
)  # fmt: skip


def of(seed: str) -> dict[str, Any]:
    """Return people by their parts and canaries by name; the same seed makes the same."""
    dice = random.Random(seed)  # noqa: S311 - invented people, no secrets of anybody
    first, last = dice.sample(FIRST, len(ROLES)), dice.choices(LAST, k=len(ROLES))
    people = {role: _person(dice, first[at], last[at], at) for at, role in enumerate(ROLES)}
    canaries = {name: f"{name}-{dice.randrange(16**8):08x}" for name in CANARIES}
    canaries["phone"] = f"601-555-01{dice.randrange(100):02d}"
    return {"people": people, "canary": canaries, "pages": dice.randint(1, 3)}


def _person(dice: random.Random, first: str, last: str, at: int) -> dict[str, str]:
    born = date(1970, 1, 1) + timedelta(days=dice.randrange(12_000))
    area = dice.choice(("000", "666"))
    return {
        "firstName": first,
        "lastName": last,
        "birthDate": born.isoformat(),
        "ssn": f"{area}{dice.randrange(10, 99)}{dice.randrange(1000, 9999)}",
        "phone": f"662-555-01{(at * 7 + dice.randrange(7)) % 100:02d}",
        "pirlUniqueId": f"CF{dice.randrange(10**10):010d}",
    }
