"""Parameters of an answer, in few words.

https://hl7.org/fhir/R4/parameters.html
"""

from app.model.codec import Resource


def part(name: str, *parts: Resource) -> Resource:
    """Return a parameter made of parts."""
    return {"name": name, "part": [*parts]}


def code(name: str, value: str) -> Resource:
    """Return a parameter that holds a code."""
    return {"name": name, "valueCode": value}


def text(name: str, value: str) -> Resource:
    """Return a parameter that holds a text."""
    return {"name": name, "valueString": value}


def reference(name: str, value: str) -> Resource:
    """Return a parameter that refers to `Type/id`."""
    return {"name": name, "valueReference": {"reference": value}}
