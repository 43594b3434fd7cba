"""What a client may not see: never in an answer, never lost by a write, never written unseen."""

import json
from copy import deepcopy
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.access.decision import Sight
from app.model.access.redaction import REDACTED, TAGS, hidden_paths, mask, redact, restore
from app.model.access.regime import LABELS, OPERATIONAL
from app.model.codec import encode
from app.model.element import values
from app.model.errors import Forbidden
from app.model.version import same_content
from decisions import types
from search_builders import a_kind

ENVELOPE = ("resourceType", "id", "meta")
KINDS = [kind for _, kind in sorted(types().items())]
BARRED = ("Agency/rehab", "Partner/rehab", "Program/rehab")
NO_ONE = frozenset[str]()
HIDEABLE = sorted(LABELS - {OPERATIONAL, "PUBLIC"})
"""What a client that sees a row at all may not see of it."""
PROFILE = types()["ParticipantProfile"]
SSN = "000123456"


def a_sight(*labels, elements=(), barred=(), is_masked=False):
    return Sight(frozenset(labels), frozenset(elements), frozenset(barred), is_masked=is_masked)


class Case:
    """A random resource of a random type with a random sight; the seed says which."""

    def __init__(self, seed):
        self._dice = Random(seed)  # noqa: S311 - it picks examples
        self.kind = self._dice.choice(KINDS)
        names = sorted(self.kind.names - {*ENVELOPE})
        source = self._dice.choice([*BARRED, "Partner/other"])
        self.resource = {
            "resourceType": self.kind.name,
            "id": "1",
            "meta": {"versionId": "1", "source": source},
            **{name: self._value((name,)) for name in self._some(names, 0.7)},
        }
        self.sight = a_sight(
            *self._some(HIDEABLE, 0.4),
            elements=self._some(names, 0.1),
            barred=self._some(BARRED, 0.6),
            is_masked=self._dice.random() < 0.5,
        )

    @property
    def paths(self):
        return hidden_paths(self.kind, self.sight.labels, self.sight.elements)

    def seen(self):
        return redact(self.kind, self.resource, self.sight)

    def _some(self, those, share):
        return [each for each in those if self._dice.random() < share]

    def _value(self, path):
        """Return what may stand under a path; each text in it says which path that is."""
        element = elements(self.kind)[path]
        above = elements(self.kind).get(path[:-1])
        if element.many and not (above and above.many):
            return [self._one(path, element) for _ in range(self._dice.randint(0, 3))]
        return self._one(path, element)

    def _one(self, path, element):
        kinds = element.schema.get("x-target")
        if kinds:
            named = [each for each in BARRED if each.split("/")[0] in kinds]
            return {"reference": self._dice.choice([*named, f"{kinds[0]}/other"])}
        below = [each for each in elements(self.kind) if each[:-1] == path]
        if below:
            return {each[-1]: self._value(each) for each in self._some(below, 0.7)}
        return f"canary {'.'.join(path)} {self._dice.randint(1000, 9999)}"


@cache
def elements(kind):
    return {each.path: each for each in kind.elements}


def found(resource, path):
    return [value for value, _, _ in values(resource, path)]


CASES = st.integers(0).map(Case)


@settings(max_examples=300)
@given(CASES)
def test_what_is_read_and_written_back_is_what_was_there(case):
    before = deepcopy(case.resource)

    body = restore(case.kind, case.resource, case.seen(), case.sight)

    assert same_content(body, case.resource)
    assert case.resource == before


@given(CASES)
def test_what_is_hidden_stands_in_no_answer(case):
    seen = case.seen()

    text = encode(seen)
    assert not [path for path in case.paths for _ in values(seen, path)]
    assert not [path for path in case.paths if f"canary {'.'.join(path)} " in text]
    assert not [name for name in case.sight.barred if encode(name) in text]
    for path in case.kind.secrets if case.sight.is_masked else ():
        assert not [each for each, _, _ in values(seen, path) if "canary" in each]


