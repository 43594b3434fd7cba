"""Search tokens as flat strings: `code`, `system|code`, `system|` and `|code`.

Token search: https://hl7.org/fhir/R4/search.html#token.
"""

from typing import Any

_ESCAPES = str.maketrans({"%": "%25", "|": "%7C", "&": "%26"})
_SPACING = str.maketrans("", "", "- ")


def escaped(component: str) -> str:
    """Return a component with the separators of keys and tokens written another way."""
    return component.translate(_ESCAPES)


def bare(text: str) -> str:
    """Return a code without the hyphens and spaces that people write in long numbers."""
    return text.translate(_SPACING)


def code(value: Any) -> str | None:
    """Return a code, boolean or number as a token's text; None for what cannot be a token."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else None


def pair(system: str, value: str) -> str:
    """Return the one form that says both; an empty system means that there is none."""
    return f"{escaped(system)}|{escaped(value)}"


def identified(parameter: str, form: str) -> str:
    """Return the token that says of a reference parameter that a reference has an identifier.

    It can never be mistaken for a reference, `Type/id`, and is kept among them.
    """
    return f"{parameter}:identifier={form}"


def forms(system: str, value: str) -> tuple[str, ...]:
    """Return every form under which a token is found."""
    whole = (escaped(value), pair(system, value))
    return (*whole, f"{escaped(system)}|") if system else whole
