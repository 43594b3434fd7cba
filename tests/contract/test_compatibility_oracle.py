"""Pairs of schemas whose verdicts are proven by hand: none of ours may be wrong."""

import pytest

import schema_pairs
from app.model.lens import Lens
from app.rules.compatibility.compare import compare
from schema_pairs import DOCUMENTS, accepts, includes

ALL = dict([*schema_pairs.pairs(), *schema_pairs.changes()])
NOT_KNOWN = {
    ("scalars: a short pattern is written as codes", "write"),
    ("scalars: a least length is written as a pattern", "write"),
    ("scalars: a look-ahead is taken away", "write"),
    ("scalars: two patterns together are one", "write"),
    ("shipped: a profile's telecom may be a fax, which falls back to phone", "read"),
    ("shipped: a profile's Social Security number never begins with 9", "write"),
    ("shipped: a profile's benefits get one more", "read"),
}
"""Verdicts that we may fail to reach, by pair and direction; a wrong one is never forgiven."""


def test_the_oracle_is_large_enough():
    assert len(ALL) >= 70


@pytest.mark.parametrize("name", ALL)
def test_every_witness_of_the_oracle_is_confirmed_by_two_validators(name):
    pair = ALL[name]

    assert all(pair[direction]["why"] for direction in ("write", "read"))
    if pair["write"]["answer"] == "no":
        assert accepts(pair["old"], pair["write"]["witness"]) == {True}
        assert accepts(pair["new"], pair["write"]["witness"]) == {False}
    if pair["read"]["answer"] == "no":
        assert accepts(pair["new"], pair["read"]["witness"]) == {True}
        view = Lens(pair["old"], pair["new"], DOCUMENTS).projected(pair["read"]["witness"])
        assert accepts(pair["old"], view) == {False}


@pytest.mark.parametrize("name", ALL)
def test_every_verdict_is_the_proven_one_and_every_no_has_a_witness(name):
    pair = ALL[name]

    found = compare(pair["old"], pair["new"], DOCUMENTS, includes)

    for direction, verdict in (("write", found.write), ("read", found.read)):
        unknown = {"unknown"} if (name, direction) in NOT_KNOWN else set()
        assert verdict.answer in {pair[direction]["answer"], *unknown}, direction
        assert bool(verdict.witness) == (verdict.answer == "no")
    for document in found.write.witness:
        assert accepts(pair["old"], document) == {True}
        assert accepts(pair["new"], document) == {False}
    for document in found.read.witness:
        view = Lens(pair["old"], pair["new"], DOCUMENTS).projected(document)
        assert accepts(pair["new"], document) == {True}
        assert accepts(pair["old"], view) == {False}
