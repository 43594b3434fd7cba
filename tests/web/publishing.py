"""Staff who publish: a draft from the newest version of a type, through every step."""

import json
from copy import deepcopy

from app.composition import schema_folder
from app.model.shelf import shelf
from app.settings import Settings

SHIPPED = {(each.type, each.version): each for each in shelf(schema_folder(Settings()))}
AUTHOR, APPROVER = "state-staff", "state-reviewer"
ROOT = "https://hub.wioa.example/schemas"


def the_schema(kind, version="1.0.0"):
    """Return the schema of a version that ships with the hub."""
    return deepcopy(SHIPPED[kind, version].schema)


def with_note(kind, version="1.1.0", name="fieldNote"):
    """Return the schema of a next version: one more optional element, which is searched."""
    schema = the_schema(kind)
    schema["$id"] = f"{ROOT}/{kind}/{version}"
    schema["properties"][name] = {
        "description": "A remark of the office that keeps the record.",
        "$ref": f"{ROOT}/datatypes/1.0.0#/$defs/string",
        "maxLength": 200,
        "x-search": {"param": "field-note", "type": "string"},
        "x-sensitivity": "OPS",
    }
    return schema


def a_draft(schema, examples=None):
    """Return the body of a draft with the examples of its base."""
    kind, version = schema["$id"].split("/")[-2:]
    shipped = SHIPPED[kind, "1.0.0"]
    texts = (*shipped.examples, *shipped.counterexamples)
    kept = [
        {"name": name, "isValid": at < len(shipped.examples), "text": text.decode()}
        for at, (name, text) in enumerate(zip(shipped.names, texts, strict=True))
    ]
    return {
        "resourceType": "SchemaVersion",
        "id": f"{kind}-{version}",
        "type": kind,
        "version": version,
        "base": "1.0.0",
        "summary": "Adds a remark.",
        "text": json.dumps(schema),
        "examples": kept if examples is None else examples,
    }


class Desk:
    """Two of the state's staff who publish one version after the other."""

    def __init__(self, state):
        self.author, self.approver = state.client(AUTHOR), state.client(APPROVER)

    def put(self, draft, by=None):
        """Store a draft; return the answer."""
        address = f"/v1/SchemaVersion/{draft['id']}"
        there = self.author.get(address)
        held = {"If-Match": there.headers["ETag"]} if there.status_code == 200 else {}
        return (by or self.author).put(address, json=draft, headers=held)

    def ask(self, id, operation, by=None, **inputs):
        """Call an operation upon the newest version of the resource; return the answer."""
        by = by or self.author
        there = self.author.get(f"/v1/SchemaVersion/{id}")
        number = int(there.json["meta"]["versionId"]) if there.status_code == 200 else 0
        given = [{"name": "version", "valueInteger": number}]
        for name, value in inputs.items():
            kind = "valueDate" if name == "sunset" else "valueString"
            values = value if isinstance(value, list) else [value]
            given += [{"name": name, kind: each} for each in values]
        body = {"resourceType": "Parameters", "parameter": given}
        return by.post(f"/v1/SchemaVersion/{id}/${operation}", json=body)

    def check(self, id):
        """Return the report on a version as it stands."""
        answer = self.author.post(
            f"/v1/SchemaVersion/{id}/$check", json={"resourceType": "Parameters"}
        )
        return json.loads(answer.json["parameter"][0]["valueString"])

    def scan(self, id):
        """Scan to the end; return the last answer's parameters by name."""
        while True:
            answer = self.ask(id, "scan")
            assert answer.status_code == 200, answer.json
            told = {p["name"]: p for p in answer.json["parameter"] if p["name"] != "fault"}
            if told["done"]["valueBoolean"]:
                return {name: p.get("valueInteger") for name, p in told.items()}, answer.json

    def publish(self, schema, **inputs):
        """Take a schema through every step; return the last answer."""
        draft = a_draft(schema)
        for answer in self._steps(draft, inputs):
            assert answer.status_code in (200, 201), answer.get_data(as_text=True)
        return answer

    def _steps(self, draft, inputs):
        id = draft["id"]
        yield self.put(draft)
        yield self.ask(id, "submit")
        yield self.ask(id, "approve", self.approver, **inputs)
        self.wait(id)
        self.scan(id)
        yield self.ask(id, "publish")

    def wait(self, id):
        """Wait until the workers know of the approval."""
        while (answer := self.ask(id, "scan")).status_code == 503:
            assert answer.headers["Retry-After"]
