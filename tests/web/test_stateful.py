"""Random sequences of interactions; a model that is a plain dictionary foretells every answer."""

import itertools

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    multiple,
    rule,
    run_state_machine_as_test,
)

from builders import a_profile

BASE = "/v1/ParticipantProfile"
SEQUENCES, STEPS = 15, 30
runs = itertools.count(1)
few = st.integers(0, 3)
guards = st.sampled_from(["seen", "seen", "seen", "stale", "none"])


class Interactions(RuleBasedStateMachine):
    """Versions by id, None for a deletion; a few business keys and names are fought over."""

    ids = Bundle("ids")
    http = None

    def __init__(self):
        super().__init__()
        self.mark = f"S{next(runs):05d}"
        self.versions = {}
        self.receipts = {}

    def body(self, key, name):
        return a_profile(pirlUniqueId=f"{self.mark}X{key:05d}", lastName=f"{self.mark}N{name}")

    def current(self, id):
        return self.versions[id][-1]

    def holder(self, key):
        """Return the id of the one that has the business key now, if there is one."""
        wanted = f"{self.mark}X{key:05d}"
        alive = (id for id in self.versions if self.current(id))
        return next((id for id in alive if self.current(id)["pirlUniqueId"] == wanted), None)

    def guard(self, id, how):
        number = len(self.versions[id]) + (7 if how == "stale" else 0)
        return {} if how == "none" else {"If-Match": f'W/"{number}"'}

    def expect(self, reply, status):
        assert reply.status_code == status, (reply.status_code, status, reply.text)
        return reply

    def stored(self, reply, sent, id=None):
        """Note the version that was answered; it must be the next one and say what was sent."""
        said = reply.json
        if id is None:
            id = said["id"]
            assert id not in self.versions
        numbers = self.versions.setdefault(id, [])
        assert {**said, "meta": None} == {**sent, "id": id, "meta": None}
        assert said["meta"]["versionId"] == str(len(numbers) + 1)
        assert reply.headers["ETag"] == f'W/"{len(numbers) + 1}"'
        assert reply.headers["Location"].endswith(f"{BASE}/{id}/_history/{len(numbers) + 1}")
        numbers.append(said)
        return id

    def changed(self, reply, id, sent, how):
        """Judge the answer to an update or patch of `id` that would make `sent` of it."""
        former = self.current(id)
        if how == "none":
            self.expect(reply, 428)
        elif former is None:
            self.expect(reply, 410)
        elif how == "stale":
            self.expect(reply, 412)
        elif self.rival(id, sent):
            self.expect(reply, 409)
        elif {**former, "meta": None} == {**sent, "id": id, "meta": None}:
            assert self.expect(reply, 200).json == former
        else:
            self.stored(self.expect(reply, 200), sent, id)

    def rival(self, id, sent):
        return self.holder(int(sent["pirlUniqueId"][-5:])) not in (None, id)

    def created(self, reply, key, sent):
        """Judge the answer to a plain create; return the id as the bundle wants it."""
        if self.holder(key):
            self.expect(reply, 409)
            return multiple()
        return self.stored(self.expect(reply, 201), sent)

    @rule(target=ids, key=few, name=few)
    def create(self, key, name):
        body = self.body(key, name)
        return self.created(self.http.post(BASE, json=body), key, body)

    @rule(target=ids, key=few, name=few)
    def create_if_none_exists(self, key, name):
        body, held = self.body(key, name), self.holder(key)
        headers = {"If-None-Exist": f"pirl-unique-id={body['pirlUniqueId']}"}
        reply = self.http.post(BASE, json=body, headers=headers)
        if held:
            assert self.expect(reply, 200).json == self.current(held)
            return multiple()
        return self.stored(self.expect(reply, 201), body)

    @rule(target=ids, key=few)
    def create_once(self, key):
        """The idempotency key stands for one body, so a repetition is a replay."""
        body, headers = self.body(key, key), {"Idempotency-Key": f"{self.mark}-{key}"}
        reply = self.http.post(BASE, json=body, headers=headers)
        if key in self.receipts:
            assert self.expect(reply, 201).json == self.receipts[key]
            return multiple()
        id = self.created(reply, key, body)
        if reply.status_code == 201:
            self.receipts[key] = reply.json
        return id

    @rule(id=ids, key=few, name=few, how=guards)
    def update(self, id, key, name, how):
        body = {**self.body(key, name), "id": id}
        reply = self.http.put(f"{BASE}/{id}", json=body, headers=self.guard(id, how))
        self.changed(reply, id, body, how)

    @rule(id=ids, key=few, name=few, how=guards)
    def merge_patch(self, id, key, name, how):
        fresh = self.body(key, name)
        patch = {each: fresh[each] for each in ("pirlUniqueId", "lastName")}
        reply = self.http.patch(f"{BASE}/{id}", json=patch, headers=self.guard(id, how))
        self.changed(reply, id, {**(self.current(id) or {}), **patch}, how)

    @rule(id=ids, name=few, how=guards)
    def json_patch(self, id, name, how):
        value = f"{self.mark}N{name}"
        reply = self.http.patch(
            f"{BASE}/{id}",
            json=[{"op": "replace", "path": "/lastName", "value": value}],
            headers={"Content-Type": "application/json-patch+json", **self.guard(id, how)},
        )
        was = self.current(id) or self.body(0, name)
        self.changed(reply, id, {**was, "lastName": value}, how)

    @rule(target=ids, key=few, name=few)
    def update_what_matches(self, key, name):
        body, held = self.body(key, name), self.holder(key)
        headers = self.guard(held, "seen") if held else {}
        url = f"{BASE}?pirl-unique-id={body['pirlUniqueId']}"
        reply = self.http.put(url, json=body, headers=headers)
        if held:
            self.changed(reply, held, body, "seen")
            return multiple()
        return self.stored(self.expect(reply, 201), body)

    @rule(id=ids, how=guards)
    def delete(self, id, how):
        reply = self.http.delete(f"{BASE}/{id}", headers=self.guard(id, how))
        if how == "none":
            self.expect(reply, 428)
        elif self.current(id) and how == "stale":
            self.expect(reply, 412)
        else:
            self.expect(reply, 204)
            self.bury(id)

    @rule(key=few)
    def delete_what_matches(self, key):
        url = f"{BASE}?pirl-unique-id={self.mark}X{key:05d}"
        held = self.holder(key)
        self.expect(self.http.delete(url, headers={"If-Match": "*"}), 204)
        if held:
            self.bury(held)

    def bury(self, id):
        if self.current(id):
            self.versions[id].append(None)

    @rule(id=ids)
    def read(self, id):
        reply = self.http.get(f"{BASE}/{id}")
        if self.current(id) is None:
            self.expect(reply, 410)
        else:
            assert self.expect(reply, 200).json == self.current(id)

    @rule(id=ids, number=st.integers(0, 9))
    def vread(self, id, number):
        numbers = self.versions[id]
        reply = self.http.get(f"{BASE}/{id}/_history/{number}")
        if not 1 <= number <= len(numbers):
            self.expect(reply, 404)
        elif numbers[number - 1] is None:
            self.expect(reply, 410)
        else:
            assert self.expect(reply, 200).json == numbers[number - 1]

    @rule(name=few)
    def search(self, name):
        wanted = f"{self.mark}N{name}"
        alive = {id: self.current(id) for id in self.versions if self.current(id)}
        expected = {id: body for id, body in alive.items() if body["lastName"] == wanted}
        found = self.http.get(f"{BASE}?last-name:exact={wanted}&_count=200&_total=accurate").json
        resources = [entry["resource"] for entry in found.get("entry", ())]
        assert {body["id"]: body for body in resources} == expected
        assert found["total"] == len(resources) == len(expected)

    @rule(id=ids)
    def history(self, id):
        found = self.http.get(f"{BASE}/{id}/_history?_count=200").json
        assert [entry.get("resource") for entry in found["entry"]] == self.versions[id][::-1]

    def teardown(self):
        for id in self.versions:
            self.history(id)
            self.read(id)


def test_every_answer_is_as_the_model_foretells(http):
    Interactions.http = http

    run_state_machine_as_test(
        Interactions,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
