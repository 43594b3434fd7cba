"""ParticipantProfile/{id}/$unmerge: two records that were merged are of two persons after all.

The record gets back what came with it and is still with the survivor; what was recorded since the
merge stays there, as nobody can tell whose it is.
"""

from collections.abc import Sequence

from app.interactions.facts import LiveFacts
from app.interactions.judgement import refuse
from app.interactions.merging import Person, admitted, answer, refuse_unseen
from app.interactions.operations import Answer, Call, Operation
from app.interactions.plan import Plan
from app.interactions.records import Records
from app.interactions.settling import settle
from app.interactions.view import View
from app.model.codec import Resource
from app.model.errors import RuleBroken
from app.model.operation import Input, Signature
from app.model.resource_type import MERGED, PARTICIPANT
from app.model.version import Key, Version
from app.rules.persons import merging, repointing

SIGNATURE = Signature(
    PARTICIPANT,
    "unmerge",
    "Take this record apart from the one that it was merged into.",
    (Input("version", "integer", "The version of this record that was seen.", is_required=True),),
    is_on_instance=True,
    writes=True,
)


def run(call: Call) -> Answer:
    """Restore the record; raise Forbidden for all but staff, and what the plan raises."""
    records = admitted(call)
    key, seen = Key(PARTICIPANT, call.id), call.inputs["version"]
    return answer(settle(records, lambda: _plan(records, key, seen), call.once))


def _plan(records: Records, key: Key, seen: int) -> Plan:
    """Plan that a merged profile goes on by itself; raise what that of `$merge` raises."""
    facts = LiveFacts(records)
    person = Person(records, facts)
    gone = person.profile(key)
    refuse_unseen(records, gone, seen, "version")
    refuse(RuleBroken, "This record is not merged.", merging.unmerge_faults(gone.resource))
    survivor = person.profile(Key.parse(gone.resource["mergedInto"]["reference"]))
    rows = [e for e in person.rows(survivor.key) if repointing.is_from(e.resource, key.id)]
    before = _claimed(person, gone, rows)
    body = merging.unmerged(gone.resource, before, survivor.resource)
    return person.together(
        person.changed(gone, body),
        person.changed(survivor, merging.released(survivor.resource, before)),
        [
            person.moved(each, repointing.unmarked(each.resource, key.id), survivor.key, key)
            for each in rows
        ],
        merging.lost(before, body),
    )


def _claimed(person: Person, gone: Version, rows: Sequence[Version]) -> Resource:
    """Return a profile as it was before its merge, with what it may take back of that.

    `rows` are what comes back with it.
    """
    before = _before(person.records, gone)
    back = {each.resource.get("pirlUniqueId") for each in rows}
    apart = sorted(merging.absorbed(before) - back)
    found = [row for each in apart for row in person.facts.matches(merging.by_pirl_id(each))]
    versions = filter(None, (person.facts.version(Key(PARTICIPANT, row["id"])) for row in found))
    return merging.claimed(before, [_before(person.records, each) for each in versions])


def _before(records: Records, profile: Version) -> Resource:
    """Return a profile as it was just before it was merged last, as it is when it never was."""
    view, was_merged = View(records, "vread", PARTICIPANT), False
    for number in range(profile.number, 0, -1):
        found = view.vread(profile.key, number)
        if found is None or found.is_deleted:
            continue
        is_merged = found.resource["status"] == MERGED
        if was_merged and not is_merged:
            return found.resource
        was_merged = is_merged
    return profile.resource


OPERATION = Operation(SIGNATURE, run)
