"""A hub that keeps versions of schemas in memory, for the commands that speak to one."""

import json
from dataclasses import dataclass, field

import httpx

URL = "http://hub.test/v1"
ID = "Badge-1.1.0"
TEXT = """{
  "$id": "https://hub.wioa.example/schemas/Badge/1.0.0",  "title":  "Badge",
  "$defs": {"self": {"$ref": "https://hub.wioa.example/schemas/Badge/1.0.0#/$defs/x"}},
  "properties": {"name": {"description": "Name, as in “Bürgerbüro”."}}
}
"""


def a_row(version="1.0.0", status="published", number=1, **more):
    return {
        "resourceType": "SchemaVersion",
        "id": f"Badge-{version}",
        "meta": {
            "versionId": str(number),
            "lastUpdated": "2026-01-05T12:00:00Z",
            "source": "urn:wioa-hub:client:state-reviewer",
        },
        "type": "Badge",
        "version": version,
        "status": status,
        "summary": "Adds a color.",
        "text": TEXT,
        "examples": [
            {"name": "full", "isValid": True, "text": '{"a":  1}\n'},
            {"name": "empty", "isValid": False, "text": "{}"},
        ],
    } | more


def a_finding(**more):
    return {
        "code": "required-added",
        "text": "The element color became required.",
        "path": "#/required",
        "level": "error",
        "direction": "write",
        "against": "1.0.0",
        "evidence": "witness",
        "witness": [{"resourceType": "Badge"}],
        "stored": 1312,
        "bump": "major",
        "hint": "Make it optional.",
    } | more


def a_report(*findings, facts=None):
    found = list(findings)
    gate = {"code": "G5", "title": "Compatible", "isOpen": not found, "findings": found}
    scan = {"code": "not-scanned", "text": "Not all were looked at.", "level": "error"}
    stored = {"code": "G7", "title": "Stored", "isOpen": False, "findings": [scan]}
    return {
        "type": "Badge",
        "version": "1.1.0",
        "base": "1.0.0",
        "isOpen": False,
        "bump": {"computed": "minor", "declared": "minor"},
        "comparisons": [
            {
                "against": "1.0.0",
                "write": {"answer": "no" if found else "yes", "evidence": "proof"},
                "read": {"answer": "unknown", "evidence": ""},
            }
        ],
        "gates": [gate | {"facts": facts or {}}, stored],
    }


def an_outcome(*texts):
    return {"resourceType": "OperationOutcome", "issue": [{"diagnostics": each} for each in texts]}


@dataclass
class Hub:
    """Answers as the hub does; `refusals` are answers to give instead, by method and path."""

    rows: dict = field(default_factory=dict)
    report: dict = field(default_factory=a_report)
    refusals: dict = field(default_factory=dict)
    shipped: dict = field(default_factory=lambda: {"1.0.0": "published"})
    former: dict = field(default_factory=dict)
    steps: int = 3
    uses: list = field(default_factory=list)
    asked: list = field(default_factory=list)

    def __call__(self, request):
        path = request.url.path.removeprefix("/v1")
        if path == "/oauth/token":
            return self.refusals.get(path) or httpx.Response(200, json={"access_token": "t"})
        self.asked.append(request)
        refusal = self.refusals.get(f"{request.method} {path}")
        if refusal is not None:
            return refusal
        told = {"/schemas/Badge/$check": self.report}
        told["/SchemaVersion/$usage"] = {"parameter": self.uses}
        if path in told:
            return httpx.Response(200, json=told[path])
        if path.startswith("/schemas"):
            return self._published(path)
        if path == "/SchemaVersion":
            return httpx.Response(200, json=self._found(request.url.params))
        return self._of_one(request, path.split("/"))

    def _published(self, path):
        names = {"examples": ["full"], "invalid-examples": ["empty"]}
        known = {
            "/schemas": {"schemas": [self._listed()] if self.shipped else []},
            "/schemas/Badge/1.0.0/status": {"exampleNames": names},
        }
        texts = {
            "/schemas/Badge/1.0.0": TEXT,
            "/schemas/Badge/1.0.0/examples": '[{"a":  1}]',
            "/schemas/Badge/1.0.0/invalid-examples": '[ {"b": [2, 3]}, 7]',
        }
        if path in known:
            return httpx.Response(200, json=known[path])
        return httpx.Response(200 if path in texts else 404, text=texts.get(path, "{}"))

    def _listed(self):
        versions = [{"version": each, "status": status} for each, status in self.shipped.items()]
        return {"name": "Badge", "current": [*self.shipped][-1], "versions": versions}

    def _of_one(self, request, steps):
        if request.method == "PUT":
            return self._put(request, steps[2])
        row = self.former.get("/".join(steps[2:])) or self.rows.get(steps[2])
        if row is None:
            return httpx.Response(404, json=an_outcome("There is no such resource."))
        if request.method == "GET":
            return httpx.Response(200, json=row)
        return self._operation(row, steps[3])

    def _put(self, request, id):
        row = self.rows.get(id)
        tag = None if row is None else f'W/"{row["meta"]["versionId"]}"'
        if request.headers.get("If-Match") != tag:
            return httpx.Response(412, json=an_outcome("Someone else wrote first."))
        number = 1 if row is None else int(row["meta"]["versionId"]) + 1
        self.rows[id] = {**json.loads(request.content), "status": "draft"}
        self.rows[id]["meta"] = {"versionId": str(number)}
        self.former[f"{id}/_history/{number}"] = self.rows[id]
        return httpx.Response(200, json=self.rows[id])

    def _operation(self, row, name):
        if name == "$check":
            return httpx.Response(200, json=self._report())
        if name == "$scan":
            self.steps -= 1
            told = {"checked": 30 - 10 * self.steps, "total": 30, "invalid": 0}
            listed = [{"name": key, "valueInteger": value} for key, value in told.items()]
            listed.append({"name": "done", "valueBoolean": self.steps == 0})
            return httpx.Response(200, json={"resourceType": "Parameters", "parameter": listed})
        if name == "$publish":
            self.shipped[row["version"]] = "published"
        return httpx.Response(200, json=row)

    def _report(self):
        parameter = {"name": "report", "valueString": json.dumps(self.report)}
        return {"resourceType": "Parameters", "parameter": [parameter]}

    def _found(self, criteria):
        rows = [
            {"resource": row}
            for row in self.rows.values()
            if all(
                row.get(name) == criteria[name] for name in ("type", "status") if name in criteria
            )
        ]
        return {"resourceType": "Bundle", "entry": rows}

    def moved(self, id, status):
        """Move a version on, as somebody did meanwhile."""
        row = self.rows[id]
        number = int(row["meta"]["versionId"]) + 1
        self.rows[id] = {**row, "status": status, "meta": {"versionId": str(number)}}
        self.former[f"{id}/_history/{number}"] = self.rows[id]

    def bodies(self, path):
        """Return the bodies that were sent to a path."""
        return [json.loads(each.content) for each in self.asked if each.url.path.endswith(path)]


def told(parameters):
    """Return the inputs of an operation, repeated ones as the last."""
    return {
        each["name"]: next(value for name, value in each.items() if name != "name")
        for each in parameters["parameter"]
    }