@given(CASES)
def test_every_element_of_a_hidden_label_is_hidden(case):
    seen = case.seen()

    for element in case.kind.elements:
        if element.label in case.sight.labels:
            assert not list(values(seen, element.path)), element.dotted


@given(CASES)
def test_only_what_is_hidden_is_taken_out(case):
    case.sight = case.sight._replace(barred=NO_ONE, is_masked=False)

    seen = case.seen()

    for element in case.kind.elements:
        path = element.path
        around = any(path[: len(each)] == each or each[: len(path)] == path for each in case.paths)
        if not around and path[0] != "meta":
            assert found(seen, path) == found(case.resource, path)


@given(CASES)
def test_to_write_what_is_hidden_is_refused_without_quoting_it(case):
    brought = [path for path in case.paths for _ in values(case.resource, path)]
    if not brought:
        return

    with pytest.raises(Forbidden) as refusal:
        restore(case.kind, case.resource, case.resource, case.sight)

    pointers = {issue.pointer.split("/")[1] for issue in refusal.value.issues}
    assert pointers == {path[0] for path in brought}
    assert "canary" not in repr([str(refusal.value), refusal.value.issues])


def test_what_is_hidden_is_named_whether_it_is_there_or_not():
    sight = a_sight("SENS-YOUTH")
    bare = {"resourceType": PROFILE.name}
    full = {**bare, "fosterCare": True, "barriers": {"homeless": True, "lowIncome": False}}

    one, other = (redact(PROFILE, body, sight)["meta"]["security"] for body in (bare, full))

    assert one == other
    assert {"system": TAGS, "code": "REDACTED"} in one
    assert {"system": REDACTED, "code": "barriers.homeless"} in one


def test_barred_items_leave_no_tag():
    body = {"partnerIdentifiers": [{"partner": {"reference": "Partner/rehab"}, "value": "1"}]}

    assert redact(PROFILE, body, a_sight(barred=BARRED)) == {}


def test_tags_of_the_client_stay_and_ours_are_never_stored():
    own = {"system": "urn:x", "code": "R"}
    former = {"resourceType": PROFILE.name, "meta": {"security": [own]}, "fosterCare": True}
    sight = a_sight("SENS-YOUTH", is_masked=True)

    seen = redact(PROFILE, former, sight)

    assert own in seen["meta"]["security"]
    for asking in (sight, a_sight()):
        assert restore(PROFILE, None, seen, asking)["meta"] == {"security": [own]}


def test_an_emptied_object_keeps_what_is_hidden_in_it():
    former = {"barriers": {"homeless": True, "lowIncome": True}}

    for body in ({}, {"barriers": {}}, {"barriers": {"lowIncome": False}}):
        stored = restore(PROFILE, former, body, a_sight("SENS-YOUTH"))

        assert stored["barriers"] == {"homeless": True, **body.get("barriers", {})}


def test_a_new_resource_may_bring_what_the_client_will_not_see():
    body = {"ssn": SSN, "fosterCare": True}

    assert restore(PROFILE, None, body, a_sight("SENS-YOUTH", is_masked=True)) == body


def test_an_agency_adds_to_its_own_what_is_not_there_yet_and_changes_nothing_unseen():
    own = a_sight("SENS-YOUTH")._replace(basis=("own",))

    assert restore(PROFILE, {}, {"fosterCare": True}, own) == {"fosterCare": True}
    with pytest.raises(Forbidden):
        restore(PROFILE, {}, {"fosterCare": True}, a_sight("SENS-YOUTH"))
    with pytest.raises(Forbidden):
        restore(PROFILE, {"fosterCare": False}, {"fosterCare": True}, own)


