"""Completing an assessment: decisions, referrals, what stays frozen; and answers in doubt."""

import pytest

from app.rules.assessments.individual_service_assessment import WORKFLOW
from app.rules.workflow import Actor, Move
from builders import ANSWERS, a_profile, an_example
from rule_facts import RuleFacts, lookups

ID = "ParticipantServiceAssessment/01920000-0000-7000-8000-000000000901"
PERSON = "ParticipantProfile/01920000-0000-7000-8000-000000000902"
NOW = "2026-03-02T15:00:00.000Z"
MDES = Actor("Partner/mdes-mississippi-works", "Agency/mdes")


class Facts(RuleFacts):
    """Facts that find partners by agency and status."""

    def matches(self, criteria):
        kind, pairs = criteria
        assert kind == "Partner"
        wanted = dict(pairs)
        return [
            each
            for each in lookups().values()
            if each["resourceType"] == kind
            and each["agency"]["reference"] == wanted["agency"]
            and each["status"] == wanted["status"]
        ]


def a_person(**changes):
    given = {"employmentStatus": "0", "educationLevel": "0", "localWorkforceArea": "delta"}
    return a_profile(id=PERSON.partition("/")[2], birthDate="2008-03-02", **{**given, **changes})


def an_assessment(**changes):
    given = {"status": "completed", "participant": {"reference": PERSON}, **ANSWERS}
    return an_example("ParticipantServiceAssessment") | given | changes


def a_move(body, former=None, **how):
    return Move(ID, former, body, MDES, **how)


def completed(body, former=None, facts=None):
    """Return the body as the hub completes it, and the pointers and details of its faults."""
    facts = facts or Facts(a_person())
    move = a_move(WORKFLOW.complete(a_move(body, former), facts), former)
    return move.body, {each.pointer: each.detail for each in WORKFLOW.faults(move, facts)}


def effects(body, former=None, facts=None):
    facts = facts or Facts(a_person())
    made, refused = completed(body, former, facts)
    assert refused == {}
    return WORKFLOW.effects(a_move(made, former), facts)


def decisions(body):
    return {each["proposal"]: each["decision"] for each in body.get("proposals", ())}


def test_every_card_starts_accepted():
    body, refused = completed(an_assessment())

    assert refused == {}
    assert decisions(body) == {"adult-basic-education": "accepted", "human-services": "accepted"}
    assert body["completedAt"] == NOW
    assert {each["decidedAt"] for each in body["proposals"]} == {NOW}


@pytest.mark.parametrize(("mode", "who"), [
    ("self-service", "participant"), ("staff-assisted", "staff-on-behalf"),
])  # fmt: skip
def test_who_decided_follows_from_the_mode(mode, who):
    body, _ = completed(an_assessment(mode=mode))

    assert {each["decidedBy"] for each in body["proposals"]} == {who}


def test_an_assessment_in_progress_has_any_answers_and_no_proposals():
    sent = an_assessment(status="in-progress", proposals=[said("human-services")])
    del sent["workingStatus"]

    body, refused = completed(sent)

    assert refused == {}
    assert "proposals" not in body
    assert "completedAt" not in body


def said(proposal, decision="accepted", **more):
    return {"proposal": proposal, "decision": decision, **more}


def test_accepted_proposals_become_one_referral_each():
    *referrals, own = effects(an_assessment())

    abe, food = (each.body for each in referrals)
    assert abe["targetAgency"] == {"reference": "Agency/mccb"}
    assert abe["targetPartner"] == {"reference": "Partner/mccb-adult-education"}
    assert abe["ruleIds"] == ["ISA-R1"]
    assert food["targetPrograms"] == [{"reference": "Program/snap"}]
    for each in (abe, food):
        assert each["origin"] == "isa"
        assert each["assessment"] == {"reference": ID}
        assert each["participant"] == {"reference": PERSON}
        assert each["sourceAgency"] == {"reference": "Agency/mdes"}
        assert each["sourcePartner"] == {"reference": "Partner/mdes-mississippi-works"}
        assert each["status"] == "requested"
        assert each["authoredOn"] == NOW
    assert own.reference == ID
    assert [each["referral"]["reference"] for each in own.body["proposals"]] == [
        each.reference for each in referrals
    ]


