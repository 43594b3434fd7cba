"""What two records of one person become, and what comes back: the rules, without a hub."""

from functools import cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.composition import schema_folder
from app.model.registry import load
from app.model.version import Key
from app.rules.persons import merging, repointing
from app.rules.workflow import Actor, Move
from app.settings import Settings
from builders import a_profile
from rule_facts import RuleFacts

GONE, SURVIVOR = "ParticipantProfile/gone", "ParticipantProfile/survivor"
AE = {"partner": {"reference": "Partner/mccb-adult-education"}, "value": "AE-1"}
HS = {"partner": {"reference": "Partner/mdhs-eligibility"}, "value": "HS-1"}
ONE = {"system": "https://agency.example/ids", "value": "1"}
TWO = {"system": "https://agency.example/ids", "value": "2"}
TAG = {"system": "https://agency.example/tags", "code": "mine"}


def gone(**changes):
    return a_profile(id="gone", meta={}, identifier=[ONE], partnerIdentifiers=[AE], **changes)


def survivor(**changes):
    return a_profile(id="survivor", meta={}, identifier=[TWO], partnerIdentifiers=[HS], **changes)


def move(former, body, **changes):
    return Move(GONE, former, body, Actor(), **changes)


def mark(code):
    return {"system": repointing.MERGED_FROM, "code": code}


def a_row(kind, *tags, **elements):
    meta = {"tag": list(tags)} if tags else {}
    return {"resourceType": kind, "participant": {"reference": GONE}, "meta": meta, **elements}


def test_the_survivor_holds_the_identifiers_of_both_and_changes_nothing_else():
    one, other = gone(), survivor()

    became = merging.surviving(other, one)

    pirl = {"system": merging.PIRL_ID, "value": one["pirlUniqueId"]}
    assert became == {
        **other,
        "identifier": [TWO, ONE, pirl],
        "partnerIdentifiers": [HS, AE],
    }


def test_the_merged_record_gives_up_its_keys_and_keeps_the_rest():
    one = gone(ssn="000123456")

    became = merging.merged(one, SURVIVOR)

    rest = {k: v for k, v in one.items() if k not in ("identifier", "partnerIdentifiers")}
    assert became == {**rest, "status": "merged", "mergedInto": {"reference": SURVIVOR}}


def test_what_was_merged_comes_apart_as_it_was():
    one, other = gone(), survivor()
    both = merging.surviving(other, one)

    assert merging.unmerged(merging.merged(one, SURVIVOR), one, both) == one
    assert merging.released(both, one) == other


def test_an_identifier_that_the_survivor_gave_up_does_not_come_back():
    one = gone()
    both = {**merging.surviving(survivor(), one), "partnerIdentifiers": [HS]}

    back = merging.unmerged(merging.merged(one, SURVIVOR), one, both)

    assert "partnerIdentifiers" not in back
    assert back["identifier"] == [ONE]
    assert [each.detail for each in merging.lost(one, back)] == ["identifier-lost"]
    assert merging.released(both, one)["partnerIdentifiers"] == [HS]


def test_what_the_survivor_gained_since_stays_with_it():
    one, other = gone(), survivor()
    new = {"system": "https://agency.example/ids", "value": "3"}
    both = merging.surviving(other, one)

    left = merging.released({**both, "identifier": [*both["identifier"], new]}, one)

    assert left["identifier"] == [TWO, new]


@pytest.mark.parametrize("status", ["merged", "inactive", "deceased"])
def test_only_active_records_are_merged(status):
    assert merging.merge_faults(gone(), survivor()) == []
    assert [e.pointer for e in merging.merge_faults(gone(status=status), survivor())] == ["id"]
    assert [e.pointer for e in merging.merge_faults(gone(), survivor(status=status))] == ["into"]


def test_a_record_is_not_merged_into_itself():
    assert [each.detail for each in merging.merge_faults(gone(), gone())] == ["merge-self"]


