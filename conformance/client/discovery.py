"""What the hub says of itself; a client has no addresses of its own but the base."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
FHIR = "application/fhir+json"
_VERSION = re.compile(r"(/schemas/[A-Za-z]+)[|/](\d)")
"""How a profile ends that is one of the hub's own schemas: metadata names it by its address."""


class Capability:
    """The hub's CapabilityStatement: where it is, where tokens are, which versions it speaks."""

    def __init__(self, statement: Mapping[str, Any]) -> None:
        rest = statement["rest"][0]
        self.url: str = statement["implementation"]["url"]
        self.token_url: str = _token_url(rest["security"])
        self.profiles: dict[str, str] = {
            each["type"]: each.get("profile", "") for each in rest["resource"]
        }
        """Resource type → address of the version of its schema that is current."""

    def address(self, path: str) -> str:
        """Return the URL of a path below the base; raise LookupError for a type it has not."""
        for kind in kinds(path):
            if kind not in self.profiles:
                raise LookupError(f"This hub does not offer {kind}.")
        return f"{self.url}/{path}".rstrip("/")

    def media_type(self, kinds: Iterable[str]) -> str:
        """Return the media type that names the versions of these types, as `Type|version`."""
        known = [self.profiles.get(each, "") for each in kinds]
        named = [_VERSION.sub(r"\1|\2", each) for each in known if _VERSION.search(each)]
        return f'{FHIR}; profile="{" ".join(named)}"' if named else FHIR


def kinds(path: str) -> list[str]:
    """Return the resource types that a path below the base is about."""
    place, _, query = path.partition("?")
    first = place.partition("/")[0]
    if first[:1].isupper():
        return [first]
    return [each for some in parse_qs(query).get("_type", ()) for each in some.split(",")]


def bundled(body: Mapping[str, Any]) -> list[str]:
    """Return the resource types in a bundle."""
    found = (each.get("resource", {}).get("resourceType") for each in body.get("entry", ()))
    return [each for each in dict.fromkeys(found) if each]


def _token_url(security: Mapping[str, Any]) -> str:
    for outer in security.get("extension", ()):
        if outer["url"] == OAUTH_URIS:
            for inner in outer["extension"]:
                if inner["url"] == "token":
                    return str(inner["valueUri"])
    raise LookupError("The hub does not say where it gives out tokens.")