def test_a_referral_names_the_place_where_the_questions_were_answered():
    place = {"reference": "LocalCenter/win-clarksdale"}

    referrals = effects(an_assessment(localCenter=place))[:-1]

    assert [each.body["sourceCenter"] for each in referrals] == [place, place]


def test_a_declined_card_stays_on_record_and_never_becomes_a_referral():
    sent = an_assessment(proposals=[said("human-services", "declined")])

    body, _ = completed(sent)
    *referrals, own = effects(sent)

    assert decisions(body) == {"adult-basic-education": "accepted", "human-services": "declined"}
    assert [each.body["ruleIds"] for each in referrals] == [["ISA-R1"]]
    assert "referral" not in own.body["proposals"][1]


def test_when_all_cards_are_declined_nothing_follows():
    sent = an_assessment(
        proposals=[said("adult-basic-education", "declined"), said("human-services", "declined")]
    )

    assert effects(sent) == ()


def test_unchecking_human_services_declines_both_programs():
    sent = an_assessment(
        isCaretakerOfDeprivedChild="yes", proposals=[said("human-services", "declined")]
    )

    body, _ = completed(sent)

    programs = [each["reference"] for each in body["proposals"][1]["targetPrograms"]]
    assert programs == ["Program/snap", "Program/tanf"]
    assert decisions(body)["human-services"] == "declined"


def test_one_referral_carries_both_programs_of_human_services():
    referrals = effects(an_assessment(isCaretakerOfDeprivedChild="yes"))[:-1]

    assert [each.body["ruleIds"] for each in referrals] == [["ISA-R1"], ["ISA-R3", "ISA-R4"]]


def test_what_is_merely_proposed_counts_as_accepted():
    body, _ = completed(an_assessment(proposals=[said("human-services", "proposed")]))

    assert decisions(body)["human-services"] == "accepted"


def test_what_the_hub_says_of_a_decision_is_not_taken_from_the_client():
    sent = said("human-services", decidedBy="participant", decidedAt="2020-01-01T00:00:00Z",
                ruleIds=["OTHER"], referral={"reference": "Referral/other"})  # fmt: skip

    body, _ = completed(an_assessment(mode="staff-assisted", proposals=[sent]))

    assert body["proposals"][1]["decidedBy"] == "staff-on-behalf"
    assert body["proposals"][1]["decidedAt"] == NOW
    assert body["proposals"][1]["ruleIds"] == ["ISA-R4"]
    assert "referral" not in body["proposals"][1]


@pytest.mark.parametrize(("sent", "at"), [
    pytest.param([said("human-services"), said("youth-services")], "/proposals/1", id="no rule"),
    pytest.param([said("human-services"), said("human-services", "declined")], "/proposals/1",
                 id="twice"),
    pytest.param([said("human-services", targetAgency={"reference": "Agency/mdes"})],
                 "/proposals/0", id="another agency"),
    pytest.param([said("human-services", targetPrograms=[{"reference": "Program/tanf"}])],
                 "/proposals/0", id="other programs"),
    pytest.param([said("workforce")], "/proposals/0", id="to the workforce agency by itself"),
])  # fmt: skip
def test_a_proposal_that_no_rule_gives_is_refused_with_its_path(sent, at):
    _, refused = completed(an_assessment(proposals=sent))

    assert refused == {at: "not-proposed"}


@pytest.mark.parametrize("status", ["in-progress", "completed"])
def test_only_a_published_questionnaire_is_answered(status):
    facts = Facts(a_person())
    sent = an_assessment(status=status, questionnaireVersion="7")
    move = a_move(WORKFLOW.complete(a_move(sent), facts))

    (found,) = WORKFLOW.faults(move, facts)

    assert (found.pointer, found.allowed) == ("/questionnaireVersion", ("1",))
    assert WORKFLOW.effects(move, facts) == ()


def test_a_system_that_syncs_later_says_when_it_was_completed():
    *referrals, own = effects(an_assessment(completedAt="2026-02-27T16:30:00-06:00"))

    assert {each.body["authoredOn"] for each in referrals} == {"2026-02-27T16:30:00-06:00"}
    assert own.body["completedAt"] == "2026-02-27T16:30:00-06:00"


