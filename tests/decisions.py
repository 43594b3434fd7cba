"""A small world of agencies, and access decisions about the published types in it."""

from datetime import date
from functools import cache

from app.model.access.authorize import standing
from app.model.access.client import Client
from app.model.access.consent import Grant
from app.model.access.policy import Agreement, Party, Policy
from app.model.registry import load
from app.model.version import Marks
from builders import FOLDER

DAY = date(2026, 3, 1)
WORK, FOOD, REHAB, SCHOOL, COLLEGE, YOUTH = (
    f"Agency/{name}" for name in ("work", "food", "rehab", "school", "college", "youth")
)
REGIMES = {
    WORK: frozenset({"ui-20cfr603", "wioa-188"}),
    FOOD: frozenset({"snap-7cfr272", "tanf-42usc602"}),
    REHAB: frozenset({"vr-34cfr361"}),
    SCHOOL: frozenset({"ferpa-34cfr99"}),
    COLLEGE: frozenset({"ferpa-34cfr99"}),
    YOUTH: frozenset(),
}
REHAB_PROGRAM, SCHOOL_PROGRAM = "Program/rehab", "Program/school"
PROGRAMS = {REHAB_PROGRAM: (REHAB, "vr-34cfr361"), SCHOOL_PROGRAM: (SCHOOL, None)}
PURPOSE = "service-coordination"
PLAIN = ("OPS", "PII-DIRECT", "PII-QUASI")
PERSON = "p1"


def a_partner(agency):
    """Return the reference to the one partner of an agency."""
    return agency.replace("Agency", "Partner")


def an_agreement(discloser, recipient, *labels, purposes=(PURPOSE,), name="dsa"):
    """Return an agreement in force; without labels it covers what is plain."""
    covered = frozenset(labels or PLAIN)
    return Agreement(name, discloser, recipient, frozenset(purposes), covered)


def a_policy(*agreements, **parties):
    """Return the policy of the small world with these agreements; `parties` change its partners."""
    usual = {a_partner(each): Party(each, 4, "active") for each in REGIMES}
    changed = {f"Partner/{name}": party for name, party in parties.items()}
    return Policy(DAY, usual | changed, REGIMES, PROGRAMS, agreements)


def a_client(agency, *rights):
    """Return the client of an agency's partner with every type scope and these rights."""
    return Client("client", frozenset({"system/*.cruds", *rights}), a_partner(agency))


def a_decision(kind, agency, *agreements, rights=(), interaction="read", purpose=PURPOSE):
    """Return what the client of an agency may see of a published type."""
    client = a_client(agency, *rights)
    return standing(client, interaction, types()[kind], purpose, a_policy(*agreements))


def ends(*names, participant=PERSON):
    """Return the marks of a resource that these agencies and programs have a part in."""
    those = (a_partner(name) if name.startswith("Agency/") else name for name in names)
    return Marks(tuple(those), participant)


def a_grant(regime, discloser):
    """Return what a consent lets the client's agency see."""
    return Grant(regime, discloser, "Consent/1")


@cache
def types():
    """Return the published types by name."""
    return load(FOLDER).types


def is_within(reached, names):
    """Whether a resource with these ends is within reach, as `Reached` says in words."""
    own, others, barred, guarded = (
        bool(set(names) & set(those))
        for those in (reached.own, reached.others, reached.barred, reached.guarded)
    )
    if own:
        return not (reached.strict and barred)
    return (others and not barred) or guarded
