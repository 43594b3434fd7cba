"""What FHIR search means, in plain Python: written from the FHIR pages, using nothing of the hub.

https://hl7.org/fhir/R4/search.html
"""

import calendar
from datetime import date
from fractions import Fraction

PLAIN = str.maketrans("äë", "ae")


def days(text):
    """Return the milliseconds from year 1 to the ends of a date."""
    day, _, time = text.partition("T")
    parts = [int(part) for part in day.split("-")]
    year, month, of_month = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    start = (date(year, month, of_month).toordinal()) * 86_400_000
    if not time:
        months = 12 if len(parts) == 1 else 1
        length = 1
        if len(parts) < 3:
            length = sum(calendar.monthrange(year, month + n)[1] for n in range(months))
        return start, start + length * 86_400_000
    clock = time.removesuffix("Z")
    offset = 0
    if len(clock) > 6 and clock[-6] in "+-":
        offset = (int(clock[-5:-3]) * 60 + int(clock[-2:])) * (1 if clock[-6] == "+" else -1)
        clock = clock[:-6]
    hour, minute, *second = clock.split(":")
    start += ((int(hour) * 60 + int(minute)) - offset) * 60_000
    if not second:
        return start, start + 60_000
    start += int(Fraction(second[0]) * 1000)
    decimals = len(second[0].partition(".")[2])
    return start, start + 1000 // 10**decimals


def relates(prefix, value, wanted):
    """Whether the interval of a value relates to that of a search as the prefix says."""
    (a, b), (c, d) = value, wanted
    is_eq = c <= a and b <= d
    return {
        "eq": is_eq,
        "ne": not is_eq,
        "gt": b > d,
        "lt": a < c,
        "ge": b > d or is_eq,
        "le": a < c or is_eq,
        "sa": a >= d,
        "eb": b <= c,
        "ap": a < d + (d - c) and b > c - (d - c),
    }[prefix]


def any_relates(asked, values):
    return any(
        relates(prefix or "eq", value, days(text)) for value in values for prefix, text in asked
    )


def compares(prefix, value, wanted):
    """Whether a number compares to the text of a search as the prefix says."""
    v, x = Fraction(str(value)), Fraction(wanted)
    mantissa, _, exponent = wanted.partition("e")
    half = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2])) / 2
    is_eq = x - half <= v < x + half
    return {
        "eq": is_eq,
        "ne": not is_eq,
        **dict.fromkeys(("gt", "sa"), v > x),
        **dict.fromkeys(("lt", "eb"), v < x),
        "ge": v >= x,
        "le": v <= x,
        "ap": x - half - abs(x) / 10 <= v < x + half + abs(x) / 10,
    }[prefix]


def plainly(text):
    return " ".join(text.lower().translate(PLAIN).split())


def listed(body, name):
    """Return the values that a parameter looks at."""
    element = "".join(part.title() if n else part for n, part in enumerate(name.split("-")))
    found = body.get(element, [])
    found = found if isinstance(found, list) else [found]
    if name in ("owner", "friends"):
        return [each["reference"] for each in found]
    if name == "account":
        return [(each.get("bank", {}).get("reference", ""), each["number"]) for each in found]
    if name == "identifier":
        return [(each.get("system", ""), each["value"]) for each in found]
    return [str(each).lower() if isinstance(each, bool) else each for each in found]


def named(body, name):
    """Return the identifiers of the references that a parameter looks at."""
    found = body.get(name, [])
    found = found if isinstance(found, list) else [found]
    return [each["identifier"] for each in found if "identifier" in each]


def written(text):
    return "".join(f"\\{each}" if each in ",|$\\" else each for each in text)


def sort_value(body, name):
    if name in ("_id", "_lastUpdated"):
        return True, body["id" if name == "_id" else "at"]
    found = listed(body, name)
    if not found:
        return False, 0
    if name in ("born", "seen"):
        return True, days(found[0])[0]
    return True, plainly(found[0]) if name == "name" else found[0]


def expected(bodies, conditions, keys, sign):
    found = [body for body in bodies if all(test(body) for _, _, test in conditions)]
    found.sort(
        key=lambda body: [sort_value(body, key) for key in [*keys, "_id"]], reverse=sign == "-"
    )
    return [body["id"] for body in found]
