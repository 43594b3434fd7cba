"""Any course of moves by anybody: what comes through is what the published table allows."""

from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.composition import schema_folder
from app.model.dates import parse_instant
from app.model.registry import load as load_registry
from app.reference import load
from app.rules import life_cycle
from app.rules.referrals.table import life_cycle as table
from app.settings import Settings
from referrals import PROOF, REASON, SOURCE, STAFF, TARGET, Course, an_enrollment

CYCLE = table(load())
KIND = load_registry(schema_folder(Settings())).type("Referral")
STATUSES = KIND.schema["properties"]["status"]["enum"]
ACTORS = {"source": SOURCE, "target": TARGET, "staff": STAFF}


class Referring(RuleBasedStateMachine):
    """A referral, and the status that the table says it must have."""

    @initialize()
    def begin(self):
        self.course = Course(an_enrollment())
        self.status, self.moves = "requested", 0

    @rule(
        who=st.sampled_from(sorted(ACTORS)),
        there=st.sampled_from(STATUSES),
        outcome=st.sampled_from(sorted(PROOF)),
    )
    def move(self, who, there, outcome):
        changes = {"status": there, **REASON.get(there, {})}
        if there == "closed" != self.status:
            changes |= PROOF[outcome]
        if there == self.status:
            changes = {}
        is_legal = there == self.status or self._is_legal(who, there, outcome)
        illegal = life_cycle.faults(KIND, self.course.body, self.course.body | changes)

        faults = illegal or self.course.change(ACTORS[who], **changes)

        assert bool(faults) != is_legal
        if is_legal and there != self.status:
            self.status, self.moves = there, self.moves + 1

    def _is_legal(self, who, there, outcome):
        if CYCLE.actors.get((self.status, there)) not in (
            {who} if who != "staff" else {"source", "target"}
        ):
            return False
        return there != "closed" or self.status in CYCLE.outcomes[outcome]

    @precondition(lambda self: "course" in vars(self))
    @invariant()
    def what_is_kept_is_valid_and_tells_its_way(self):
        body = self.course.body
        history = body["statusHistory"]

        assert KIND.faults(body) == []
        assert (body["status"], len(history)) == (self.status, self.moves + 1)
        assert ("outcome" in body) == (body["status"] == "closed") == ("closedOn" in body)
        assert all(after["from"] == before["to"] for before, after in pairwise(history))
        moments = [parse_instant(each["at"]) for each in history]
        assert moments == sorted(moments)


Referring.TestCase.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
TestReferring = Referring.TestCase
