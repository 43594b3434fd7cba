"""The operations of one resource type in the OpenAPI document, one function per interaction."""

from collections.abc import Iterator

from app.model.capability import interactions
from app.model.resource_type import ResourceType
from app.web.openapi.envelopes import bundle_of
from app.web.openapi.parts import Part, content, operation, ref, refusals, response, schema
from app.web.openapi.queries import search_queries
from app.web.openapi.writes import BODY, VERSION_HEADERS, conditional, patch, unseen, written


def paths(kind: ResourceType, base: str, *, has_example: bool) -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) for every route of `kind` below `base`."""
    root = f"{base}/{kind.name}"
    body = _body(kind, has_example=has_example)
    one = {
        "get": _read(kind),
        "put": {**_update(kind), "requestBody": body},
        "patch": patch(kind),
    }
    if "delete" in interactions(kind):
        one["delete"] = _delete(kind)
    vread, create = _vread(kind), {**_create(kind), "requestBody": body}
    matched = conditional(kind)
    matched["put"]["requestBody"] = body
    if has_example:
        _show_stored(kind, one["get"], one["put"], vread, create)
    yield root, {"get": _search(kind), "post": create, **matched}
    yield f"{root}/{{id}}", one
    yield f"{root}/{{id}}/_history", {"get": _history(kind, "history-instance", "id")}
    yield f"{root}/{{id}}/_history/{{versionId}}", {"get": vread}
    yield f"{root}/_history", {"get": _history(kind, "history-type")}
    yield f"{root}/$validate", {"post": _validate(kind)}
    yield f"{root}/{{id}}/$validate", {"post": _validate(kind, "id")}


def _read(kind: ResourceType) -> Part:
    return _shown(kind, "read", f"Read a {kind.name}", "id")


def _vread(kind: ResourceType) -> Part:
    return _shown(kind, "vread", f"Read one version of a {kind.name}", "id", "versionId")


def _shown(kind: ResourceType, interaction: str, summary: str, *names: str) -> Part:
    found = {
        "200": response("The version.", schema(kind.name), *VERSION_HEADERS),
        "304": response("The client holds it.", None, *VERSION_HEADERS),
    }
    responses = found | refusals(410)
    return operation(kind, interaction, summary, responses, *names, "If-None-Match")


def _create(kind: ResourceType) -> Part:
    found = {
        "200": written(kind, "What matches If-None-Exist; nothing was created."),
        "201": written(kind, "The first version."),
    }
    responses = found | refusals(409, 412, 422, *BODY)
    names = ("Prefer", "If-None-Exist", "Idempotency-Key")
    return operation(kind, "create", f"Create a {kind.name}", responses, *names)


def _update(kind: ResourceType) -> Part:
    found = {"200": written(kind, "The next version; the current one if nothing changed.")}
    if kind.is_lookup:
        found["201"] = written(kind, "The first version, at an id that the client chose.")
    else:
        found["405"] = ref("responses", "405")
    responses = found | refusals(409, 410, 412, 422, *BODY, *unseen(kind))
    return operation(kind, "update", f"Update a {kind.name}", responses, "id", "Prefer")


def _delete(kind: ResourceType) -> Part:
    found = {"204": response("Deleted, now or before.")}
    responses = found | refusals(409, 412, *unseen(kind))
    return operation(kind, "delete", f"Delete a {kind.name}", responses, "id")


def _history(kind: ResourceType, interaction: str, *names: str) -> Part:
    of = f"one {kind.name}" if names else f"every {kind.name}"
    found = {"200": response("A page, newest first.", bundle_of("history", kind.name))}
    return operation(
        kind,
        interaction,
        f"Versions of {of}",
        found | refusals(*((410,) if names else ())),
        *names,
        "_count-history",
        "_since",
        "_cursor",
    )


def _search(kind: ResourceType) -> Part:
    found = {"200": response("A page of matches.", bundle_of("searchset", kind.name))}
    names = ("_count", "_cursor", "_total", "_summary")
    searching = operation(
        kind, "search-type", f"Search for {kind.name}", found | refusals(), *names
    )
    searching["parameters"] += search_queries(kind)
    return searching


def _validate(kind: ResourceType, *names: str) -> Part:
    found = {"200": response("What a write would be told.", schema("OperationOutcome"))}
    either = {"anyOf": [schema(kind.name), schema("Parameters"), {"type": "object"}]}
    return {
        **operation(
            kind,
            "validate-instance" if names else "validate",
            f"Say every fault of a {kind.name}, and write nothing",
            found | refusals(*BODY),
            *names,
        ),
        "requestBody": {"required": True, "content": content(either)},
    }


def _body(kind: ResourceType, *, has_example: bool) -> Part:
    more = {"examples": {"valid": ref("examples", kind.name)}} if has_example else {}
    return {
        "required": True,
        "description": f"A {kind.name} as {kind.url} says.",
        "content": content(schema(kind.name), **more),
    }


def _show_stored(kind: ResourceType, *operations: Part) -> None:
    """Add to each answer that is a stored version what one looks like."""
    for each in operations:
        for status in {"200", "201"} & set(each["responses"]):
            for answer in each["responses"][status]["content"].values():
                answer["examples"] = {"stored": ref("examples", f"{kind.name}-stored")}
