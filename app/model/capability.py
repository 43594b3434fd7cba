"""What this hub can do, as a CapabilityStatement made from the registry: no more, no less.

FHIR R4: https://hl7.org/fhir/R4/capabilitystatement.html. The SMART `oauth-uris` extension:
https://hl7.org/fhir/smart-app-launch/1.0.0/conformance/#declaring-support-for-oauth2-endpoints.
"""

from collections.abc import Iterator, Sequence

from app.model.audit import fhir as audit_fhir
from app.model.chain import MAX_LINKS, Types, referring
from app.model.chain import MOST as MOST_LINKED
from app.model.clause import COMMON
from app.model.codec import Resource
from app.model.include import MOST as MOST_INCLUDED
from app.model.include import including
from app.model.operation import Signature
from app.model.parameter import Parameter
from app.model.query_value import modifiers
from app.model.registry import Registry
from app.model.resource_type import PARTICIPANT, ResourceType

RELEASE = "0.1.0"
"""The version of this software, the one that pyproject.toml states."""

RELEASED = "2026-11-22"
"""The day on which what this release can do last changed; a clock would spoil the ETag."""

FORMATS = ("application/fhir+json", "application/json")
"""The media types that every resource is answered in, the default first."""

MEANING = {
    "_id": "Logical id of the resource.",
    "_lastUpdated": "When the current version was stored.",
}
"""What the search parameters of every type mean; the others are described in their schema."""

DESCRIPTION = "A FHIR-style server of workforce resources; the types are the hub's own."
CHANGES = "https://hub.wioa.example/operations/changes"
LIMITS = "https://hub.wioa.example/extensions/limits"
OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
SECURITY_SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
SYSTEM = ("transaction", "batch", "history-system", "search-system")
"""The interactions on all types at once."""
VALIDATE = "http://hl7.org/fhir/OperationDefinition/Resource-validate"


PATCHES = ("application/json-patch+json", "application/merge-patch+json")


def capability(  # noqa: PLR0913 - each is said in the statement
    registry: Registry,
    url: str,
    *,
    max_body_bytes: int,
    max_count: int,
    max_bundle_entries: int,
    issuer: str | None = None,
    operations: Sequence[Signature] = (),
) -> Resource:
    """Return the CapabilityStatement of the base at `url`; equal input gives an equal statement.

    `issuer` is another issuer whose access tokens are accepted too.
    """
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{url}/metadata",
        "version": RELEASE,
        "name": "WioaHub",
        "title": "WIOA Hub",
        "status": "active",
        "date": RELEASED,
        "kind": "instance",
        "description": DESCRIPTION,
        "software": {"name": "WIOA Hub", "version": RELEASE},
        "implementation": {"description": "WIOA Hub", "url": url},
        "fhirVersion": "4.0.1",
        "format": list(FORMATS),
        "patchFormat": list(PATCHES),
        "rest": [
            {
                "mode": "server",
                **_limited(max_body_bytes, max_count, max_bundle_entries),
                "security": _security(url, issuer),
                "resource": list(_resources(registry.types, operations)),
                "interaction": [{"code": code} for code in SYSTEM],
                "operation": [{"name": "changes", "definition": CHANGES}],
            }
        ],
    }


def interactions(kind: ResourceType) -> tuple[str, ...]:
    """Return the FHIR interactions that `kind` offers; a lookup is inactivated, never deleted."""
    codes = ("read", "vread", "create", "update", "patch", "delete")
    kept = (code for code in codes if not (code == "delete" and kind.is_lookup))
    return (*kept, "history-instance", "history-type", "search-type")


def search_parameters(kind: ResourceType) -> Iterator[Parameter]:
    """Yield the search parameters of `kind`: those of every type, then the declared ones."""
    yield from COMMON.values()
    yield from sorted(kind.parameters.values(), key=lambda parameter: parameter.name)


