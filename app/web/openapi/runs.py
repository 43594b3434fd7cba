"""The operations on conformance runs and certificates."""

from collections.abc import Iterator

from app.web.openapi.discovered import open_operation, plain
from app.web.openapi.parts import Part, refusals

OBJECT = {"type": "object"}
TAG = "Conformance"
ABOUT = "Runs in which a partner's system proves an onboarding level, and what they are worth."
ONE = "/conformance-runs/{id}"


def paths() -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of runs and certificates."""
    yield (
        "/conformance-runs",
        {
            "post": _led("run-begin", "Begin a run in a sandbox of its own", BEGIN, status="201"),
            "get": _led("runs", "The runs of your partner"),
        },
    )
    yield ONE, {"get": _led("run", "How a run stands")}
    yield f"{ONE}/next", {"post": _led("run-next", "The step that is next")}
    yield (
        f"{ONE}/steps/{{key}}/done",
        {"post": _led("run-step-done", "End the step under way", DONE)},
    )
    yield f"{ONE}/abort", {"post": _led("run-abort", "End a run without a verdict")}
    yield f"{ONE}/evaluate", {"post": _led("run-evaluate", "Judge a run and freeze it")}
    yield f"{ONE}/report", {"get": _led("run-report", "The report of a run")}
    yield f"{ONE}/exchanges", {"get": _led("run-exchanges", "What was seen in a run")}
    yield f"{ONE}/unmatched", {"get": _led("run-unmatched", "What came from nobody known")}
    yield f"{ONE}/fault", {"post": _led("run-fault", "Arm one fault, in practice", FAULT, "201")}
    yield "/certificates", {"get": _open("certificates", "All certificates")}
    yield (
        "/certificates/keys",
        {"get": _open("certificate-keys", "What certificates are checked by")},
    )
    yield "/certificates/{id}", {"get": _open("certificate", "One certificate")}
    yield (
        "/certificates/{id}/revoke",
        {"post": _led("certificate-revoke", "End a certificate at once, as staff", REVOKE)},
    )
    yield (
        "/certificates/{id}/extend",
        {"post": _led("certificate-extend", "Let a certificate hold longer, as staff", EXTEND)},
    )


def _led(name: str, summary: str, body: Part | None = None, status: str = "200") -> Part:
    answers = {status: plain("What became of it.", OBJECT)}
    operation = open_operation(name, TAG, summary, {**answers, **refusals(400, 409, 413, 415, 422)})
    del operation["security"]
    if name == "run-exchanges":
        operation["parameters"] = [SINCE]
    if body is None:
        return operation
    content = {"application/json": {"schema": body}}
    return {**operation, "requestBody": {"required": True, "content": content}}


def _open(name: str, summary: str) -> Part:
    answers = {"200": plain("What there is.", OBJECT), **refusals()}
    return open_operation(name, TAG, summary, answers)


def _object(required: tuple[str, ...], **properties: Part) -> Part:
    return {"type": "object", "required": list(required), "properties": properties}


TEXT: Part = {"type": "string", "maxLength": 80}
SINCE: Part = {
    "name": "since",
    "in": "query",
    "schema": {"type": "integer", "minimum": 0, "maximum": 99_999_999},
}
BEGIN = _object(
    ("level", "profile", "mode", "product"),
    level={"type": "integer", "enum": [1, 2, 3, 4]},
    profile={"enum": ["refers", "receives", "both"]},
    mode={"enum": ["practice", "certify"]},
    product=_object(("name", "version"), name=TEXT, version=TEXT),
    seed=TEXT,
)
DONE = _object(
    ("status",),
    status={"enum": ["done", "pending", "unsupported", "error"]},
    detail={"type": "string"},
)
REASON: Part = {"type": "string", "minLength": 3, "maxLength": 500}
REVOKE = _object(("reason",), reason=REASON)
EXTEND = _object(("until", "reason"), until={"type": "string", "format": "date"}, reason=REASON)
FAULT = _object(("name",), name=TEXT, method=TEXT, path={"type": "string"})
