"""The life cycle of a referral by the pure rules: what the hub fills in and what it refuses."""

import pytest

from app.composition import schema_folder
from app.model.registry import load as load_registry
from app.reference import load
from app.rules.referrals.table import REASONS, life_cycle
from app.rules.workflow import Move
from app.settings import Settings
from referrals import (
    AUTHORED,
    OTHER,
    RULES,
    SOURCE,
    STAFF,
    STRANGER,
    TARGET,
    WHO,
    Course,
    a_referral,
    an_enrollment,
    proved,
    ref,
)
from rule_facts import RuleFacts, lookups

CYCLE = life_cycle(load())
KIND = load_registry(schema_folder(Settings())).type("Referral")
STATUS = KIND.schema["properties"]["status"]
BY = {"source": SOURCE, "target": TARGET}
WAY = {
    "requested": (),
    "received": ("received",),
    "accepted": ("accepted",),
    "in-progress": ("accepted", "in-progress"),
    "on-hold": ("accepted", "on-hold"),
}


class StoredFacts(RuleFacts):
    """Facts that find the rows as they are stored, whatever the same commit makes of them."""

    def __init__(self, *rows, stored):
        super().__init__(*rows)
        self._stored = stored

    def matches(self, criteria):
        kind, pairs = criteria
        statuses = dict(pairs)["status"].split(",")
        assert kind == "Referral"
        return [each for each in self._stored if each["status"] in statuses]


def alone(body, actor, *rows, stored=None):
    """Return the searches that must find nothing when a referral is made."""
    move = Move("Referral/r1", None, body, actor)
    return RULES.alone(move, StoredFacts(*rows, stored=rows if stored is None else stored))


def at(status):
    return Course().go(TARGET, *WAY[status])


def test_the_published_moves_are_those_of_the_schema():
    moves = {(here, there) for here, after in STATUS["x-transitions"].items() for there in after}

    assert moves == set(CYCLE.actors)
    assert set(STATUS["x-initial"]) == {"requested"}
    assert set(CYCLE.open) == {here for here, after in STATUS["x-transitions"].items() if after}


@pytest.mark.parametrize(("here", "there"), CYCLE.actors, ids=":".join)
def test_each_move_is_made_by_its_actor_and_by_staff(here, there):
    for actor in (BY[CYCLE.actors[here, there]], STAFF):
        course = at(here)

        assert course.change(actor, **proved(there)) == []
        assert course.body["statusHistory"][-1]["from"] == here
        assert KIND.faults(course.body) == []


@pytest.mark.parametrize(("here", "there"), CYCLE.actors, ids=":".join)
def test_the_other_side_is_refused_with_the_moves_it_has(here, there):
    (other,) = {"source", "target"} - {CYCLE.actors[here, there]}
    course = at(here)

    assert ("/status", "wrong-actor") in course.change(BY[other], **proved(there))
    (fault,) = [each for each in course.faults if each.pointer == "/status"]
    assert fault.allowed == CYCLE.moves(here, {other})
    assert course.body["status"] == here


def test_an_agency_that_refers_to_itself_has_both_roles():
    body = a_referral(targetAgency=ref("Agency/mdes"), targetPrograms=[ref("Program/title1-adult")])
    course = Course(body=body)

    assert course.change(SOURCE, status="accepted") == []
    assert course.change(SOURCE, **proved("cancelled")) == []


def test_the_hub_fills_in_deadlines_history_and_moments():
    body = Course().go(TARGET, "accepted", "in-progress", "closed").body

    entries = [(each.get("from"), each["to"]) for each in body["statusHistory"]]
    assert entries[0] == (None, "requested")
    assert entries[-1] == ("in-progress", "closed")
    assert body["statusHistory"][0]["at"] == AUTHORED
    assert body["statusHistory"][-1]["actorPartner"] == ref(TARGET.partner)
    assert body["closedOn"] == body["movedOn"] == "2026-03-02T15:00:00.000Z"
    assert body["dueDates"]["closeBy"] == "2026-03-04"


def test_the_history_names_the_reason_of_a_move_but_never_its_outcome():
    body = Course().go(TARGET, "accepted", "on-hold", "in-progress", "closed").body

    reasons = [each.get("reason") for each in body["statusHistory"]]
    assert reasons == [None, None, "participant-asked-to-wait", None, None]
    assert "statusReason" not in body


def test_a_system_that_syncs_later_says_when_a_move_happened():
    course = Course()

    course.change(TARGET, status="accepted", movedOn="2026-02-03T10:00:00-06:00")
    faults = course.change(TARGET, **proved("closed"), closedOn="2026-02-20T16:00:00Z")

    assert faults == []
    moments = [each["at"] for each in course.body["statusHistory"]]
    assert moments == [AUTHORED, "2026-02-03T10:00:00-06:00", "2026-02-20T16:00:00Z"]
    assert course.body["movedOn"] == course.body["closedOn"] == "2026-02-20T16:00:00Z"


