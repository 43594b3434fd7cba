"""Newer versions for tests: pairs made by chance, and every type with more in it at every depth."""

import copy
import json
from pathlib import Path

SCHEMAS = Path(__file__).parent.parent / "resource_schemas"
DATATYPES = "https://hub.wioa.example/schemas/datatypes/1.0.0"
NEWER_DATATYPES = DATATYPES.replace("1.0.0", "1.9.0")
NEW_CODE = "z-newer"
CLOSED = {"type": "object", "additionalProperties": False}


def documents():
    """Return all shipped schemas by `$id`, and the newer shared data types."""
    found = {}
    for path in SCHEMAS.glob("*/1.0.0/schema.json"):
        schema = json.loads(path.read_text())
        found[schema["$id"]] = schema
    return found | {NEWER_DATATYPES: newer(found[DATATYPES])}


def newer(schema):
    """Return a schema with one more element in every object and one more code in every list."""
    later = json.loads(json.dumps(schema).replace(DATATYPES, NEWER_DATATYPES))
    later["$id"] = later["$id"].replace("1.0.0", "1.9.0")
    roots = [each for name, each in later.get("$defs", {}).items() if name != "Meta"]
    for root in roots or [later]:
        _enlarge(root)
    return later


def _enlarge(schema):
    if "properties" in schema:
        for name, each in schema["properties"].items():
            if name != "meta":
                _enlarge(each)
        schema["properties"]["zNewer"] = {"type": "string"}
        if "maxProperties" in schema:
            schema["maxProperties"] += 1
    if isinstance(schema.get("items"), dict):
        _enlarge(schema["items"])
    if all(isinstance(each, str) for each in schema.get("enum", [0])):
        schema["x-fallback"] = {NEW_CODE: "z-middle", "z-middle": schema["enum"][0]}
        schema["enum"] = [*schema["enum"], NEW_CODE, "z-middle"]


def examples(name):
    """Return the valid examples of a shipped type."""
    folder = SCHEMAS / name / "1.0.0" / "valid"
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def filled(value, at=""):
    """Return a resource with the newer element in every object, its value told by its place."""
    if isinstance(value, list):
        return [filled(each, f"{at}/{index}") for index, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kept = {
        name: each if name in ("meta", "levelEfls") else filled(each, f"{at}/{name}")
        for name, each in value.items()
    }
    return kept | {"zNewer": at or "/"}


def recoded(resource, is_valid):
    """Yield the resource with the newer code at each place, one by one, where that is valid."""
    for *path, last in _places(resource, []):
        changed = copy.deepcopy(resource)
        target = changed
        for step in path:
            target = target[step]
        target[last] = NEW_CODE
        if is_valid(changed):
            yield changed


def _places(value, path):
    if isinstance(value, str):
        yield path
        return
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, each in steps if isinstance(value, dict | list) else ():
        if isinstance(each, dict | list | str) and step not in ("meta", "zNewer"):
            yield from _places(each, [*path, step])


def kind_of_chance(chance, depth=3):
    """Return what a place is, told for both versions at once; the root is an object."""
    kinds = (
        ["object"]
        if depth == 3
        else ["text", "code", "object", "list", "list"][: 2 + 3 * (depth > 0)]
    )
    kind = chance.choice(kinds)
    if kind == "list":
        inner = kind_of_chance(chance, depth - 1)
        return {"kind": kind, "of": inner, "is_unique": maybe(chance), "needs": maybe(chance)}
    if kind != "object":
        return {"kind": kind, "chain": maybe(chance)}
    members = {
        name: {
            "of": kind_of_chance(chance, depth - 1),
            "is_new": chance.random() < 0.4,
            "is_required": chance.random() < 0.3,
        }
        for name in chance.sample("abcdef", chance.randint(1, 4))
    }
    is_inner = depth < 3
    return {
        "kind": kind,
        "members": members,
        "needs": is_inner and maybe(chance),
        "is_branched": is_inner and maybe(chance),
    }


def maybe(chance):
    """Return true or false, one as likely as the other."""
    return chance.random() < 0.5


def schema_of(kind, *, is_newest, is_optional=False):
    """Return the older or the newest version of a kind."""
    if kind["kind"] == "text":
        return {"type": "string"}
    if kind["kind"] == "code":
        later = {"y": "z", "z": "a"} if kind["chain"] else {"y": "b", "z": "a"}
        return (
            {"enum": ["a", "b", "y", "z"], "x-fallback": later}
            if is_newest
            else {"enum": ["a", "b"]}
        )
    if kind["kind"] == "list":
        entry = schema_of(kind["of"], is_newest=is_newest, is_optional=True)
        found = {"type": "array", "items": entry, "uniqueItems": kind["is_unique"]}
        return found | ({"minItems": 1} if kind["needs"] and is_optional else {})
    members = {
        name: each for name, each in kind["members"].items() if is_newest or not each["is_new"]
    }
    properties = {
        name: schema_of(each["of"], is_newest=is_newest, is_optional=not each["is_required"])
        for name, each in members.items()
    }
    needed = sorted(name for name, each in members.items() if each["is_required"])
    found = {**CLOSED, "properties": properties, "required": needed}
    if kind["is_branched"]:
        found = {"allOf": [{"$ref": "#/$defs/any"}, {"anyOf": [found, False]}]}
    return found | ({"minProperties": 1} if kind["needs"] and is_optional else {})


def version_of(kind, *, is_newest):
    """Return the older or the newest version of a kind as a document."""
    name = "newest" if is_newest else "older"
    return {"$id": name, "$defs": {"any": {}}, **schema_of(kind, is_newest=is_newest)}


def value_of(kind, chance):
    """Return a value of the newest version, sizes aside."""
    if kind["kind"] == "text":
        return chance.choice("stu")
    if kind["kind"] == "code":
        return chance.choice("abyz")
    if kind["kind"] == "list":
        entries = [value_of(kind["of"], chance) for _ in range(chance.randint(0, 4))]
        return [
            each
            for at, each in enumerate(entries)
            if each not in entries[:at] or not kind["is_unique"]
        ]
    return {
        name: value_of(each["of"], chance)
        for name, each in kind["members"].items()
        if each["is_required"] or chance.random() < 0.7
    }


def edited(value, chance):
    """Return a value with parts left out, entries moved, doubled or removed, words changed."""
    if isinstance(value, dict):
        kept = {name: edited(each, chance) for name, each in value.items()}
        gone = chance.choice([None, None, None, *kept])
        return {name: each for name, each in kept.items() if name != gone}
    if isinstance(value, list):
        entries = [edited(each, chance) for each in value]
        if entries and maybe(chance):
            entries.pop(chance.randrange(len(entries)))
        if entries and maybe(chance):
            entries.append(entries[0])
        return chance.sample(entries, len(entries)) if maybe(chance) else entries
    return chance.choice([value, value, value, "a", "b"])
