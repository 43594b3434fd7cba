"""One self-contained document of a schema and all that it refers to.

JSON Schema 2020-12, section 9.3.1: what is referred to is embedded below `$defs` with its `$id`, so
that every `$ref` stays as it is and leads into the document itself.
"""

from typing import Any

from app.model.publication import Publication
from app.web.publications.catalog import Catalog


def bundled(catalog: Catalog, one: Publication) -> dict[str, Any]:
    """Return the compound document of a version; all in it are exact versions, so it stays."""
    found: dict[str, Publication] = {}
    asked = list(catalog.needed(one))
    while asked:
        each = asked.pop()
        address = str(each.schema["$id"])
        if address not in found and each != one:
            found[address] = each
            asked.extend(catalog.needed(each))
    embedded = {address: each.schema for address, each in sorted(found.items())}
    return {**one.schema, "$defs": {**one.schema.get("$defs", {}), **embedded}}