def test_nothing_is_completed_in_the_future():
    _, refused = completed(an_assessment(completedAt="2026-03-02T15:02:00Z"))

    assert refused == {"/completedAt": "in-future"}


def test_what_was_opened_since_the_cards_were_shown_is_left_out_without_a_fault():
    row = an_example("Referral") | {
        "id": "open", "participant": {"reference": PERSON}, "status": "accepted",
        "targetPrograms": [{"reference": "Program/snap"}],
    }  # fmt: skip
    facts = Facts(a_person(), row)
    shown = [{"reference": "Program/snap"}]

    body, refused = completed(
        an_assessment(proposals=[said("human-services", targetPrograms=shown)]), facts=facts
    )

    assert refused == {}
    assert decisions(body) == {"adult-basic-education": "accepted"}


@pytest.mark.parametrize(("area", "partner"), [
    ("delta", {"reference": "Partner/youth-delta"}),
    ("twin-districts", {"reference": "Partner/youth-twin-districts"}),
    (None, None),
])  # fmt: skip
def test_youth_services_are_those_of_the_area_where_the_person_lives(area, partner):
    person = a_person()
    del person["localWorkforceArea"]
    person |= {"localWorkforceArea": area} if area else {}
    sent = an_assessment(hasHighSchoolCredential="yes", needsFoodAssistance="no",
                         isDisconnectedYouth="yes")  # fmt: skip

    youth, _ = effects(sent, facts=Facts(person))

    assert youth.body.get("targetPartner") == partner


def done(**changes):
    """Return an assessment as it is stored once it is completed, its referrals linked."""
    return {**effects(an_assessment())[-1].body, **changes}


def test_the_hub_links_the_referrals_once():
    facts, body = Facts(a_person()), done()

    assert WORKFLOW.effects(a_move(body), facts) == ()
    assert WORKFLOW.complete(a_move(body, is_effect=True), facts) == body


def test_a_write_after_completion_keeps_proposals_and_makes_no_referral():
    sent = {name: value for name, value in done().items() if name != "proposals"}

    body, refused = completed(sent | {"localCenter": {"reference": "LocalCenter/x"}}, done())

    assert refused == {}
    assert body["proposals"] == done()["proposals"]
    assert WORKFLOW.effects(a_move(body, done()), Facts(a_person())) == ()


@pytest.mark.parametrize("changes", [
    {"needsFoodAssistance": "no"},
    {"completedAt": "2026-03-01T15:00:00Z"},
    {"mode": "staff-assisted"},
    {"participant": {"reference": "ParticipantProfile/other"}},
    {"proposals": [said("human-services", "declined")]},
])  # fmt: skip
def test_a_completed_assessment_stays_as_it_was(changes):
    _, refused = completed(done(**changes), done())

    assert refused == {f"/{name}": "frozen" for name in changes}


@pytest.mark.parametrize("changes", [
    {"status": "entered-in-error"},
    {"status": "entered-in-error", "participant": {"reference": "ParticipantProfile/other"}},
])  # fmt: skip
def test_an_assessment_recorded_by_mistake_stays_as_it_was(changes):
    taken_back = done(status="entered-in-error")

    body, refused = completed(done(**changes), taken_back)

    assert body["proposals"] == taken_back["proposals"]
    assert refused == {f"/{name}": "frozen" for name in changes if name != "status"}
    assert WORKFLOW.effects(a_move(body, taken_back), Facts(a_person())) == ()


def test_amending_corrects_answers_and_leaves_the_proposals():
    body, refused = completed(done(status="amended", hasHighSchoolCredential="yes"), done())

    assert refused == {}
    assert decisions(body) == {"adult-basic-education": "accepted", "human-services": "accepted"}
    assert WORKFLOW.effects(a_move(body, done()), Facts(a_person())) == ()