@pytest.mark.parametrize("moment", ["2026-02-02T14:59:59Z", "2026-03-02T15:01:01Z"])
def test_a_move_is_neither_before_the_last_one_nor_in_the_future(moment):
    faults = Course().change(TARGET, status="accepted", movedOn=moment)

    assert faults == [("/movedOn", "wrong-moment")]


def test_a_move_has_one_moment():
    said = {"movedOn": "2026-02-10T00:00:00Z", "closedOn": "2026-02-11T00:00:00Z"}

    course = Course()
    course.change(TARGET, status="accepted", movedOn="2026-02-03T00:00:00Z")

    faults = course.change(TARGET, **proved("closed"), **said)

    assert faults == [("/closedOn", "wrong-moment")]


def test_the_moment_of_a_move_is_said_with_it_only():
    course = Course().go(TARGET, "accepted")

    assert course.change(TARGET, movedOn="2026-02-20T16:00:00Z") == [("/movedOn", "immutable")]


def test_what_stays_away_is_carried_over():
    course = Course().go(TARGET, "accepted", "closed")
    before = course.body

    assert course.change(TARGET, movedOn=None, closedOn=None) == []
    assert course.body == before


def test_a_write_that_repeats_the_referral_changes_nothing():
    course = Course().go(TARGET, "accepted", "on-hold")
    before = course.body

    assert course.change(TARGET) == []
    assert course.body == before


@pytest.mark.parametrize("name", [
    "participant", "origin", "assessment", "sourceAgency", "sourcePartner", "targetAgency",
    "targetPrograms", "authoredOn", "priorReferral",
])  # fmt: skip
def test_what_the_referral_was_made_of_stays(name):
    others = {
        "participant": ref(OTHER),
        "origin": "isa",
        "sourceAgency": ref("Agency/mdhs"),
        "sourcePartner": ref("Partner/mdhs-eligibility"),
        "targetAgency": ref("Agency/mdes"),
        "targetPrograms": [ref("Program/perkins-cte")],
        "authoredOn": "2026-02-03T15:00:00Z",
    }
    course = Course()

    faults = course.change(STAFF, **{name: others.get(name, ref("Referral/other"))})

    assert (f"/{name}", "immutable") in faults


@pytest.mark.parametrize("name", [
    "contactAttempts", "appointments", "offerDate", "eligibilityReason", "resultEnrollment",
])  # fmt: skip
def test_only_the_target_writes_what_proves_the_outcome(name):
    evidence = {
        "contactAttempts": [{"at": AUTHORED, "method": "phone", "result": "reached"}],
        "appointments": [{"start": AUTHORED, "status": "booked"}],
        "offerDate": "2026-02-10",
        "eligibilityReason": "Enrolled in high school.",
        "resultEnrollment": ref("ParticipantServiceEnrollment/e1"),
    }[name]
    course = Course(an_enrollment())

    assert course.change(SOURCE, **{name: evidence}) == [(f"/{name}", "wrong-actor")]
    assert course.change(TARGET, **{name: evidence}) == []
    assert course.change(SOURCE, **{name: None}) == [(f"/{name}", "wrong-actor")]
    assert course.change(SOURCE, note="Reach after 10 am.") == []


@pytest.mark.parametrize("status", sorted(REASONS))
def test_a_reason_fits_its_move(status):
    here = "accepted" if status in ("cancelled", "on-hold") else "requested"
    actor = BY[CYCLE.actors[here, status]]
    reasons = KIND.schema["properties"]["statusReason"]["enum"]

    found = {each: at(here).change(actor, status=status, statusReason=each) for each in reasons}

    fitting = {reason for reason, faults in found.items() if not faults}
    assert fitting == set(REASONS[status])


def test_a_reason_of_its_own_goes_with_no_other_move():
    faults = Course().change(TARGET, status="accepted", statusReason="no-capacity")

    assert faults == [("/statusReason", "wrong-reason")]


def test_a_reason_changes_with_a_move_only():
    course = Course().go(TARGET, "accepted", "on-hold")

    faults = course.change(TARGET, statusReason="no-capacity")

    assert faults == [("/statusReason", "reason-without-move")]


def test_a_rejected_referral_waits_for_a_new_one_or_a_reason_why_not():
    course = Course().go(TARGET, "rejected")
    following = a_referral(
        targetAgency=ref("Agency/mdhs"),
        targetPrograms=[ref("Program/snap")],
        priorReferral=ref("Referral/r1"),
    )

    assert course.body["followUp"] == "awaited"
    (effect,) = RULES.effects(Move("Referral/r2", None, following, SOURCE), course.facts)
    made = Move("Referral/r1", course.body, effect.body, SOURCE, is_effect=True)
    assert RULES.complete(made, course.facts)["followUp"] == "made"
    assert course.change(TARGET, followUpReason="No.") == [("/followUpReason", "wrong-actor")]
    assert course.change(SOURCE, followUpReason="The person found help elsewhere.") == []
    assert course.body["followUp"] == "waived"


