"""What a client sees of a row: by ownership, agreements, rights of their own, and consent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.access.client import Client
from app.model.access.decision import Decision
from app.model.access.regime import LABELS, NEVER_TOLD, RIGHTS, UNDER_CONSENT
from app.model.errors import Forbidden
from builders import FOLDER
from decisions import (
    COLLEGE,
    FOOD,
    PLAIN,
    REGIMES,
    REHAB,
    REHAB_PROGRAM,
    SCHOOL,
    SCHOOL_PROGRAM,
    WORK,
    YOUTH,
    a_decision,
    a_grant,
    a_partner,
    a_policy,
    an_agreement,
    ends,
    is_within,
    types,
)

ALL = tuple(sorted(LABELS))
VR, SNAP, TANF, FERPA = "vr-34cfr361", "snap-7cfr272", "tanf-42usc602", "ferpa-34cfr99"
OWNED = ("Consent", "ParticipantScore", "ParticipantServiceEnrollment", "Referral")


def seen(decision, marks, *consents, carried=False):
    return decision.sight(marks, consents, carried=carried)


def hidden(kind, agency, *agreements, consents=(), marks=None, **asked):
    """Return the labels of a row of the disclosing agency that the client does not see."""
    decision = a_decision(kind, agency, *agreements, **asked)
    whose = marks or ends(agreements[0].discloser)
    return seen(decision, whose, *consents).labels


def test_every_label_that_a_schema_may_use_is_known():
    words = json.loads((FOLDER / "annotations/1.0.0/schema.json").read_text("utf-8"))
    text = json.dumps(words)

    assert all(json.dumps(label) in text for label in LABELS)
    assert frozenset[str]().union(*(kind.labels for kind in types().values())) <= LABELS


@pytest.mark.parametrize("marks", [ends(WORK), ends(FOOD, WORK), ends(REHAB), ends()])
def test_staff_see_every_row(marks):
    staff = Client("staff", frozenset({"hub/staff"}))
    decision = Decision(staff, "read", types()["Referral"], a_policy(), None, None)

    assert seen(decision, marks).basis == ("staff",)


def test_a_row_is_seen_by_whoever_has_a_part_in_it():
    for agency in (WORK, FOOD):
        sight = seen(a_decision("Referral", agency), ends(WORK, FOOD))

        assert sight.basis == ("own",)
        assert not sight.labels


def test_a_row_of_others_is_not_there_without_an_agreement():
    assert seen(a_decision("Referral", SCHOOL), ends(WORK, FOOD)) is None


@pytest.mark.parametrize(
    "agreement",
    [
        pytest.param(an_agreement(WORK, FOOD), id="with another agency"),
        pytest.param(an_agreement(SCHOOL, WORK), id="in the other direction"),
        pytest.param(an_agreement(YOUTH, SCHOOL), id="of an agency without a part in it"),
        pytest.param(an_agreement(WORK, SCHOOL, purposes=("research",)), id="another purpose"),
        pytest.param(an_agreement(WORK, SCHOOL, "PII-DIRECT", "SENS-EDU"), id="without OPS"),
    ],
)
def test_an_agreement_about_something_else_shows_nothing(agreement):
    assert seen(a_decision("Referral", SCHOOL, agreement), ends(WORK)) is None


def test_an_agreement_shows_the_labels_that_it_names_and_is_the_ground():
    agreement = an_agreement(WORK, SCHOOL, "OPS", "PII-DIRECT", name="dsa-7")

    sight = seen(a_decision("ParticipantServiceEnrollment", SCHOOL, agreement), ends(WORK))

    kind = types()["ParticipantServiceEnrollment"]
    assert kind.labels - sight.labels == {"OPS", "PII-DIRECT"}
    assert sight.basis == ("agreement:dsa-7",)


def test_several_agreements_with_one_agency_add_up():
    more = an_agreement(WORK, SCHOOL, "OPS", "SENS-YOUTH")
    agreements = an_agreement(WORK, SCHOOL, "OPS"), more

    assert "SENS-YOUTH" not in hidden("ParticipantServiceEnrollment", SCHOOL, *agreements)


def test_an_agreement_that_does_not_let_rows_be_seen_adds_nothing_to_another():
    agreements = an_agreement(WORK, SCHOOL, "OPS"), an_agreement(WORK, SCHOOL, "SENS-YOUTH")

    assert "SENS-YOUTH" in hidden("ParticipantServiceEnrollment", SCHOOL, *agreements)


@pytest.mark.parametrize("label", sorted(RIGHTS))
def test_some_labels_take_a_right_of_their_own_even_of_owners(label):
    marks, kind = ends(WORK), "ParticipantServiceEnrollment"

    without = seen(a_decision(kind, WORK), marks)
    having = seen(a_decision(kind, WORK, rights=[RIGHTS[label]]), marks)

    assert label in without.labels
    assert label not in having.labels


@pytest.mark.parametrize("interaction", ["search-type", "search-system", "changes"])
def test_what_takes_a_right_of_its_own_stays_off_lists(interaction):
    asked = {"interaction": interaction, "rights": RIGHTS.values()}

    sight = seen(a_decision("ParticipantServiceEnrollment", WORK, **asked), ends(WORK))

    assert sight.labels == set(RIGHTS)


@pytest.mark.parametrize("interaction", [f"history-{of}" for of in ("instance", "type", "system")])
def test_histories_are_lists_as_well(interaction):
    decision = a_decision("Referral", WORK, interaction=interaction, rights=RIGHTS.values())

    assert decision.withheld == set(RIGHTS)


class TestVocationalRehabilitation:
    """34 CFR 361.38: even that there is such a row is protected."""

    AGREED = an_agreement(REHAB, WORK, *ALL)

    @pytest.mark.parametrize(
        "marks",
        [
            pytest.param(ends(REHAB), id="the agency"),
            pytest.param(ends(FOOD, REHAB), id="one of the agencies"),
            pytest.param(ends(FOOD, REHAB_PROGRAM), id="the program only"),
        ],
    )
    def test_a_row_is_not_there_without_consent_whatever_was_agreed(self, marks):
        decision = a_decision("Referral", WORK, self.AGREED, an_agreement(FOOD, WORK, *ALL))

        assert decision.asks_consent(marks)
        assert seen(decision, marks) is None
        assert seen(decision, marks, a_grant(FERPA, REHAB)) is None
        assert seen(decision, marks, a_grant(VR, FOOD)) is None

    def test_consent_and_agreement_together_show_it(self):
        decision = a_decision("Referral", WORK, self.AGREED)

        sight = seen(decision, ends(REHAB), a_grant(VR, REHAB))

        assert {*sight.basis} == {"agreement:dsa", "Consent/1"}

    def test_consent_without_an_agreement_shows_nothing(self):
        decision = a_decision("Referral", WORK, an_agreement(FOOD, WORK, *ALL))

        assert seen(decision, ends(FOOD, REHAB), a_grant(VR, REHAB)) is None

    def test_who_referred_learns_only_that_it_was_sent(self):
        sight = seen(a_decision("Referral", WORK), ends(WORK, REHAB))

        assert sight.elements == (UNDER_CONSENT | NEVER_TOLD) & types()["Referral"].names

    @pytest.mark.parametrize("how", ["a consent", "the referral itself"])
    def test_by_consent_who_referred_learns_status_and_outcome_besides(self, how):
        consents = [a_grant(VR, REHAB)] if how == "a consent" else []
        decision = a_decision("Referral", WORK)

        sight = seen(decision, ends(WORK, REHAB), *consents, carried=not consents)

        assert sight.elements == NEVER_TOLD & types()["Referral"].names

    def test_the_agency_itself_sees_everything(self):
        sight = seen(a_decision("Referral", REHAB), ends(WORK, REHAB))

        assert not sight.elements
        assert not sight.labels & types()["Referral"].labels


@pytest.mark.parametrize(
    ("agency", "consents", "shown"),
    [
        pytest.param(WORK, (), False, id="nobody else without consent"),
        pytest.param(WORK, (SNAP,), True, id="by consent"),
        pytest.param(WORK, (TANF,), True, id="by consent under the other law"),
        pytest.param(WORK, (VR, FERPA), False, id="not by consent under another law"),
        pytest.param(FOOD, (), True, id="who administers benefits itself"),
    ],
)
@pytest.mark.parametrize("kind", ["ParticipantProfile", "Referral"])
def test_benefits_are_shown_by_consent_or_to_who_administers_them(kind, agency, consents, shown):
    found = hidden(
        kind,
        agency,
        an_agreement(YOUTH, agency, *ALL),
        consents=[a_grant(each, YOUTH) for each in consents],
    )

    assert ("SENS-BENEFIT" not in found) == shown


@pytest.mark.parametrize(
    ("discloser", "consents", "shown"),
    [
        pytest.param(SCHOOL, (), False, id="of an agency under FERPA not without consent"),
        pytest.param(SCHOOL, (FERPA,), True, id="by consent"),
        pytest.param(SCHOOL, (SNAP,), False, id="not by another"),
        pytest.param(YOUTH, (), True, id="of another agency by agreement alone"),
    ],
)
def test_education_records_are_shown_by_consent(discloser, consents, shown):
    found = hidden(
        "ParticipantScore",
        WORK,
        an_agreement(discloser, WORK, *ALL),
        consents=[a_grant(each, discloser) for each in consents],
    )

    assert ("SENS-EDU" not in found) == shown


def test_items_that_name_rehabilitation_are_barred_from_everybody_else():
    agreed = an_agreement(FOOD, WORK, *ALL)

    barred = seen(a_decision("ParticipantProfile", WORK, agreed), ends()).barred
    consented = seen(a_decision("ParticipantProfile", WORK, agreed), ends(), a_grant(VR, REHAB))
    own = seen(a_decision("ParticipantProfile", REHAB, an_agreement(FOOD, REHAB)), ends())

    assert barred == {REHAB, a_partner(REHAB), REHAB_PROGRAM}
    assert not consented.barred
    assert not own.barred


def test_secrets_are_masked_but_for_a_right_of_their_own():
    assert seen(a_decision("ParticipantProfile", WORK, an_agreement(FOOD, WORK)), ends()).is_masked
    having = a_decision("ParticipantProfile", WORK, an_agreement(FOOD, WORK), rights=["hub/ssn"])

    assert not seen(having, ends()).is_masked


def test_a_search_by_what_takes_a_right_of_its_own_is_refused():
    kind = types()["ParticipantProfile"]
    decision = a_decision(kind.name, WORK, an_agreement(FOOD, WORK, "OPS"))

    for name, parameter in kind.parameters.items():
        if kind.labels_of(parameter) == {"OPS"}:
            assert decision.reached([parameter]), name
        else:
            with pytest.raises(Forbidden):
                decision.reached([parameter])


def test_every_search_parameter_tells_the_labels_of_all_it_reads():
    for kind in types().values():
        for name, parameter in kind.parameters.items():
            assert kind.labels_of(parameter), f"{kind.name}.{name}"


AGENCIES = st.sampled_from(sorted(REGIMES))
NAMES = st.lists(
    st.sampled_from([*map(a_partner, REGIMES), *REGIMES, REHAB_PROGRAM, SCHOOL_PROGRAM]), max_size=3
)
AGREEMENTS = st.lists(
    st.builds(
        lambda discloser, recipient, labels: an_agreement(discloser, recipient, *labels),
        AGENCIES,
        AGENCIES,
        st.lists(st.sampled_from([*PLAIN, "SENS-BENEFIT", "SENS-EDU"]), min_size=1),
    ),
    max_size=6,
)
CONSENTS = st.lists(
    st.builds(a_grant, st.sampled_from([VR, SNAP, TANF, FERPA]), AGENCIES), max_size=3
)


def the_reach(decision, parameters, **how):
    try:
        return decision.reached(parameters, **how)
    except Forbidden:
        return None


DECISIONS = st.builds(
    lambda kind, agency, agreements: a_decision(
        kind, agency, *agreements, interaction="search-type"
    ),
    st.sampled_from(OWNED),
    AGENCIES,
    AGREEMENTS,
)


@given(DECISIONS, NAMES, CONSENTS, st.booleans())
def test_whatever_is_seen_is_within_reach(decision, names, consents, carried):
    marks = ends(*names)

    if seen(decision, marks, *consents, carried=carried):
        assert is_within(decision.reached(()), marks.ends)


@given(DECISIONS, st.integers(0), NAMES, CONSENTS)
def test_what_is_certainly_within_reach_is_seen_whatever_anyone_consented_to(
    decision, number, names, consents
):
    parameters = [each for _, each in sorted(decision.kind.parameters.items())]
    asked = parameters[number % len(parameters)]
    reached = the_reach(decision, [asked], certain=True)
    marks = ends(*names)

    if reached and is_within(reached, marks.ends):
        for sight in (seen(decision, marks), seen(decision, marks, *consents)):
            assert sight
            assert not decision.kind.labels_of(asked) & sight.labels
            assert not {each.path[0] for each in asked.sources} & sight.elements


@given(AGENCIES, AGREEMENTS, NAMES, CONSENTS)
def test_consents_change_nothing_where_none_is_asked_for(agency, agreements, names, consents):
    decision = a_decision("Referral", agency, *agreements)
    marks = ends(*names)

    if not decision.asks_consent(marks):
        one, other = seen(decision, marks), seen(decision, marks, *consents)
        assert one == other or one._replace(basis=()) == other._replace(basis=())


@given(AGENCIES, AGREEMENTS, NAMES, CONSENTS)
def test_a_consent_never_hides_anything(agency, agreements, names, consents):
    decision = a_decision("Referral", agency, *agreements)
    without = seen(decision, ends(*names))
    having = seen(decision, ends(*names), *consents)

    if without:
        assert having.labels <= without.labels
        assert having.elements <= without.elements
        assert having.barred <= without.barred


def test_two_agencies_under_ferpa_are_no_strangers_to_the_rule():
    agreed = an_agreement(SCHOOL, COLLEGE, *ALL)

    assert "SENS-EDU" in hidden("ParticipantScore", COLLEGE, agreed)
