"""Agencies that differ in one thing each, and rows of others that they may or may not see.

Everything is made through the staff API. Each row that is aimed at carries a canary under each of
four kinds of label, so that an answer tells by its text how much of the row it gave away.
"""

from dataclasses import dataclass

from builders import a_profile, an_agency, an_example
from bundles import bundle, put

ENROLLMENT = "ParticipantServiceEnrollment"
REFERRAL = "Referral"
PROFILE = "ParticipantProfile"
PURPOSE = "referral"
ALL = ["OPS", "PII-DIRECT", "PII-QUASI", "SENS-BENEFIT", "SENS-EDU", "SENS-WAGE", "SENS-JUSTICE"]
SCOPES = "system/*.cruds hub/audit"

CONDITIONS = (
    "no-token", "no-scope", "low-level", "not-owner", "no-agreement", "ended-agreement",
    "unlisted-label", "wrong-purpose", "no-consent", "other-agency", "owner",
)  # fmt: skip
"""What each asker lacks; `not-owner` lacks nothing but ownership, `owner` nothing at all."""

AGENCIES = {
    "holder": "ferpa-34cfr99",
    "rehab": "vr-34cfr361",
    "third": None,
    "viewer": None,
    "bare": None,
    "ended": None,
    "unlisted": None,
    "unasked": None,
    "stranger": None,
}
"""Agency → the law it is under. `viewer` has all it takes; the others lack what they are named."""
PROGRAMS = ("holder", "rehab", "viewer")
SERVICE = "matrix-service"
ASKERS = {
    "no-scope": ("viewer", "viewer", "system/Agency.r"),
    "low-level": ("viewer", "beginner", SCOPES),
    "not-owner": ("viewer", "viewer", SCOPES),
    "no-agreement": ("bare", "bare", SCOPES),
    "ended-agreement": ("ended", "ended", SCOPES),
    "unlisted-label": ("unlisted", "unlisted", SCOPES),
    "wrong-purpose": ("viewer", "viewer", SCOPES),
    "no-consent": ("unasked", "unasked", SCOPES),
    "other-agency": ("stranger", "stranger", SCOPES),
    "owner": ("holder", "holder", f"{SCOPES} hub/wages"),
    "owner-rehab": ("rehab", "rehab", f"{SCOPES} hub/wages"),
}
"""Condition → agency, partner and scopes of its client."""
AGREEMENTS = (
    *((one, other, ALL, {}) for one in ("holder", "rehab") for other in ("viewer", "unasked")),
    *((one, "unlisted", ["OPS"], {}) for one in ("holder", "rehab")),
    *((one, "ended", ALL, {"effectiveTo": "2025-06-30"}) for one in ("holder", "rehab")),
    ("third", "stranger", ["OPS"], {}),
    ("third", "holder", ALL, {}),
    ("third", "rehab", ALL, {}),
)
"""Who discloses to whom what, and how that agreement differs from one in force."""
CONSENTS = (
    ("holder", "ferpa-34cfr99", "holder"),
    ("rehab", "vr-34cfr361", "rehab"),
    ("third", "snap-7cfr272", "third"),
)
"""Who obtained it, under which law, who may disclose; in favour of everyone but `unasked`."""


@dataclass(frozen=True)
class Aim:
    """A row to ask for, and its canaries by the kind of label they lie under."""

    name: str
    type: str
    id: str
    body: dict
    canaries: dict
    owner: str

    @property
    def path(self):
        """The address of the row below the base."""
        return f"{self.type}/{self.id}"

    def shown(self, text):
        """Return which kinds of canary a text gives away."""
        return {kind for kind, canary in self.canaries.items() if canary in text}