@pytest.mark.parametrize(("answers", "person", "doubted"), [
    ({}, {}, []),
    ({"isDisconnectedYouth": "yes"}, {}, []),
    ({"isDisconnectedYouth": "yes"}, {"birthDate": "2010-03-03"}, ["/isDisconnectedYouth"]),
    ({"isDisconnectedYouth": "yes"}, {"birthDate": "2010-03-02"}, []),
    ({"isDisconnectedYouth": "yes"}, {"birthDate": "2001-03-03"}, []),
    ({"isDisconnectedYouth": "yes"}, {"birthDate": "2001-03-02"}, ["/isDisconnectedYouth"]),
    ({"hasHighSchoolCredential": "yes"}, {}, ["/hasHighSchoolCredential"]),
    ({"hasHighSchoolCredential": "yes"}, {"educationLevel": "3"}, ["/hasHighSchoolCredential"]),
    ({"hasHighSchoolCredential": "yes"}, {"educationLevel": "2"}, []),
    ({}, {"educationLevel": "1"}, ["/hasHighSchoolCredential"]),
    ({}, {"employmentStatus": "1"}, ["/workingStatus"]),
    ({}, {"employmentStatus": "2"}, ["/workingStatus"]),
    ({}, {"employmentStatus": "3"}, []),
    ({"workingStatus": "yes-needs-better"}, {}, ["/workingStatus"]),
    ({"workingStatus": "yes-meets-needs"}, {"employmentStatus": "3"}, ["/workingStatus"]),
    ({"workingStatus": "yes-meets-needs"}, {"employmentStatus": "1"}, []),
])  # fmt: skip
def test_isa_warnings_say_which_answers_other_facts_speak_against(answers, person, doubted):
    profile = {**a_person(), **person}

    found = WORKFLOW.warnings(a_move(an_assessment(**answers)), Facts(profile))

    assert [each.pointer for each in found] == doubted
    assert {each.severity for each in found} <= {"warning"}


@pytest.mark.parametrize(("partner", "status", "is_doubted"), [
    ("mdes-mississippi-works", "earned", True),
    ("mdes-mississippi-works", "revoked", False),
    ("mccb-adult-education", "earned", False),
])  # fmt: skip
def test_a_diploma_that_the_agency_recorded_itself_speaks_against_no(partner, status, is_doubted):
    diploma = an_example("ParticipantCredential") | {
        "id": "diploma", "participant": {"reference": PERSON}, "credentialType": "1",
        "partner": {"reference": f"Partner/{partner}"}, "status": status,
    }  # fmt: skip

    found = WORKFLOW.warnings(a_move(an_assessment()), Facts(a_person(), diploma))

    assert [each.pointer for each in found] == ["/hasHighSchoolCredential"] * is_doubted


@pytest.mark.parametrize(("at", "is_doubted"), [
    ("2026-03-02T05:59:59Z", True), ("2026-03-02T06:00:00Z", False),
])  # fmt: skip
def test_a_person_turns_sixteen_at_midnight_in_mississippi(at, is_doubted):
    profile = {**a_person(), "birthDate": "2010-03-02"}
    answers = an_assessment(isDisconnectedYouth="yes", completedAt=at)

    found = WORKFLOW.warnings(a_move(answers), Facts(profile))

    assert [each.pointer for each in found] == ["/isDisconnectedYouth"] * is_doubted


class Blind(Facts):
    """Facts of a client that sees nothing of a profile but its id."""

    def seen(self, reference):
        return {name: self.row(reference)[name] for name in ("resourceType", "id")}


def test_what_the_client_may_not_see_of_a_profile_doubts_no_answer():
    answers = an_assessment(hasHighSchoolCredential="yes", isDisconnectedYouth="yes",
                            workingStatus="yes-meets-needs")  # fmt: skip

    facts = Blind({**a_person(), "birthDate": "1960-01-01"})

    assert WORKFLOW.warnings(a_move(answers), facts) == []


def test_nobody_is_doubted_of_whom_nothing_is_known():
    assert WORKFLOW.warnings(a_move(an_assessment()), Facts()) == []


def test_a_disability_is_never_written_to_the_profile_from_an_answer():
    made = effects(an_assessment(hasFunctionalDifficulty="yes"))

    assert {each.reference.partition("/")[0] for each in made} == {
        "Referral", "ParticipantServiceAssessment",
    }  # fmt: skip
