"""A folder in which every type has a version 1.1.0 with more in it than 1.0.0 has words for."""

import json
import shutil
from copy import deepcopy

from app.composition import schema_folder
from app.settings import Settings
from publishing import ROOT

OWN = "SchemaVersion"
NOTE = {
    "description": "A remark that the first version has no word for.",
    "$ref": f"{ROOT}/datatypes/1.0.0#/$defs/string",
    "x-sensitivity": "OPS",
}
CODE = {
    "description": "How the office came to know of it.",
    "type": "string",
    "enum": ["paper", "telephone"],
    "x-sensitivity": "OPS",
}


def richer(schema):
    """Return a next version: a remark at the root and in every object and entry below it."""
    made = deepcopy(schema)
    made["$id"] = made["$id"].replace("/1.0.0", "/1.1.0")
    _enrich(made)
    made["properties"]["zCode"] = CODE
    return made


def _enrich(node):
    for name, each in list(node.get("properties", {}).items()):
        inner = each.get("items", each)
        if name not in ("meta", "identifier", "extension") and "properties" in inner:
            _enrich(inner)
    node["properties"]["zNote"] = NOTE


def a_folder(folder):
    """Fill a folder with all that ships and a version 1.1.0 of each type; return it."""
    shutil.copytree(schema_folder(Settings()), folder, dirs_exist_ok=True)
    for path in sorted(folder.glob("*/1.0.0/schema.json")):
        schema = json.loads(path.read_text("utf-8"))
        if "x-kind" in schema and path.parts[-3] != OWN:
            home = folder / path.parts[-3] / "1.1.0"
            shutil.copytree(path.parent, home)
            (home / "schema.json").write_text(json.dumps(richer(schema)), "utf-8")
    return folder


def annotated(schema, body):
    """Return a body with a remark wherever version 1.1.0 has room for one."""
    return {**_annotated(schema, body), "zCode": "paper"}


def _annotated(schema, body):
    found = {"zNote": "Kept by the office."}
    for name, value in body.items():
        inner = schema["properties"].get(name, {})
        entry = inner.get("items", inner)
        if "zNote" not in entry.get("properties", {}):
            found[name] = value
        elif isinstance(value, list):
            found[name] = [_annotated(entry, each) for each in value]
        else:
            found[name] = _annotated(entry, value)
    return found


def remarks(value):
    """Return how many remarks a value holds."""
    if isinstance(value, dict):
        return ("zNote" in value) + sum(map(remarks, value.values()))
    return sum(map(remarks, value)) if isinstance(value, list) else 0
