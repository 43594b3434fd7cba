"""Folding of text for search: case, accents and spacing do not matter to those who look for a name.

String search: https://hl7.org/fhir/R4/search.html#string.
"""

import sys
from unicodedata import combining, normalize

_SURROGATES = range(0xD800, 0xE000)


def fold(text: str) -> str:
    """Return `text` without case, accents and extra spaces; folding twice changes nothing more."""
    decomposed = normalize("NFKD", normalize("NFKD", text).casefold())
    return " ".join("".join(each for each in decomposed if not combining(each)).split())


def after_prefix(prefix: str) -> str | None:
    """Return the least string above all that begin with `prefix`; None when there is none.

    The order is that of code points, which is the order of UTF-8 bytes too.
    """
    kept = prefix.rstrip(chr(sys.maxunicode))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)
