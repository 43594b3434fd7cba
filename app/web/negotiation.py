"""Which version of a contract a request names, by the `profile` of its media types (RFC 6906).

A version is named as FHIR names canonicals, `https://hub.wioa.example/schemas/Referral|1.0.0`, or
by its address at this hub; `|1.0` and `|1` name the newest one within. Several are separated by
spaces: a bundle holds resources of several types.
"""

import re
from collections.abc import Iterator

from app.model.errors import Malformed
from app.model.outcome import CANONICAL

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z\-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PARAMETER = re.compile(rf"\s*;\s*({_WORD})\s*=\s*({_QUOTED}|{_WORD})\s*")
"""RFC 9110 section 5.6.6."""
_RANGE = re.compile(rf"\s*([^;,\s\"]+)((?:[^\",]|{_QUOTED})*)")
_SCHEMA = re.compile(r"/schemas/([A-Z][A-Za-z]*)(?:[|/]([0-9]{1,4}(?:\.[0-9]{1,4}){0,2}))?\Z")
_SPOKEN = frozenset({"*/*", "application/*", "application/json", "application/fhir+json"})
_MOST = 50
"""Versions that one header may name."""


def declared(header: str, origin: str = "", name: str = "Content-Type") -> dict[str, str]:
    """Return the version that a media type declares of each type, whole or its beginning.

    `origin` is that of this hub. Raises Malformed, with the `name` of the header, for a profile
    that is none of ours, that is not quoted, or that names one type twice.
    """
    if "profile" not in header.lower():
        return {}
    kind, _, parameters = header.partition(";")
    values = [value for key, value in _parameters(f";{parameters}", name) if key == "profile"]
    if len(values) > 1:
        raise Malformed("The parameter profile is given once, with spaces between versions.", name)
    return _versions(values[0], origin, name) if values and kind.strip() else {}


def wanted(accept: str, origin: str = "") -> dict[str, str]:
    """Return the versions that Accept asks for: of the range with a profile that is liked best.

    Raises Malformed as `declared` does.
    """
    if "profile" not in accept.lower():
        return {}
    found = [
        (_quality(parameters), declared(f"{kind}{parameters}", origin, "Accept"))
        for kind, parameters in _ranges(accept)
        if kind.lower() in _SPOKEN
    ]
    liked = [each for each in found if each[0] > 0 and each[1]]
    return max(liked, key=lambda each: each[0])[1] if liked else {}


def plain(accept: str) -> str:
    """Return Accept without profiles, as the media type alone is negotiated."""
    if "profile" not in accept.lower():
        return accept
    return ", ".join(
        kind
        + "".join(
            f";{key}={value}"
            for key, value in _PARAMETER.findall(parameters)
            if key.lower() != "profile"
        )
        for kind, parameters in _ranges(accept)
    )


def _parameters(text: str, header: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        found = _PARAMETER.match(text, place)
        if found is None:
            raise Malformed("A profile is written in double quotes, after a semicolon.", header)
        value = found[2]
        is_quoted = value.startswith('"')
        yield found[1].lower(), re.sub(r"\\(.)", r"\1", value[1:-1]) if is_quoted else value
        place = found.end()


def _versions(profile: str, origin: str, header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, address in enumerate(profile.split()):
        roots = (root for root in (CANONICAL, origin) if root and address.startswith(f"{root}/"))
        root = next(roots, None)
        named = _SCHEMA.fullmatch(address[len(root) :]) if root else None
        if named is None or at == _MOST:
            text = (
                f"A profile names a version of a type, as {CANONICAL}/schemas/Referral|1.0.0 does."
            )
            raise Malformed(text, header)
        kind, version = named[1], named[2]
        if version is None:
            continue
        if found.setdefault(kind, version) != version:
            raise Malformed("The profiles name two versions of one type.", header)
    return found


def _ranges(accept: str) -> Iterator[tuple[str, str]]:
    for found in _RANGE.finditer(accept):
        yield found[1], found[2]


def _quality(parameters: str) -> float:
    given = {key.lower(): value for key, value in _PARAMETER.findall(parameters)}
    try:
        return float(given.get("q", "1"))
    except ValueError:
        return 0.0
