"""Makes the requests of the corpus about versions of schemas (tests/web/corpus/schemas.json)."""

import json

from bad_input import AGENCY, FORM, JSON, Case, corpus, spelt
from publishing import ROOT, a_draft, the_schema

DRAFT = "Agency-1.9.0"
READ = (200,)
READS = (("GET", AGENCY), ("GET", f"{AGENCY}/x"), ("GET", "/v1/_history"))
WRITES = (
    ("POST", AGENCY, "application/fhir+json"),
    ("POST", f"{AGENCY}/$validate", "application/json"),
    ("PATCH", f"{AGENCY}/x", "application/merge-patch+json"),
    ("POST", "/v1", "application/fhir+json"),
)
SPOKEN = "application/fhir+json"


def profiles():
    """Yield requests that name versions in Accept and in Content-Type."""
    for kind, told in corpus("schemas")["profiles"].items():
        for why, value in told.items():
            profile = spelt(value).decode().replace("@H", ROOT)
            is_refused = kind == "refused"
            yield from _reads(f"{why} ({kind})", profile, is_refused=is_refused)
            yield from _writes(f"{why} ({kind})", profile, is_refused=is_refused)


def _reads(why, profile, *, is_refused):
    accept = {"Accept": f"{SPOKEN}; profile={profile}"}
    for method, path in READS:
        told = () if is_refused else READ
        yield Case(f"{why}: accept {method} {path}", method, path, "", accept, b"", told)
    sent = {"Accept": f"*/*, {SPOKEN}; q=0.1; profile={profile}", **FORM}
    told = () if is_refused else READ
    yield Case(f"{why}: by form", "POST", f"{AGENCY}/_search", "", sent, b"", told)


def _writes(why, profile, *, is_refused):
    for method, path, media in WRITES:
        # A dry run tells in its answer what is wrong.
        told = READ if "$validate" in path and not is_refused else ()
        sent = {"Content-Type": f"{media}; profile={profile}"}
        yield Case(f"{why}: content {method} {path}", method, path, "", sent, b"{}", told)
    sent = JSON | {"Accept": f"{SPOKEN}; profile={profile}"}
    yield Case(f"{why}: accept {AGENCY}", "POST", AGENCY, "", sent, b"{}")


def candidates():
    """Yield what is tried as a candidate; its report may say what is wrong with it."""
    for why, value in corpus("schemas")["candidates"].items():
        body = spelt(value).replace(b"@H", ROOT.encode())
        yield Case(why, "POST", "/schemas/Agency/$check", "", JSON, body, READ)


def drafts():
    """Yield drafts by why they are bad; one that is stored is to be refused by its gates."""
    for why, wrong in corpus("schemas")["drafts"].items():
        given = {name: _spelt(value) for name, value in wrong.items()}
        whole = {**a_draft(a_schema(), examples=[]), **given}
        yield why, {name: value for name, value in whole.items() if value is not None}


def a_put(why, body, held):
    """Return the request that stores a draft; `held` is the tag of what is there, if any."""
    sent = JSON | ({"If-Match": held} if held else {})
    path = f"/v1/SchemaVersion/{DRAFT}"
    return Case(why, "PUT", path, "", sent, json.dumps(body).encode(), (200, 201))


def moves(number):
    """Yield requests for all that is done with a draft on its way."""
    given = [{"name": "version", "valueInteger": number}]
    for name in ("check", "scan", "submit", "approve", "publish", "retire"):
        told = [] if name == "check" else given
        body = json.dumps({"resourceType": "Parameters", "parameter": told}).encode()
        harmless = (200,) if name in ("check", "scan") else ()
        yield Case(name, "POST", f"/v1/SchemaVersion/{DRAFT}/${name}", "", JSON, body, harmless)


def a_schema():
    """Return the schema of a next version of a type."""
    return {**the_schema("Agency"), "$id": f"{ROOT}/Agency/1.9.0"}


def _spelt(value):
    if isinstance(value, dict) and "repeat" in value:
        return spelt(value).decode()
    return value.replace("@H", ROOT) if isinstance(value, str) else value