def documentation(parameter: Parameter) -> str:
    """Return what a client must know of a parameter: its meaning, targets and modifiers."""
    targets = f"Refers to {', '.join(parameter.targets)}." if parameter.targets else ""
    takes = f"Modifiers: {', '.join(f':{each}' for each in modifiers(parameter))}."
    meaning = parameter.description or MEANING.get(parameter.name, "")
    whole = "Found by a whole value only, without a prefix; not sorted by." * parameter.is_blind
    secret = "Only by POST to _search, in the body." * parameter.is_secret
    return " ".join(part for part in (meaning, targets, takes, whole, secret) if part)


def _resource(kind: ResourceType, types: Types, operations: Sequence[Signature]) -> Resource:
    return {
        "type": kind.name,
        "profile": kind.url,
        "documentation": str(kind.schema.get("description", kind.name)),
        "interaction": [{"code": code} for code in interactions(kind)],
        "versioning": "versioned-update" if kind.needs_precondition else "versioned",
        "readHistory": True,
        "updateCreate": kind.is_lookup,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "conditionalUpdate": True,
        "conditionalDelete": "not-supported" if kind.is_lookup else "single",
        "referencePolicy": ["local", "enforced"],
        **_inclusions(kind, types),
        "searchParam": [
            {"name": each.name, "type": each.type, "documentation": documentation(each)}
            for each in search_parameters(kind)
        ],
        "operation": list(_operations(kind, operations)),
    }


def _resources(types: Types, operations: Sequence[Signature]) -> Iterator[Resource]:
    yield from (_resource(kind, types, operations) for _, kind in sorted(types.items()))
    yield audit_fhir.capability()


def _operations(kind: ResourceType, operations: Sequence[Signature]) -> Iterator[Resource]:
    yield {"name": "validate", "definition": VALIDATE}
    if kind.name == PARTICIPANT:
        yield {"name": "disclosures", "definition": audit_fhir.DISCLOSURES}
    for each in operations:
        if each.kind == kind.name:
            yield {"name": each.name, "definition": each.definition, "documentation": each.summary}


def _inclusions(kind: ResourceType, types: Types) -> Resource:
    """Return what a search may bring along; FHIR has no empty lists."""
    found = {"searchInclude": including(kind), "searchRevInclude": referring(kind, types)}
    return {name: list(paths) for name, paths in found.items() if paths}


def _limited(*limits: int) -> Resource:
    return {"extension": [_limits(*limits)], "documentation": _bounds(*limits)}


def _bounds(max_body_bytes: int, max_count: int, max_bundle_entries: int) -> str:
    return (
        f"A request body may have {max_body_bytes} bytes, a page {max_count} entries, "
        f"a batch or transaction {max_bundle_entries}. "
        "An unknown search parameter is refused, never ignored. "
        f"A search has {MAX_LINKS} chains at most, each one level deep and through "
        f"{MOST_LINKED} resources; a page brings along {MOST_INCLUDED} at most. What "
        "would exceed a bound is refused, never cut."
    )


def _limits(max_body_bytes: int, max_count: int, max_bundle_entries: int) -> Resource:
    return {
        "url": LIMITS,
        "extension": [
            {"url": "max-body-bytes", "valueInteger": max_body_bytes},
            {"url": "max-count", "valueInteger": max_count},
            {"url": "max-bundle-entries", "valueInteger": max_bundle_entries},
            {"url": "max-chained", "valueInteger": MOST_LINKED},
            {"url": "max-included", "valueInteger": MOST_INCLUDED},
        ],
    }


def _security(url: str, issuer: str | None) -> Resource:
    also = f" or from the issuer {issuer}" if issuer else ""
    token = {"url": "token", "valueUri": f"{url}/oauth/token"}
    return {
        "extension": [{"url": OAUTH_URIS, "extension": [token]}],
        "service": [
            {
                "coding": [{"system": SECURITY_SERVICES, "code": "SMART-on-FHIR"}],
                "text": "OAuth2 client credentials with SMART scopes, system/Type.cruds",
            }
        ],
        "description": (
            f"Bearer tokens from {url}/oauth/token{also}; this statement needs none. A client "
            "proves who it is by a signed assertion (private_key_jwt, SMART Backend Services) or, "
            "in trials, by a secret. The header Purpose-Of-Use says why it asks; agreements and "
            "consents decide what it sees, and meta.security names what was left out."
        ),
    }