def test_only_a_merged_record_comes_apart():
    assert [each.detail for each in merging.unmerge_faults(gone())] == ["not-merged"]
    assert merging.unmerge_faults(gone(status="merged")) == []


@pytest.mark.parametrize(
    ("former", "body"),
    [
        (gone(), gone(status="merged", mergedInto={"reference": SURVIVOR})),
        (gone(status="merged", mergedInto={"reference": SURVIVOR}), gone()),
        (None, gone(status="merged", mergedInto={"reference": SURVIVOR})),
    ],
)
def test_no_ordinary_write_merges_a_record_or_takes_it_apart(former, body):
    (fault,) = merging.status_faults(move(former, body), RuleFacts())

    assert (fault.code, fault.pointer) == ("business-rule", "/status")
    assert merging.status_faults(move(former, body, is_effect=True), RuleFacts()) == []


def test_no_ordinary_write_says_who_continues_a_record():
    former = gone(status="merged", mergedInto={"reference": SURVIVOR})
    other = {**former, "mergedInto": {"reference": "ParticipantProfile/other"}}

    assert [e.pointer for e in merging.status_faults(move(former, other), None)] == ["/mergedInto"]
    assert merging.status_faults(move(former, {**former, "lastName": "Else"}), None) == []


def test_a_new_reference_to_a_merged_record_is_told_who_goes_on_for_it():
    facts = RuleFacts(gone(status="merged", mergedInto={"reference": SURVIVOR}), survivor())
    gained = [(Key.parse(GONE), "/participant/reference"), (Key.parse(SURVIVOR), "/x")]

    (fault,) = merging.reference_faults(gained, facts)

    assert fault.detail == "merged-participant"
    assert fault.pointer == "/participant/reference"
    assert fault.allowed == (SURVIVOR,)
    assert SURVIVOR in fault.text


def test_a_row_refers_to_the_survivor_and_says_whence_it_came(registry):
    row = a_row("Referral", TAG, participant={"reference": GONE, "display": "Elvis"})
    kind = registry.type("Referral")

    became = repointing.repointed(kind, repointing.marked(row, "gone"), GONE, SURVIVOR)
    back = repointing.repointed(kind, repointing.unmarked(became, "gone"), SURVIVOR, GONE)

    assert became["participant"] == {"reference": SURVIVOR, "display": "Elvis"}
    assert became["meta"]["tag"] == [TAG, mark("gone")]
    assert back == row


def test_a_row_that_goes_back_forgets_the_merges_that_followed():
    row = a_row("Referral", mark("first"), TAG, mark("second"), mark("third"))

    assert repointing.unmarked(row, "second")["meta"]["tag"] == [mark("first"), TAG]
    assert repointing.unmarked(row, "first")["meta"]["tag"] == [TAG]


def test_a_client_neither_removes_nor_forges_the_tag_of_a_merge():
    held = a_row("Referral", mark("gone"), TAG)
    other = {"system": "https://agency.example/tags", "code": "other"}

    assert repointing.keeping(held, a_row("Referral"))["meta"]["tag"] == [mark("gone")]
    assert repointing.keeping(held, a_row("Referral", other))["meta"]["tag"] == [
        other,
        mark("gone"),
    ]
    assert repointing.keeping(held, held) is held
    assert repointing.keeping(None, a_row("Referral", mark("x"), TAG))["meta"] == {"tag": [TAG]}


def test_two_open_referrals_to_one_program_are_told_and_stay():
    snap = [{"reference": "Program/mdhs-snap"}]
    tanf = [{"reference": "Program/mdhs-tanf"}]
    one = {"status": "requested", "targetPrograms": snap}
    more = {"status": "accepted", "targetPrograms": [*tanf, *snap]}
    done = {"status": "closed", "targetPrograms": snap}

    assert repointing.clashes({"Referral": [one, done]}) == []
    assert [e.detail for e in repointing.clashes({"Referral": [one, more]})] == ["open-referrals"]


