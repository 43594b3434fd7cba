"""ParticipantProfile/{id}/$merge: a record is found to be of the same person as another.

The survivor is found by the identifiers of both, and all rows of the person are about it. Nothing
is lost: each change is a version in one commit, and `$unmerge` undoes it.
"""

from collections.abc import Sequence

from app.interactions.facts import LiveFacts
from app.interactions.judgement import refuse
from app.interactions.merging import (
    Person,
    admitted,
    answer,
    named,
    refuse_unseen,
)
from app.interactions.operations import Answer, Call, Operation
from app.interactions.plan import Plan
from app.interactions.records import Records
from app.interactions.settling import settle
from app.model.codec import Resource
from app.model.errors import RuleBroken
from app.model.operation import Input, Signature, valued
from app.model.resource_type import PARTICIPANT
from app.model.version import Key, Version
from app.rules.persons import merging, repointing

SIGNATURE = Signature(
    PARTICIPANT,
    "merge",
    "Merge this record of a person into another one of the same person.",
    (
        Input("into", "Reference", "The record that goes on for both.", is_required=True),
        Input("version", "integer", "The version of this record that was seen.", is_required=True),
        Input("intoVersion", "integer", "The version of the other one.", is_required=True),
    ),
    is_on_instance=True,
    writes=True,
)


def run(call: Call) -> Answer:
    """Merge the record; raise Forbidden for all but staff, and what the plan raises."""
    records = admitted(call)
    into = named(valued(call.inputs, "into") or "", "into")
    pair = Key(PARTICIPANT, call.id), into
    seen = call.inputs["version"], call.inputs["intoVersion"]
    return answer(settle(records, lambda: _plan(records, pair, seen), call.once))


def _plan(records: Records, pair: tuple[Key, Key], seen: tuple[int, int]) -> Plan:
    """Plan the merge of one profile into another.

    Raises RuleBroken, VersionConflict for a version that is not current, Deleted and NotFound,
    Invalid when a list would be too long, and TooCostly.
    """
    facts = LiveFacts(records)
    person = Person(records, facts)
    gone, survivor = (person.profile(key) for key in pair)
    refuse_unseen(records, gone, seen[0], "version")
    refuse_unseen(records, survivor, seen[1], "intoVersion")
    faults = merging.merge_faults(gone.resource, survivor.resource)
    refuse(RuleBroken, "These records cannot be merged.", faults)
    rows = person.rows(gone.key)
    body = merging.merged(gone.resource, str(survivor.key))
    return person.together(
        person.changed(gone, body, person.no_others(gone.key, rows)),
        person.changed(survivor, merging.surviving(survivor.resource, gone.resource)),
        [person.moved(each, repointing.marked(each.resource, gone.key.id), *pair) for each in rows],
        repointing.clashes(_of_both(facts, survivor.key, rows)),
    )


def _of_both(facts: LiveFacts, survivor: Key, rows: Sequence[Version]) -> dict[str, list[Resource]]:
    """Return, of the types of which a person should have one, what both records have."""
    return {
        name: [
            *facts.about(name, str(survivor)),
            *(each.resource for each in rows if each.key.type == name),
        ]
        for name in repointing.SINGLE
    }


OPERATION = Operation(SIGNATURE, run)