class World:
    """The state with its askers; `aims` are the rows that roads lead to or must not lead to."""

    def __init__(self, state):
        self.state = state
        self.staff = state.client("state-staff")
        self.http = {}
        self.own = {}
        self.starts = {}
        self._prepare()
        state.sequence()
        self._askers()
        self.aims = self._rows()
        self._pointers()
        for name in ("owned", "guarded"):
            self.make(_referral(self.aims[name]))
        self.events = {name: self._event(aim) for name, aim in self.aims.items()}
        state.sequence()

    def partner(self, name):
        """Return the reference to an asker's partner."""
        return f"Partner/{ASKERS[name][1]}"

    def apart(self, condition, aim):
        """Return a row of the asker's own that does not lead to a row, but could."""
        return self.own[condition, "guarded" if aim.name == "owned" else "owned"]

    def make(self, body):
        """Create a row as staff and return it as stored."""
        reply = self.staff.post(f"/v1/{body['resourceType']}", json=body)
        assert reply.status_code == 201, reply.text
        return reply.json

    def _event(self, aim):
        """Read a row as staff and return the id of the event that tells of it."""
        self.staff.get(f"/v1/{aim.path}")
        query = {"interaction": "read", "resources": {"$regex": f"^{aim.path}"}}
        return self.state.database["audit"].find_one(query)["_id"]

    def _prepare(self):
        bodies = [
            *(_agency(name, regime) for name, regime in AGENCIES.items()),
            *map(_program, PROGRAMS),
            _service(),
            *(_partner(name, name, 4) for name in AGENCIES),
            _partner("beginner", "viewer", 0),
            *(_agreement(*each) for each in AGREEMENTS),
        ]
        reply = self.staff.post("/v1/", json=bundle(*map(put, bodies)))
        assert reply.status_code == 200, reply.text

    def _rows(self):
        shared = a_profile(
            lastName="Zanarycanary",
            householdIncome=771177.25,
            consents=[a_consent_element("cns-canary")],
        )
        profile = self.make(shared)
        person = {"reference": f"{PROFILE}/{profile['id']}"}
        everyone = [{"reference": f"Agency/{name}"} for name in AGENCIES if name != "unasked"]
        for owner, regime, discloser in CONSENTS:
            self.make(_consent(person, owner, regime, discloser, everyone))
        canaries = {"open": "cns-canary", "label": "Zanarycanary", "consent": "771177.25"}
        aims = {
            "owned": self._enrollment(person, "holder", 1),
            "guarded": self._enrollment(person, "rehab", 2),
            "shared": Aim("shared", PROFILE, profile["id"], profile, canaries, "holder"),
        }
        self.person = person
        return aims

    def _enrollment(self, person, owner, number):
        canaries = {
            "open": f"opscanary{number}",
            "label": f"piicanary{number}",
            "consent": f"1{number}234.625",
            "right": f"4{number}321.75",
        }
        body = an_enrollment(person, owner) | {
            "employerName": canaries["open"],
            "extension": [{"url": "https://canary.example/x", "valueString": canaries["label"]}],
            "contactHours": float(canaries["consent"]),
            "outcomes": {"wagesQ1": float(canaries["right"])},
        }
        made = self.make(body)
        name = "guarded" if owner == "rehab" else "owned"
        return Aim(name, ENROLLMENT, made["id"], made, canaries, owner)

    def _askers(self):
        for condition, (_, partner, scopes) in ASKERS.items():
            name = f"client-{condition}"
            self.state.register(name, scopes, f"Partner/{partner}", PURPOSE)
            self.http[condition] = self.state.client(name)
            self.starts[condition] = _end(self.http[condition])
        self.http["wrong-purpose"].environ_base["HTTP_PURPOSE_OF_USE"] = "research"
        self.http["no-token"] = self.state.app.test_client()

    def _pointers(self):
        for condition, (_, partner, _) in ASKERS.items():
            for aim in self.aims.values():
                self.own[condition, aim.name] = self.make(_pointer(aim, partner))


def an_enrollment(person, owner):
    """Return an enrollment that a partner owns, in a program of its agency."""
    program = owner if owner in ("holder", "rehab") else "viewer"
    return an_example(ENROLLMENT) | {
        "participant": person,
        "service": {"reference": f"Service/{SERVICE}"},
        "partner": {"reference": f"Partner/{owner}"},
        "program": {"reference": f"Program/{program}"},
    }


def a_consent_element(scope):
    """Return a consent as a profile keeps it, which is nobody's here."""
    return {
        "regime": "hipaa",
        "grantedOn": "2025-01-01",
        "scope": scope,
        "disclosingAgency": {"reference": "Agency/third"},
        "recipients": [{"reference": "Agency/third"}],
    }


def _end(http):
    """Return the address at which a client's reading of the feed goes on after all there is."""
    links = http.get("/v1/$changes?cursor=latest&_count=200").json.get("link", ())
    following = [each["url"] for each in links if each["relation"] == "next"]
    return following[0].partition("/v1/")[2] if following else "$changes"


def _pointer(aim, partner):
    """Return a row of the asker's own that refers to the row aimed at."""
    if aim.type == PROFILE:
        return an_enrollment({"reference": aim.path}, partner)
    return an_example("ParticipantCredential") | {
        "participant": aim.body["participant"],
        "partner": {"reference": f"Partner/{partner}"},
        "enrollment": {"reference": aim.path},
    }


def _referral(aim):
    """Return a referral from the owner of a row to itself, with the canaries of the row."""
    owner = aim.owner
    return an_example(REFERRAL) | {
        "participant": aim.body["participant"],
        "identifier": [{"system": "https://canary.example/ids", "value": aim.canaries["open"]}],
        "note": aim.canaries["label"],
        "sourceAgency": {"reference": f"Agency/{owner}"},
        "sourcePartner": {"reference": f"Partner/{owner}"},
        "targetAgency": {"reference": f"Agency/{owner}"},
        "targetPartner": {"reference": f"Partner/{owner}"},
        "targetPrograms": [{"reference": f"Program/{owner}"}],
    }


def _agency(name, regime):
    regimes = {"confidentialityRegimes": [regime]} if regime else {}
    return an_agency(**regimes) | {"id": name}


def _program(name):
    return an_example("Program") | {"id": name, "agency": {"reference": f"Agency/{name}"}}


def _service():
    """Return a service of all programs that makes nobody a participant: rows stay as they are."""
    return an_example("Service") | {
        "id": SERVICE,
        "programs": [{"reference": f"Program/{name}"} for name in PROGRAMS],
        "triggersParticipation": False,
    }


def _partner(name, agency, level):
    program = agency if agency in ("holder", "rehab") else "viewer"
    return an_example("Partner") | {
        "id": name,
        "agency": {"reference": f"Agency/{agency}"},
        "programs": [{"reference": f"Program/{program}"}],
        "onboardingLevel": level,
        "status": "active",
    }


def _agreement(discloser, recipient, labels, changes):
    return an_example("DataSharingAgreement") | {
        "id": f"{discloser}-{recipient}",
        "disclosingAgency": {"reference": f"Agency/{discloser}"},
        "recipientAgency": {"reference": f"Agency/{recipient}"},
        "purposes": [PURPOSE],
        "labels": labels,
        **changes,
    }


def _consent(person, owner, regime, discloser, recipients):
    return an_example("Consent") | {
        "participant": person,
        "partner": {"reference": f"Partner/{owner}"},
        "regime": regime,
        "method": "written",
        "disclosingAgency": {"reference": f"Agency/{discloser}"},
        "recipients": recipients,
    }
