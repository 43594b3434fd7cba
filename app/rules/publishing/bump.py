"""The number of a version: what the changes take, and whether the declared one says so (G9)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.model.publication import VERSION
from app.rules.compatibility.compare import Comparison
from app.rules.publishing.finding import Bump, Candidate, Finding, Level

Numbers = tuple[int, int, int]
BUMPS: Sequence[Bump] = ("patch", "minor", "major")
"""From the least to the greatest."""


def numbers(version: str) -> Numbers | None:
    """Return a version as numbers that sort; None when it is not of the form 1.0.0."""
    found = VERSION.fullmatch(version)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def computed(
    old_version: str, findings: Sequence[Finding], comparisons: Mapping[str, Comparison]
) -> Bump:
    """Return the least step from `old_version` that the changes take.

    PATCH when no value becomes valid or invalid and no contract annotation changed since
    `old_version`. MINOR when every live version of its major, the keys of `comparisons`, is proved
    in both directions. MAJOR otherwise; what is not known counts as broken unless it was waived.
    """
    same_major = [
        each for version, each in comparisons.items() if _major(version) == _major(old_version)
    ]
    if any("no" in (each.write.answer, each.read.answer) for each in same_major):
        return "major"
    return max((_takes(each, old_version) for each in findings), key=BUMPS.index, default="patch")


def declared(candidate: Candidate) -> Bump | None:
    """Return the step from the base to the version declared; None when it does not follow."""
    base, own = numbers(candidate.base), numbers(candidate.version)
    if base is None or own is None or own <= base:
        return None
    return "major" if own[0] > base[0] else "minor" if own[1] > base[1] else "patch"


def bump_findings(
    candidate: Candidate,
    computed: Bump,
    live: Collection[str],
    former: Collection[str] = (),
    because: Sequence[Finding] = (),
) -> list[Finding]:
    """Return what is wrong with the version that a candidate declares.

    `because` are the findings that `computed` was made of: the reason is told and, when a document
    shows it, that document. A step that is too small only for what is not proved is a warning here:
    its own findings keep the version from being published until they are waived.
    """
    if numbers(candidate.version) is None:
        text = "A version is three numbers with full stops between them, such as 1.2.0."
        return [_fault("version-not-semver", text, candidate)]
    found = list(_clashes(candidate, {*live, *former}))
    found += _wrong_base(candidate, live, {*live, *former})
    step = declared(candidate)
    if step and _is_less(step, computed):
        found.append(_too_small(candidate, computed, because))
    return found


def next_version(base: str, step: Bump) -> str:
    """Return the version that follows `base` by a step; the first one when there is no base."""
    found = numbers(base)
    if found is None:
        return "1.0.0"
    major, minor, patch = found
    if step == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == "minor" else f"{major}.{minor}.{patch + 1}"


def _takes(found: Finding, old_version: str) -> Bump:
    """Return what a finding takes; against other versions of the major only breaks count."""
    if not found.bump or _major(found.against) != _major(old_version):
        return "patch"
    if found.code == "not-proven" and found.waiver:
        return "minor"
    is_counted = found.against == old_version or found.bump == "major"
    return found.bump if is_counted else "patch"


def _major(version: str) -> str:
    return version.partition(".")[0]


def _clashes(candidate: Candidate, published: Collection[str]) -> Iterator[Finding]:
    own = numbers(candidate.version)
    if candidate.version in published:
        text = f"Version {candidate.version} is published already; a version never changes."
        yield _fault("version-exists", text, candidate, _follow(candidate))
        return
    later = _newest(each for each in published if _major(each) == _major(candidate.version))
    if later and own and own < (numbers(later) or own):
        text = f"Version {candidate.version} is older than {later}, which is published."
        yield _fault("version-behind", text, candidate, f"Publish a version after {later}.")


def _wrong_base(
    candidate: Candidate, live: Collection[str], published: Collection[str]
) -> Iterator[Finding]:
    newest = _right_base(candidate, live)
    if not candidate.base and not published:
        return
    if candidate.base != newest:
        named = f"version {candidate.base}" if candidate.base else "no version"
        text = f"The candidate is based on {named}, but {newest or 'none'} is the newest live one."
        hint = f"Take over what {newest} changed and base the candidate on it." if newest else ""
        yield _fault("stale-base", text, candidate, hint)


def _right_base(candidate: Candidate, live: Collection[str]) -> str:
    """Return the newest live version of the candidate's major, or of the last major before it."""
    major = int(_major(candidate.version))
    return _newest(each for each in live if (numbers(each) or (major + 1,))[0] <= major)


def _newest(versions: Iterable[str]) -> str:
    parsed = ((numbers(each), each) for each in versions)
    return max(((found, each) for found, each in parsed if found), default=((), ""))[1]


def _is_less(step: Bump, other: Bump) -> bool:
    return BUMPS.index(step) < BUMPS.index(other)


def _too_small(candidate: Candidate, computed: Bump, because: Sequence[Finding]) -> Finding:
    reasons = [each for each in because if _takes(each, candidate.base) == computed]
    reasons.sort(key=lambda each: (each.code == "not-proven", not each.witness))
    sure = [_takes(each, candidate.base) for each in because if each.code != "not-proven"]
    step = declared(candidate) or "patch"
    is_unsure = bool(reasons) and not any(_is_less(step, each) for each in sure)
    reason = f", among others: {reasons[0].text}" if reasons else "."
    text = (
        f"Version {candidate.version} is too small a step from {candidate.base}:"
        f" the changes take a {computed} one{reason}"
    )
    hint = f"Publish {next_version(candidate.base, computed)}, or change less."
    found = _fault("bump-too-small", text, candidate, hint)
    witness = reasons[0].witness if reasons else ()
    evidence = reasons[0].evidence if reasons else ""
    level: Level = "warning" if is_unsure else "error"
    return replace(found, level=level, bump=computed, witness=witness, evidence=evidence)


def _follow(candidate: Candidate) -> str:
    return f"Publish {next_version(candidate.base, 'patch')} or later."


def _fault(code: str, text: str, candidate: Candidate, hint: str = "") -> Finding:
    return Finding(code, text, path="#/$id", against=candidate.base, hint=hint)
