"""Every road to a row: how it is asked, which route it takes, and how to see what it gave away.

A road leads to the row aimed at, in the name of one asker. Its `kind` is the class by which
`matrix_table` says what is answered.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bundles import ask, patch, post, put
from matrix_world import ENROLLMENT, PROFILE

ROOT = "/v1"
TYPE, ID = "/v1/<type:kind>", "/v1/<type:kind>/<id:id>"
ROWS = ("owned", "guarded")
EVERY = (*ROWS, "shared")
ANY = {"If-Match": "*"}


@dataclass(frozen=True)
class Road:
    """One way to ask; `covers` is the method and rule of its route, `style` how it tells.

    `go` asks and returns the answer; for an entry of a batch it returns the entry.
    """

    name: str
    kind: str
    interaction: str
    covers: tuple
    go: Callable
    style: str = "text"
    aims: tuple = EVERY


def _read(name, interaction, path, rule=ID, **sent):
    return Road(name, "read", interaction, ("GET", rule), lambda a: a.get(path(a), **sent))


def _list(name, interaction, path, rule=TYPE, **more):
    return Road(name, "list", interaction, ("GET", rule), lambda a: a.get(path(a)), **more)


def _entry(name, kind, interaction, entry, aims=EVERY):
    """Return the roads of an entry: in a batch, beside others, and in a transaction, alone."""
    cover = ("POST", ROOT)
    yield Road(f"batch {name}", kind, interaction, cover, entry, "batch", aims)
    alone = Road(f"transaction {name}", kind, interaction, cover, lambda a: a.transaction(entry(a)))
    yield replace(alone, style="entry", aims=aims)


def _one(a, more=""):
    return f"{a.aim.type}?_id={a.aim.id}{more}"


def _by(a):
    """Return a condition on an element that is labelled as personal."""
    if a.aim.type == PROFILE:
        return _one(a, "&last-name=zanarycanary")
    return _one(a, f"&participant={a.person['reference']}")


def _elements(a):
    """Return the elements that hold canaries."""
    if a.aim.type == PROFILE:
        return "lastName,householdIncome,consents"
    return "employerName,extension,contactHours,outcomes"


def _merge(a):
    """Return a patch that changes nothing."""
    return {"status": a.aim.body["status"]}


def _operations(a):
    return [{"op": "test", "path": "/status", "value": a.aim.body["status"]}]


READS = (
    _read("read", "read", lambda a: a.aim.path),
    Road("head", "read", "read", ("GET", ID), lambda a: a.http.head(f"/v1/{a.aim.path}"), "silent"),
    Road(
        "read if changed", "read", "read", ("GET", ID),
        lambda a: a.get(a.aim.path, headers={"If-None-Match": 'W/"1"'}), "silent",
    ),
    _read("vread", "vread", lambda a: f"{a.aim.path}/_history/1", f"{ID}/_history/<number>"),
    *_entry("read", "read", "read", lambda a: ask("GET", a.aim.path)),
    *_entry("vread", "read", "vread", lambda a: ask("GET", f"{a.aim.path}/_history/1")),
)  # fmt: skip
HISTORIES = (
    Road(
        "history of one", "history", "history-instance", ("GET", f"{ID}/_history"),
        lambda a: a.get(f"{a.aim.path}/_history"),
    ),
    *_entry("history", "history", "history-instance",
            lambda a: ask("GET", f"{a.aim.path}/_history")),
)  # fmt: skip
LISTS = (
    _list("search", "search-type", _one),
    Road("search by form", "list", "search-type", ("POST", f"{TYPE}/_search"),
         lambda a: a.form(f"{a.aim.type}/_search", f"_id={a.aim.id}")),
    _list("search types", "search-system", lambda a: f"?_type={a.aim.type}&_id={a.aim.id}", ROOT),
    Road("search types by form", "list", "search-system", ("POST", f"{ROOT}/_search"),
         lambda a: a.form("_search", f"_type={a.aim.type}&_id={a.aim.id}")),
    _list("sorted", "search-type", lambda a: _one(a, "&_sort=status")),
    _list("elements of matches", "search-type",
          lambda a: _one(a, f"&_elements={_elements(a)}")),
    _list("count", "search-type", lambda a: _one(a, "&_summary=count"), style="count"),
    _list("total", "search-type", lambda a: _one(a, "&_total=accurate"), style="total"),
    _list("count of types", "search-system",
          lambda a: f"?_type={a.aim.type}&_id={a.aim.id}&_summary=count", ROOT, style="count"),
    _list("history of the type", "history-type", lambda a: f"{a.aim.type}/_history?_count=200",
          f"{TYPE}/_history"),
    _list("changes of the type", "changes", lambda a: f"$changes?_type={a.aim.type}&_count=200",
          f"{ROOT}/$changes"),
    _list("include", "include",
          lambda a: f"{a.own['resourceType']}?_id={a.own['id']}"
                    f"&_include={a.own['resourceType']}:{a.link}"),
    *_entry("search", "list", "search-type", lambda a: ask("GET", _one(a))),
)  # fmt: skip
MIXED = (
    Road("history of all", "mixed", "history-system", ("GET", f"{ROOT}/_history"),
         lambda a: a.get("_history?_count=200")),
    Road("changes of all", "mixed", "changes", ("GET", f"{ROOT}/$changes"),
         lambda a: a.get(a.start)),
)  # fmt: skip
WITHIN = (
    Road("compartment", "within", "search-type", ("GET", f"{ID}/<type:inside>"),
         lambda a: a.get(f"{a.person['reference']}/{a.aim.type}?_id={a.aim.id}"), aims=ROWS),
    Road("compartment by form", "within", "search-type", ("POST", f"{ID}/<type:inside>/_search"),
         lambda a: a.form(f"{a.person['reference']}/{a.aim.type}/_search", f"_id={a.aim.id}"),
         aims=ROWS),
    *_entry("compartment", "within", "search-type",
            lambda a: ask("GET", f"{a.person['reference']}/{a.aim.type}?_id={a.aim.id}"),
            aims=ROWS),
    _list("reverse include", "search-type",
          lambda a: f"Service?_id={a.service}&_revinclude={ENROLLMENT}:service", aims=ROWS),
    Road("reverse include by a party", "party", "search-type", ("GET", TYPE),
         lambda a: a.get(f"Program?_id={a.program}&_revinclude={ENROLLMENT}:program"), aims=ROWS),
    Road("search by what is personal", "criterion", "search-type", ("GET", TYPE),
         lambda a: a.get(_by(a))),
    Road("count by what is personal", "criterion", "search-type", ("GET", TYPE),
         lambda a: a.get(_by(a) + "&_summary=count"), "count"),
    Road("chain", "certain", "search-type", ("GET", TYPE),
         lambda a: a.get(f"{a.own['resourceType']}?_id={a.own['id']}"
                         f"&{a.link}.status={a.aim.body['status']}"), "matches"),
    Road("reverse chain", "certain", "search-type", ("GET", TYPE),
         lambda a: a.get(f"Service?_id={a.service}&_has:{ENROLLMENT}:service:_id={a.aim.id}"),
         "matches", ROWS),
    Road("reverse chain by a party", "party-chain", "search-type", ("GET", TYPE),
         lambda a: a.get(f"Program?_id={a.program}&_has:{ENROLLMENT}:program:_id={a.aim.id}"),
         "matches", ROWS),
)  # fmt: skip
REFERENCES = (
    Road("validate a reference", "refer", "validate", ("POST", f"{TYPE}/$validate"),
         lambda a: a.post(f"{a.pointing['resourceType']}/$validate", a.pointing), "reference"),
    Road("validate a reference of one", "refer", "validate", ("POST", f"{ID}/$validate"),
         lambda a: a.post(f"{a.apart['resourceType']}/{a.apart['id']}/$validate", a.pointing),
         "reference", ROWS),
    Road("refer by a create", "refer-write", "create", ("POST", TYPE),
         lambda a: a.post(a.pointing["resourceType"], a.pointing), "reference"),
    *_entry("refer by a create", "refer-write", "create", lambda a: post(a.pointing)),
)  # fmt: skip
CREATES = (
    Road("create for another", "create", "create", ("POST", TYPE),
         lambda a: a.post(a.aim.type, a.foreign)),
    *_entry("create for another", "create", "create", lambda a: post(a.foreign)),
    Road("create if none exists", "create-if", "create", ("POST", TYPE),
         lambda a: a.post(a.aim.type, a.anew, headers={"If-None-Exist": f"_id={a.aim.id}"})),
    *_entry("create if none exists", "create-if", "create",
            lambda a: post(a.anew, ifNoneExist=f"_id={a.aim.id}")),
)  # fmt: skip
CHANGES = (
    Road("update", "update", "update", ("PUT", ID),
         lambda a: a.http.put(f"/v1/{a.aim.path}", json=a.seen, headers=ANY)),
    Road("merge patch", "write", "patch", ("PATCH", ID),
         lambda a: a.http.patch(f"/v1/{a.aim.path}", json=_merge(a), headers=ANY)),
    Road("JSON patch", "write", "patch", ("PATCH", ID),
         lambda a: a.http.patch(f"/v1/{a.aim.path}", json=_operations(a), headers=ANY,
                                content_type="application/json-patch+json")),
    Road("update if it matches", "update-if", "update", ("PUT", TYPE),
         lambda a: a.http.put(f"/v1/{_one(a)}", json=_unnamed(a), headers=_blind(a))),
    Road("patch if it matches", "write", "patch", ("PATCH", TYPE),
         lambda a: a.http.patch(f"/v1/{_one(a)}", json=_merge(a), headers=ANY)),
    *_entry("update", "update", "update", lambda a: put(a.seen, a.aim.path, ifMatch="*")),
    *_entry("patch", "write", "patch", lambda a: patch(a.aim.path, _merge(a), ifMatch="*")),
    *_entry("update if it matches", "update-if", "update",
            lambda a: put(_unnamed(a), _one(a), **({"ifMatch": "*"} if _blind(a) else {}))),
    *_entry("patch if it matches", "write", "patch",
            lambda a: patch(_one(a), _merge(a), ifMatch="*")),
)  # fmt: skip
DELETIONS = (
    Road("delete", "delete", "delete", ("DELETE", ID),
         lambda a: a.http.delete(f"/v1/{a.aim.path}", headers=ANY)),
    Road("delete if it matches", "delete-if", "delete", ("DELETE", TYPE),
         lambda a: a.http.delete(f"/v1/{_one(a)}", headers=ANY)),
    *_entry("delete", "delete", "delete", lambda a: ask("DELETE", a.aim.path, ifMatch="*")),
    *_entry("delete if it matches", "delete-if", "delete",
            lambda a: ask("DELETE", _one(a), ifMatch="*")),
)  # fmt: skip
AUDIT = (
    Road("audit search", "audit", "search-type", ("GET", "/v1/AuditEvent"),
         lambda a: a.get(f"AuditEvent?entity={a.aim.path}"), "matches"),
    Road("audit read", "audit-read", "read", ("GET", "/v1/AuditEvent/<id:id>"),
         lambda a: a.get(f"AuditEvent/{a.event}"), "silent"),
    Road("disclosures", "audit", "disclosures",
         ("GET", "/v1/ParticipantProfile/<id:id>/$disclosures"),
         lambda a: a.get(f"{a.person['reference']}/$disclosures"), "names", ROWS),
)  # fmt: skip
ASSESSMENT, PLAN = "ParticipantServiceAssessment", "ParticipantSuccessPlan"
SCHEMA, CONTRACT = "SchemaVersion", "SchemaVersion/Agency-1.0.0"
ALONE = ("shared",)
NUMBER = {"valueInteger": 1}


def _operation(interaction, method, path, go, aims=ALONE):
    """Return the road of an operation; `path` is its route below the base."""
    kind = path.partition("$")[2]
    return Road(f"${kind}", kind, interaction, (method, f"{ROOT}/{path}"), go, aims=aims)


def _known(a):
    return {"valueReference": {"reference": a.aim.path}}


def _moves():
    """Yield the roads of what state staff alone does with a version of a schema."""
    why = {"reason": {"valueString": "For the matrix."}}
    for name, more in {
        **{name: {} for name in ("scan", "submit", "revise", "approve", "publish", "retire")},
        "reject": why,
        "deprecate": why | {"sunset": {"valueDate": "2030-01-01"}},
    }.items():
        yield _operation("update", "POST", f"{SCHEMA}/<id:id>/${name}", _move(name, more))


def _move(name, more):
    return lambda a: a.operate(f"{CONTRACT}/${name}", version={"valueInteger": 0}, **more)


OPERATIONS = (
    _operation("validate", "GET", f"{ASSESSMENT}/$questionnaire",
               lambda a: a.get(f"{ASSESSMENT}/$questionnaire")),
    _operation("validate", "POST", f"{ASSESSMENT}/$preview",
               lambda a: a.post(f"{ASSESSMENT}/$preview", a.questionnaire)),
    _operation("search-type", "GET", "Referral/$worklist",
               lambda a: a.get("Referral/$worklist"), ROWS),
    _operation("search-type", "POST", f"{PROFILE}/$match",
               lambda a: a.post(f"{PROFILE}/$match", a.known)),
    _operation("update", "POST", f"{PROFILE}/<id:id>/$merge",
               lambda a: a.operate(f"{a.aim.path}/$merge", into=_known(a), version=NUMBER,
                                   intoVersion=NUMBER)),
    _operation("update", "POST", f"{PROFILE}/<id:id>/$unmerge",
               lambda a: a.operate(f"{a.aim.path}/$unmerge", version=NUMBER)),
    _operation("validate", "POST", f"{PLAN}/$build",
               lambda a: a.operate(f"{PLAN}/$build", participant=_known(a),
                                   occupation={"valueCode": "53-3032"})),
    _operation("read", "GET", f"{PROFILE}/<id:id>/$report-card",
               lambda a: a.get(f"{a.aim.path}/$report-card")),
    *_moves(),
    _operation("validate", "POST", f"{SCHEMA}/<id:id>/$check",
               lambda a: a.operate(f"{CONTRACT}/$check")),
    _operation("read", "POST", f"{SCHEMA}/$pin",
               lambda a: a.operate(f"{SCHEMA}/$pin", type={"valueCode": a.aim.type})),
    _operation("read", "GET", f"{SCHEMA}/$pins", lambda a: a.get(f"{SCHEMA}/$pins")),
    _operation("read", "GET", f"{SCHEMA}/$usage",
               lambda a: a.get(f"{SCHEMA}/$usage?type={a.aim.type}")),
)  # fmt: skip
GROWING = (*MIXED, *AUDIT)
"""Roads whose answers grow with all that was asked before."""
STEADY = (
    *(*READS, *HISTORIES, *LISTS, *WITHIN, *REFERENCES),
    *(*CREATES, *CHANGES, *DELETIONS, *OPERATIONS),
)
ROADS = (*GROWING, *STEADY)


def _blind(a):
    """Return the precondition that only a profile demands; with it nothing is ever created."""
    return ANY if a.aim.type == PROFILE else {}


def _unnamed(a):
    """Return what a conditional update sends: the row as seen, without its name."""
    body = a.read or a.anew
    return {name: value for name, value in body.items() if name not in ("id", "meta")}
