"""The rules meet bodies that are valid and odd: each is stored or refused, never half, never a 5xx.

A seed makes the same bodies again; what they meet grows with what was stored before.
"""

import random
from collections import Counter

import pytest

from agencies import a_state
from bundles import post, send
from valid_bodies import ALPHABET, TYPES, Bodies

SEED, ROUNDS = 5, 8
WRITTEN = {200, 201}
WITH_A_BODY = {
    "ParticipantProfile/$match": "ParticipantProfile",
    "ParticipantServiceAssessment/$preview": "ParticipantServiceAssessment",
    **{f"{kind}/$validate": kind for kind in TYPES},
}
"""What reads a whole resource and stores nothing → its type."""
REFUSED = {400, 403, 404, 409, 412, 422}
WHO = ("staff", "staff", "staff", "mdes", "mdrs")
ANY = {"If-Match": "*"}


class Fuzz:
    """A state with its clients, the bodies to send, and what was answered so far."""

    def __init__(self, state, registry):
        self.versions = state.database["versions"]
        self.http = state.clients()
        self.draw = random.Random(SEED)  # noqa: S311 - it makes bodies, no secrets
        self.bodies = Bodies(registry, self.draw)
        self.answers = Counter()

    def paths(self, kind):
        """Return the addresses of rows of a type, to which what is made here is added."""
        return self.bodies.rows[kind]

    def wrong(self, reply, told, before):
        """Yield what is wrong with an answer; `told` says what was asked."""
        status = reply.status_code
        self.answers[status] += 1
        if status not in WRITTEN | REFUSED:
            yield f"{status} to {told}\n{reply.text[:2000]}"
        elif status in REFUSED:
            if self.versions.count_documents({}) != before:
                yield f"something was stored although {status} to {told}"
            issues = reply.json.get("issue", [])
            if reply.json["resourceType"] != "OperationOutcome" or not issues:
                yield f"no outcome to {told}"

    def created(self, kind):
        """Send a new row; yield what is wrong with the answer."""
        body, before = self.bodies.body(kind), self.versions.count_documents({})
        who = self.draw.choice(WHO)
        reply = self.http[who].post(f"/v1/{kind}", json=body)
        yield from self.wrong(reply, (who, "POST", kind, body), before)
        if reply.status_code == 201:
            self.paths(kind).append(f"{kind}/{reply.json['id']}")

    def changed(self, kind, method):
        """Change a row as somebody who reads it; yield what is wrong with the answer."""
        who, path = self.draw.choice(WHO), self.draw.choice(self.paths(kind))
        read = self.http[who].get(f"/v1/{path}")
        known = read.json if read.status_code == 200 else self.bodies.body(kind)
        body = self.bodies.odd(kind, known)
        if method == "PATCH":
            body = {k: body.get(k) for k in {*known, *body} if known.get(k) != body.get(k)}
        before = self.versions.count_documents({})
        reply = self.http[who].open(f"/v1/{path}", method=method, json=body, headers=ANY)
        yield from self.wrong(reply, (who, method, path, body), before)

    def transaction(self, kinds):
        """Send new rows that refer to each other at once; yield what is wrong with the answer."""
        who, before = self.draw.choice(WHO[:4]), self.versions.count_documents({})
        names = {
            kind: f"urn:uuid:01920000-0000-7000-8000-{at:012}" for at, kind in enumerate(kinds)
        }
        entries = [post(linked(self.bodies.body(kind), names), names[kind]) for kind in names]
        reply = send(self.http[who], *entries)
        yield from self.wrong(reply, (who, entries), before)

    def asked(self):
        """Ask an operation about rows that are there; yield what is wrong with the answer."""
        who, before = self.draw.choice(WHO), self.versions.count_documents({})
        person, other = (self.draw.choice(self.paths("ParticipantProfile")) for _ in range(2))
        number = {"valueInteger": self.draw.choice((1, 1, 2, 3))}
        path, kind = self.draw.choice([*WITH_A_BODY.items()])
        method, path, body = self.draw.choice((
            ("POST", path, self.bodies.body(kind)),
            ("GET", f"{person}/$report-card", None),
            ("POST", f"{person}/$unmerge", inputs(version=number)),
            ("POST", f"{person}/$merge",
             inputs(into=named(other), version=number, intoVersion=number)),
            ("POST", "ParticipantSuccessPlan/$build", inputs(
                participant=named(person),
                occupation={"valueCode": self.draw.choice(ALPHABET["onetSocCode"])},
                assessment=named(self.draw.choice(self.paths("ParticipantServiceAssessment"))),
            )),
        ))  # fmt: skip
        reply = self.http[who].open(f"/v1/{path}", method=method, json=body)
        yield from self.wrong(reply, (who, method, path, body), before)
        if not path.endswith("merge") and self.versions.count_documents({}) != before:
            yield f"{path} stored something"


def inputs(**given):
    """Return the inputs of an operation as Parameters."""
    told = [{"name": name, **value} for name, value in given.items()]
    return {"resourceType": "Parameters", "parameter": told}


def named(path):
    return {"valueReference": {"reference": path}}


def linked(value, names):
    """Return a body whose references lead to the entry of the type that they name, if there is."""
    if isinstance(value, list):
        return [linked(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    named = str(value.get("reference", "")).partition("/")[0]
    if named in names:
        return {**value, "reference": names[named]}
    return {key: linked(each, names) for key, each in value.items()}


@pytest.fixture(scope="module")
def fuzz(embedded_uri, tmp_path_factory, registry):
    with a_state(embedded_uri, tmp_path_factory.mktemp("fuzz")) as state:
        yield Fuzz(state, registry)


@pytest.mark.parametrize("kind", TYPES)
def test_a_valid_and_odd_body_is_stored_or_refused(fuzz, kind):
    found = []
    for _ in range(ROUNDS):
        found += fuzz.created(kind)
        found += fuzz.changed(kind, "PUT")
        found += fuzz.changed(kind, "PATCH")

    assert not found, "\n\n".join(found)


def test_entries_that_rest_on_each_other_are_stored_together_or_not_at_all(fuzz):
    found = []
    for _ in range(4 * ROUNDS):
        found += fuzz.transaction(fuzz.draw.sample(TYPES, fuzz.draw.choice((2, 3, 4))))

    assert not found, "\n\n".join(found)


def test_an_operation_answers_whatever_is_stored(fuzz):
    found = []
    for _ in range(4 * ROUNDS):
        found += fuzz.asked()

    assert not found, "\n\n".join(found)


def test_it_came_as_far_as_the_rules(fuzz):
    assert {200, 201, 403, 409, 422} <= set(fuzz.answers), fuzz.answers
