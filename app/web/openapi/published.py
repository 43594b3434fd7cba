"""The operations on published schemas: the catalog, versions and all about them, the dry run."""

from collections.abc import Iterator

from app.web.openapi.discovered import JSON, open_operation, plain, static
from app.web.openapi.parts import Part, ref, refusals, schema
from app.web.publications import BUNDLE
from app.web.publications.candidates import READ
from app.web.publications.edition import HTML, MARKDOWN, SCHEMA

NUMBER = r"(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){0,2}"
OBJECT = {"type": "object"}
LIST = {"type": "array", "items": OBJECT}
AT = "/schemas/{name}/{version}"


def paths() -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of what is below `/schemas`."""
    catalog = static(JSON, schema("Catalog"), "Every schema and its versions.")
    yield "/schemas", {"get": open_operation("schemas", TAG, "The published schemas", catalog)}
    yield "/schemas/meta", {"get": _meta()}
    yield "/schemas/{name}", {"get": _current()}
    yield "/schemas/{name}/compare", {"get": _compare()}
    yield "/schemas/{name}/$check", {"post": _check()}
    yield AT, {"get": _exact()}
    for part, (body, summary) in PARTS.items():
        found = static(JSON, body, f"{summary}.")
        yield f"{AT}/{part}", {"get": _named(f"schema-{part}", summary, found, VERSION)}
    yield f"{AT}/docs", {"get": _docs()}


def _meta() -> Part:
    found = static(SCHEMA, OBJECT, "The meta-schema.")
    return open_operation("schema-meta", TAG, "Which words the schemas here may use", found)


def _current() -> Part:
    found = static(SCHEMA, OBJECT, "The schema; Content-Location names its version.")
    return _named("schema-current", "The current version of a schema", found)


def _exact() -> Part:
    found = static(SCHEMA, OBJECT, "The schema, byte for byte as published.")
    flag = {"description": "With all that it refers to, in one document.", "allowEmptyValue": True}
    bundle = _query("bundle", {"enum": list(BUNDLE)}) | flag
    return _named("schema", "One version of a schema", found, VERSION, bundle)


def _docs() -> Part:
    text = {"type": "string"}
    found = static(HTML, text, "The page.")
    found["200"]["content"][MARKDOWN] = {"schema": text}
    form = _query("format", {"enum": ["html", "md"]})
    return _named("schema-docs", "The page of a version, for people", found, VERSION, form)


def _compare() -> Part:
    found = static(JSON, OBJECT, "Whether writers and readers can go on, and every change.")
    found["200"]["content"][HTML] = {"schema": {"type": "string"}}
    number = {"type": "string", "pattern": f"^{NUMBER}$"}
    since = _query("from", number) | {"description": "The version before `to` without."}
    to = _query("to", number) | {"description": "The current version without."}
    form = _query("format", {"enum": ["json", "html"]})
    return _named("schema-compare", "Two versions side by side", found, since, to, form)


def _check() -> Part:
    envelope = {
        "type": "object",
        "required": ["schema"],
        "properties": {
            "schema": OBJECT,
            "base": {"type": "string", "description": "The version that it was made from."},
            "examples": LIST,
        },
    }
    operation = open_operation(
        "schema-check",
        TAG,
        "What the gates find in a candidate; nothing is kept",
        {"200": plain("The report of the gates.", OBJECT), **refusals(400, 413, 415, 422)},
    )
    del operation["security"]
    operation["parameters"] = [NAME]
    body = {media: {"schema": {"anyOf": [envelope, OBJECT]}} for media in READ}
    return {**operation, "requestBody": {"required": True, "content": body}}


def _named(name: str, summary: str, responses: Part, *parameters: Part) -> Part:
    responses["400"] = ref("responses", "400")
    responses["404"] = ref("responses", "404")
    operation = open_operation(name, TAG, summary, responses)
    operation["parameters"] = [NAME, *parameters]
    return operation


def _path(name: str, form: str) -> Part:
    value = {"type": "string", "pattern": form}
    return {"name": name, "in": "path", "required": True, "schema": value}


def _query(name: str, body: Part) -> Part:
    return {"name": name, "in": "query", "schema": body}


TAG = "Discovery"
NAME = _path("name", "^[A-Za-z]+$")
VERSION = _path("version", f"^{NUMBER}$")
PARTS: dict[str, tuple[Part, str]] = {
    "status": (OBJECT, "Where a version stands"),
    "report": (OBJECT, "What the gates found before a version was published"),
    "examples": (LIST, "Resources that the schema accepts"),
    "invalid-examples": (LIST, "Resources that the schema refuses"),
}
"""What is told of a version beside its schema."""