def test_two_active_plans_are_told_and_stay():
    active, tentative = {"status": "active"}, {"status": "tentative"}

    (told,) = repointing.clashes({"ParticipantSuccessPlan": [active, tentative, active]})

    assert (told.detail, told.severity) == ("active-plans", "warning")
    assert repointing.clashes({"ParticipantSuccessPlan": [active, tentative]}) == []


def test_every_element_that_names_a_participant_is_found_by_a_search(registry):
    for kind in registry.types.values():
        named = {path for path, to in kind.references.items() if "ParticipantProfile" in to}
        searched = {
            source.path
            for each in kind.parameters.values()
            if "ParticipantProfile" in each.targets
            for source in each.sources
        }

        assert named == searched, kind.name


PEOPLE = range(4)
ORDERS = st.permutations(PEOPLE), st.permutations(PEOPLE)
PAIRS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=8)
"""Whom to merge into whom; a pair of one and the same means to take that one apart."""


class People:
    """A few records with a row each, merged and taken apart as the operations do."""

    kinds = staticmethod(cache(partial(load, schema_folder(Settings()))))

    def __init__(self):
        self.profiles = {}
        for each in PEOPLE:
            own = {"identifier": [{"system": ONE["system"], "value": str(each)}]}
            self.profiles[each] = a_profile(id=str(each), meta={}, **own)
        self.rows = {e: a_row("Referral", participant=self.named(e)) for e in PEOPLE}
        self.before = {}

    @staticmethod
    def named(each):
        return {"reference": f"ParticipantProfile/{each}"}

    def merge(self, one, other):
        gone, survivor = self.profiles[one], self.profiles[other]
        if merging.merge_faults(gone, survivor):
            return
        self.before[one] = gone
        self.profiles[other] = merging.surviving(survivor, gone)
        self.profiles[one] = merging.merged(gone, self.named(other)["reference"])
        self.move(one, other, lambda body: repointing.marked(body, str(one)))

    def unmerge(self, one):
        gone = self.profiles[one]
        if merging.unmerge_faults(gone):
            return
        other = int(gone["mergedInto"]["reference"].rpartition("/")[2])
        survivor = self.profiles[other]
        came = [e for e in self.all() if repointing.is_from(e, str(one))]
        apart = merging.absorbed(self.before[one]) - {e.get("pirlUniqueId") for e in came}
        parted = [e for e in self.before.values() if e["pirlUniqueId"] in apart]
        before = merging.claimed(self.before[one], parted)
        self.profiles[one] = merging.unmerged(gone, before, survivor)
        self.profiles[other] = merging.released(survivor, before)
        self.move(other, one, lambda body: repointing.unmarked(body, str(one)), came)

    def all(self):
        return [*self.rows.values(), *self.profiles.values()]

    def move(self, whence, where, mark, among=None):
        old, new = (self.named(each)["reference"] for each in (whence, where))
        kinds = (
            (self.kinds().type("Referral"), self.rows),
            (self.kinds().type("ParticipantProfile"), self.profiles),
        )
        for kind, held in kinds:
            for name, body in held.items():
                refers = any(old == str(key) for key, _ in kind.referred(body))
                if refers and (among is None or body in among):
                    held[name] = repointing.repointed(kind, mark(body), old, new)


@given(PAIRS, *ORDERS)
@settings(max_examples=150, deadline=None)
def test_whatever_was_merged_comes_apart_in_whatever_order(pairs, order, again):
    people = People()
    profiles, rows = dict(people.profiles), dict(people.rows)
    for pair in pairs:
        people.unmerge(pair[0]) if pair[0] == pair[1] else people.merge(*pair)

    for each in (*order, *again):
        people.unmerge(each)

    assert people.profiles == profiles
    assert people.rows == rows