def test_a_duplicate_that_is_rejected_needs_no_new_referral():
    course = Course()
    course.change(TARGET, status="rejected", statusReason="duplicate")

    assert course.body["followUp"] == "waived"


def test_only_a_rejected_referral_says_why_none_follows():
    faults = Course().change(SOURCE, followUpReason="None.")

    assert faults == [("/followUpReason", "not-rejected")]


def test_a_step_that_is_done_is_no_longer_overdue():
    course = Course()
    course.body["overdue"] = ["acknowledge", "accept"]

    course.change(TARGET, status="received")
    assert course.body["overdue"] == ["accept"]
    course.change(TARGET, status="accepted")
    assert "overdue" not in course.body


def test_on_hold_is_reviewed_after_thirty_days_and_no_longer_once_it_goes_on():
    course = Course().go(TARGET, "accepted", "on-hold")

    assert course.body["reviewBy"] == "2026-04-01"
    assert "reviewBy" not in course.go(TARGET, "in-progress").body


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"sourceAgency": ref("Agency/mdhs")}, ("/sourceAgency", "foreign-agency"),
                     id="the source agency is the partner's"),
        pytest.param({"targetPrograms": [ref("Program/title2-aefla"), ref("Program/snap")]},
                     ("/targetPrograms/1", "foreign-program"), id="programs of one agency"),
        pytest.param({"targetPartner": ref("Partner/mdhs-eligibility")},
                     ("/targetPartner", "foreign-partner"), id="a partner of the target agency"),
        pytest.param({"targetPartner": ref("Partner/cc-hinds"),
                      "targetPrograms": [ref("Program/title2-aefla")]}, None,
                     id="a partner that runs the program"),
        pytest.param({"authoredOn": "2026-03-02T15:01:01Z"}, ("/authoredOn", "future"),
                     id="not in the future"),
        pytest.param({"authoredOn": "2026-03-02T15:00:30Z"}, None,
                     id="by a clock that is a little ahead"),
        pytest.param({"origin": "isa", "assessment": ref("ParticipantServiceAssessment/a1")}, None,
                     id="of the person's own assessment"),
        pytest.param({"origin": "isa", "assessment": ref("ParticipantServiceAssessment/a2")},
                     ("/assessment", "other-participant"), id="of another person's assessment"),
        pytest.param({"origin": "isa", "assessment": ref("ParticipantServiceAssessment/a3")},
                     ("/origin", "declined-card"), id="of a card that the person declined"),
        pytest.param({"origin": "isa", "assessment": ref("ParticipantServiceAssessment/a4")}, None,
                     id="of a card that the person accepted"),
        pytest.param({"assessment": ref("ParticipantServiceAssessment/a3")}, None,
                     id="ad hoc after a card that the person declined"),
        pytest.param({"priorReferral": ref("Referral/r9")},
                     ("/priorReferral", "other-participant"), id="after another person's referral"),
        pytest.param({"origin": "pathway-step",
                      "planItem": {"successPlan": ref("ParticipantSuccessPlan/p1"),
                                   "itemId": "item-2"}}, None, id="an item of the person's plan"),
        pytest.param({"planItem": {"successPlan": ref("ParticipantSuccessPlan/p1"),
                                   "itemId": "item-9"}},
                     ("/planItem/itemId", "no-such-item"), id="no such item"),
        pytest.param({"planItem": {"successPlan": ref("ParticipantSuccessPlan/p1"),
                                   "itemId": "item-3"}},
                     ("/planItem/itemId", "no-such-item"), id="an item of which few may know"),
        pytest.param({"planItem": {"successPlan": ref("ParticipantSuccessPlan/p2"),
                                   "itemId": "item-2"}},
                     ("/planItem/successPlan", "other-participant"), id="another person's plan"),
        pytest.param({"offerDate": "2026-02-10"}, ("/offerDate", "wrong-actor"),
                     id="the source proves nothing"),
        pytest.param({"movedOn": "2026-02-10T00:00:00Z"}, ("/movedOn", "wrong-moment"),
                     id="the first moment is that of authoring"),
        pytest.param({"statusReason": "moved"}, ("/statusReason", "wrong-reason"),
                     id="no reason yet"),
    ],
)  # fmt: skip
def test_a_new_referral_is_consistent_and_founded(changes, fault):
    def row(kind, id, whose, **rest):
        return {"resourceType": kind, "id": id, "participant": ref(whose), **rest}

    def cards(decision, program):
        return [{"decision": decision, "targetPrograms": [ref(f"Program/{program}")]}]

    secret = {"itemId": "item-3", "program": ref("Program/title4-vr")}
    rows = [
        row("ParticipantServiceAssessment", "a1", WHO, proposals=cards("declined", "tanf")),
        row("ParticipantServiceAssessment", "a3", WHO, proposals=cards("declined", "title2-aefla")),
        row("ParticipantServiceAssessment", "a4", WHO, proposals=cards("accepted", "title2-aefla")),
        row("ParticipantServiceAssessment", "a2", OTHER),
        row("Referral", "r9", OTHER, status="closed"),
        row("ParticipantSuccessPlan", "p1", WHO, schedule=[{"itemId": "item-2"}, secret]),
        row("ParticipantSuccessPlan", "p2", OTHER, schedule=[{"itemId": "item-2"}]),
    ]
    body = a_referral(**changes)
    course = Course(*rows, body=body)

    found = [(each.pointer, each.detail) for each in course.faults]
    assert found[:1] == ([fault] if fault else [])


