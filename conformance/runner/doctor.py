"""Looks at everything that a run needs before the run; what it finds is CONFIG, never FAIL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from conformance.adapters import AdapterProblem, Hello
from conformance.adapters.choice import adapter
from conformance.runner.config import Config
from conformance.runner.connection import MOST_SKEW, Connection, Transport, connect
from conformance.runner.problem import HubTrouble, Misconfigured

TYPES = {
    1: ("ParticipantProfile", "Consent", "ParticipantServiceAssessment", "Referral"),
    2: ("ParticipantServiceEnrollment",),
    3: ("ParticipantScore", "ParticipantCredential"),
    4: ("ParticipantSuccessPlan",),
}
"""Level → the resource types that it adds."""
NEEDED = {"refers": "crus", "receives": "rus", "both": "crus"}
"""Profile → what its client must be allowed with each type: create, read, update, search."""
AFTER = {
    "ends-soon": "; renew it by one more run",
    "grace": "; its level takes no new writes",
    "expired": "; a new run makes a new one",
    "revoked": "; a new run makes a new one",
}
"""State of a certificate → what that means for its partner."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it is and whether it is well, and if not, what to do."""

    name: str
    sentence: str
    fix: str = ""

    @property
    def is_well(self) -> bool:
        """Whether a run may go on."""
        return not self.fix


@dataclass
class Checkup:
    """What the doctor found, and what a run needs of it."""

    findings: list[Finding] = field(default_factory=list)
    connection: Connection | None = None
    hello: Hello | None = None

    @property
    def is_well(self) -> bool:
        """Whether a run may begin."""
        return all(each.is_well for each in self.findings)


def examine(
    config: Config,
    level: int,
    transport: Transport = None,
    tell: Callable[[Finding], None] = lambda _: None,
) -> Checkup:
    """Return what was found, all faults at once; raise HubTrouble when the hub is down."""
    found = Checkup()

    def note(finding: Finding) -> None:
        found.findings.append(finding)
        tell(finding)

    try:
        found.connection = connect(config, transport)
        note(Finding("hub", _version(found.connection)))
    except Misconfigured as problem:
        note(Finding("hub", problem.sentence, problem.fix))
    if found.connection:
        for finding in _of_hub(config, level, found.connection):
            note(finding)
    try:
        found.hello = _greeted(config)
        product = found.hello.product
        known = f"{len(found.hello.steps)} steps" if found.hello.steps else "steps not listed"
        note(Finding("adapter", f"{product['name']} {product['version']} answers; {known}"))
    except AdapterProblem as problem:
        fix = "Look at adapter in wcf.yaml; try its command or URL by hand with a hello."
        note(Finding("adapter", str(problem), fix))
    return found


def _of_hub(config: Config, level: int, connection: Connection) -> Iterator[Finding]:
    yield _clock(connection.skew)
    try:
        reply = connection.http.get("/conformance-runs")
    except Misconfigured as problem:
        yield Finding("token", problem.sentence, problem.fix)
        return
    yield Finding("token", f"{config.client} is who it says")
    yield _scopes(config.profile, level, connection.scope)
    yield _schemas(config, connection)
    if reply.status_code in (403, 404):
        fix = "Ask the hub's operator whether it offers runs, and for a client of your agency."
        yield Finding("runs", "The hub offers this client no conformance runs.", fix)
    elif reply.is_server_error:
        raise HubTrouble(f"The hub answers {reply.status_code}; try again later.")
    else:
        runs = {f"cert-{each['id']}" for each in reply.json()["runs"]}
        listed = connection.http.get("/certificates").json()["certificates"]
        yield _certified([each for each in listed if each["id"] in runs])


def _certified(own: list[dict[str, Any]]) -> Finding:
    """Return what the newest certificate of this partner says; the lack of one is no fault."""
    if not own:
        return Finding("certificate", "none yet")
    newest = max(own, key=lambda each: each["issued"])
    text = f"level {newest['level']} until {newest['ends'][:10]}, {newest['state']}"
    return Finding("certificate", text + AFTER.get(newest["state"], ""))


def _clock(skew: float) -> Finding:
    if abs(skew) <= MOST_SKEW:
        return Finding("clock", f"within {MOST_SKEW} s of the hub's")
    sentence = f"This machine's clock is {abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}."
    return Finding("clock", sentence, "Set the clock, and keep it by NTP.")


def _scopes(profile: str, level: int, granted: str) -> Finding:
    wanted = NEEDED[profile]
    missing = [
        f"system/{kind}.{wanted}"
        for number, kinds in TYPES.items()
        if number <= level
        for kind in kinds
        if not set(wanted) <= _allowed(granted, kind)
    ]
    if missing:
        sentence = f"The client lacks scopes of level {level}: {' '.join(missing)}."
        return Finding("scopes", sentence, "Ask the hub's operator to add them to the client.")
    return Finding("scopes", f"all that level {level} needs")


def _allowed(granted: str, kind: str) -> set[str]:
    """Return the letters that scopes such as `system/*.rs` allow for a type (SMART 2)."""
    pairs = (each.partition("?")[0].rpartition(".") for each in granted.split())
    return {
        letter
        for name, _, letters in pairs
        if name in (f"system/{kind}", "system/*")
        for letter in letters
    }


def _schemas(config: Config, connection: Connection) -> Finding:
    offered = " ".join(_profiles(connection))
    lacking = [
        f"{kind} {version}"
        for kind, version in config.schemas.items()
        if f"/{kind}|{version} " not in f"{offered} "
    ]
    if lacking:
        sentence = f"The hub does not speak these schema versions: {', '.join(lacking)}."
        return Finding("schemas", sentence, "Take versions from metadata, and correct schemas.")
    named = ", ".join(f"{kind} {version}" for kind, version in config.schemas.items())
    return Finding("schemas", named or "wcf.yaml names none; the hub's newest are spoken")


def _profiles(connection: Connection) -> Iterator[str]:
    for rest in connection.capability.get("rest", ()):
        for kind in rest.get("resource", ()):
            yield str(kind.get("profile", ""))
            yield from map(str, kind.get("supportedProfile", ()))


def _version(connection: Connection) -> str:
    software = connection.capability.get("software") or {}
    return f"{software.get('name', 'hub')} {software.get('version', '')} answers".replace("  ", " ")


def _greeted(config: Config) -> Hello:
    product = adapter(config)
    try:
        return product.hello()
    finally:
        product.close()