class TestBarredItems:
    """Entries of a list that name what is protected, between others that a client edits."""

    @staticmethod
    def entry(partner, value):
        return {"partner": {"reference": f"Partner/{partner}"}, "value": value}

    @given(
        st.lists(st.booleans(), max_size=6),
        st.lists(st.sampled_from("abc"), max_size=4),
    )
    def test_they_survive_any_edit_of_the_others(self, protected, edited):
        partners = ["rehab" if each else "other" for each in protected]
        entries = [self.entry(name, f"{n}") for n, name in enumerate(partners)]
        former = {"partnerIdentifiers": entries} if entries else {}
        body = {"partnerIdentifiers": [self.entry("other", each) for each in edited]}

        stored = restore(PROFILE, former, body if edited else {}, a_sight(barred=BARRED))

        kept = stored.get("partnerIdentifiers", [])
        assert [e for e in kept if e in entries] == [
            e for e in entries if e["partner"]["reference"] == "Partner/rehab"
        ]
        assert [e for e in kept if e not in entries] == body["partnerIdentifiers"]

    def test_untouched_lists_keep_their_order(self):
        entries = [self.entry(*each) for each in (("other", "1"), ("rehab", "2"), ("other", "3"))]
        former = {"partnerIdentifiers": entries}
        sight = a_sight(barred=BARRED)

        seen = redact(PROFILE, former, sight)

        assert seen == {"partnerIdentifiers": [entries[0], entries[2]]}
        assert restore(PROFILE, former, seen, sight) == former

    def test_a_list_of_nothing_else_is_not_there(self):
        former = {"partnerIdentifiers": [self.entry("rehab", "1")]}
        sight = a_sight(barred=BARRED)

        assert redact(PROFILE, former, sight) == {}
        assert restore(PROFILE, former, {}, sight) == former

    def test_who_wrote_last_is_not_told_when_that_is_protected(self):
        for partner, told in (("rehab", {}), ("other", {"source": "Partner/other"})):
            body = {"meta": {"source": f"Partner/{partner}"}}

            assert redact(PROFILE, body, a_sight(barred=BARRED))["meta"] == told


class TestMaskedSecrets:
    """`x-secret`: the last four characters only."""

    SIGHT = a_sight(is_masked=True)

    def test_a_masked_secret_shows_its_end_and_is_tagged(self):
        seen = redact(PROFILE, {"ssn": SSN}, self.SIGHT)

        assert seen["ssn"] == "*****3456"
        assert seen["meta"]["security"] == [{"system": TAGS, "code": "MASKED"}]
        assert SSN[:-4] not in json.dumps(seen)

    @pytest.mark.parametrize("sent", [{}, {"ssn": mask(SSN)}])
    def test_sent_back_masked_or_not_at_all_it_stays_as_it_was(self, sent):
        assert restore(PROFILE, {"ssn": SSN}, sent, self.SIGHT) == {"ssn": SSN}

    def test_a_new_one_is_taken_where_there_was_none(self):
        new = {"ssn": "666010001"}

        assert restore(PROFILE, {}, new, self.SIGHT) == new

    @pytest.mark.parametrize("guess", [SSN, "666010001"])
    def test_one_is_not_replaced_by_who_may_not_see_it_right_or_wrong(self, guess):
        with pytest.raises(Forbidden) as refusal:
            restore(PROFILE, {"ssn": SSN}, {"ssn": guess}, self.SIGHT)

        assert refusal.value.issues[0].pointer == "/ssn"

    def test_a_mask_of_another_is_left_for_the_schema_to_refuse(self):
        sent = {"ssn": "*****9999"}

        body = restore(PROFILE, {"ssn": SSN}, sent, self.SIGHT)

        assert body == sent
        assert any(fault.pointer == "/ssn" for fault in PROFILE.check(body))

    def test_types_without_a_secret_get_no_tag(self):
        assert redact(types()["Referral"], {"note": "x"}, self.SIGHT) == {"note": "x"}


def test_a_list_is_hidden_whole_when_any_part_of_its_entries_is():
    secret = {"type": "string", "x-sensitivity": "SENS-YOUTH"}
    plain = {"type": "string", "x-sensitivity": "OPS"}
    entry = {"type": "object", "properties": {"plain": plain, "secret": secret}}
    kind = a_kind({"rows": {"type": "array", "items": entry, "x-sensitivity": "OPS"}})

    seen = redact(kind, {"rows": [{"plain": "a"}]}, a_sight("SENS-YOUTH"))

    assert "rows" not in seen