@pytest.mark.parametrize("actor", [SOURCE, TARGET, STRANGER])
def test_ad_hoc_staff_of_any_partner_refer_to_any_program(actor):
    ends = {"sourceAgency": ref(actor.agency), "sourcePartner": ref(actor.partner)}
    programs = [each for each in lookups().values() if each["resourceType"] == "Program"]

    found = {
        each["id"]: Course(
            body=a_referral(
                **ends, targetAgency=each["agency"], targetPrograms=[ref(f"Program/{each['id']}")]
            ),
            actor=actor,
        ).faults
        for each in programs
    }

    assert len(found) > 5
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_partner_that_does_not_run_the_program_is_no_target():
    body = a_referral(
        targetPrograms=[ref("Program/perkins-cte")], targetPartner=ref(TARGET.partner)
    )

    assert Course(body=body).faults[0].detail == "program-not-run"


@pytest.mark.parametrize("actor", [SOURCE, STRANGER, STAFF])
def test_there_is_one_open_referral_per_participant_and_program(actor):
    source = {"sourceAgency": ref(actor.agency), "sourcePartner": ref(actor.partner)}
    body = a_referral(**(source if actor.agency else {}))
    earlier = Course().body | {"id": "r2"}

    course = Course(earlier, body=body, actor=actor)

    (fault,) = course.faults
    assert (fault.code, fault.pointer) == ("duplicate", "/targetPrograms/0")
    (criteria,) = alone(body, actor, earlier)
    assert criteria == ("Referral", (
        ("participant", WHO),
        ("target-programs", "Program/title2-aefla"),
        ("status", "requested,received,accepted,in-progress,on-hold"),
    ))  # fmt: skip


def test_one_that_ended_or_goes_elsewhere_is_no_duplicate():
    ended = Course().go(SOURCE, "cancelled").body | {"id": "r2"}
    elsewhere = ended | {"id": "r3", "status": "requested"}
    elsewhere["targetPrograms"] = [ref("Program/perkins-cte")]

    assert Course(ended, elsewhere).faults == []


def test_one_that_the_same_commit_ends_makes_room_for_the_next():
    stored = Course().body | {"id": "r2"}
    ended = Course().go(SOURCE, "cancelled").body | {"id": "r2"}
    long_ended = ended | {"id": "r3"}

    (criteria,) = alone(a_referral(), SOURCE, ended, long_ended, stored=[stored, long_ended])

    assert criteria[1][-1] == ("_id:not", "r2")


REHABILITATION = {
    "targetAgency": ref("Agency/mdrs"),
    "targetPrograms": [ref("Program/title4-vr")],
}


@pytest.mark.parametrize(
    ("actor", "is_told"),
    [(SOURCE, True), (STAFF, True), (STRANGER, False)],
    ids=["who made it", "staff", "another agency"],
)
def test_a_referral_to_vocational_rehabilitation_counts_for_those_who_may_know_of_it(
    actor, is_told
):
    earlier = Course(body=a_referral(**REHABILITATION)).body | {"id": "r2"}
    agency, partner = actor.agency or SOURCE.agency, actor.partner or SOURCE.partner
    body = a_referral(**REHABILITATION, sourceAgency=ref(agency), sourcePartner=ref(partner))

    course = Course(earlier, body=body, actor=actor)

    assert bool(course.faults) == is_told
    (criteria,) = alone(body, actor, earlier)
    assert (("_id:not", "r2") in criteria[1]) != is_told


def test_a_referral_by_vocational_rehabilitation_is_not_told_to_third_parties():
    by = {"sourceAgency": ref("Agency/mdrs"), "sourcePartner": ref("Partner/mdrs-vr")}
    earlier = Course(body=a_referral(**by), actor=STAFF).body | {"id": "r2"}

    assert Course(earlier).faults == []
