"""A page for each requirement, made from the register: rule, why, how it is shown, sample, fix."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from conformance.requirements import EVIDENCE, Requirement, digest, requirements
from conformance.scenario import journey
from conformance.stage import Step

FAULTS = {
    "F1": "another agency writes just before you do",
    "F2": "503 with Retry-After, nothing was done",
    "F3": "it was done, and the answer is 503",
    "F4": "it was done, and the connection is cut",
    "F5": "429 with Retry-After",
    "F6": "the answer comes later than you wait",
    "F7": "your token expires in the middle",
    "F8": "422, for as long as the body is the same",
    "F9": "keys in an order of the run's own, always; elements that nobody knows",
    "F10": "tiny pages with opaque links",
    "F11": "a change is told three times",
    "F12": "changes are told the newest first",
    "F13": "the change feed is away",
    "F14": "a notification is forged or replayed",
    "F15": "a schema version is followed by another, then retired",
    "F16": "two records of a person become one",
    "F17": "consent is withdrawn: 403",
    "F18": "a code is retired and another takes its place",
}
"""Fault → what the hub does on purpose, in words for a developer."""
EVERYWHERE = "In every request of the run."
"""Where a requirement is shown that belongs to no step."""
LOOK = "To play its level and look at this alone:"
"""What is said before the command that does."""
_TEMPLATE = "requirements.html"


def markdown(requirement: Requirement) -> str:
    """Return the page of a requirement as Markdown."""
    return "\n".join(
        [
            f"# {requirement.id} · {requirement.title}",
            "",
            f"**{requirement.keyword}** · level {requirement.level} · {for_whom(requirement)}",
            "",
            requirement.rule,
            "",
            *_section("Why", requirement.why),
            *_section("How it is shown", *(f"- {line}" for line in shown_by(requirement))),
            *_section("A sample exchange", *_sample(requirement)),
            *_section("What to do", requirement.fix, "", f"{LOOK} `{try_alone(requirement)}`"),
        ]
    )


def book(chosen: Iterable[Requirement]) -> str:
    """Return the pages of requirements as one Markdown document."""
    return "\n".join(map(markdown, chosen))


def html(chosen: Iterable[Requirement]) -> str:
    """Return the pages of requirements as one HTML page that needs nothing else."""
    page = files("conformance") / "templates" / _TEMPLATE
    room = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    room.filters["coded"] = _coded
    return room.from_string(page.read_text("utf-8")).render(
        chosen=list(chosen),
        digest=digest(),
        for_whom=for_whom,
        shown_by=shown_by,
        look=LOOK,
        try_alone=try_alone,
    )


def known(ids: Sequence[str]) -> list[Requirement]:
    """Return the requirements of these ids, all without any; `l1-13` and `L1` are understood.

    Raises:
        KeyError: with the first that there is none of.
    """
    everything = requirements()
    wanted = [word.upper() for word in ids] or [""]
    for word in wanted:
        if not any(_is_meant(each, word) for each in everything.values()):
            raise KeyError(word)
    return [each for each in everything.values() if any(_is_meant(each, word) for word in wanted)]


def for_whom(requirement: Requirement) -> str:
    """Return in words whom a requirement is for."""
    whom = " or ".join(sorted(requirement.profile, reverse=True))
    pull = "; not for those that fetch changes themselves" if requirement.pull else ""
    return f"for systems that {_spoken(whom)}{pull}"


def shown_by(requirement: Requirement) -> list[str]:
    """Return what shows a requirement: kind of evidence, steps, and what the hub does meanwhile."""
    steps = [f"Step {each.key} ({each.name}): {each.text}" for each in _steps(requirement)]
    faults = [f"Meanwhile, {name}: {FAULTS[name]}." for name in requirement.faults]
    needs = [f"Needs {requirement.needs}."] if requirement.needs else []
    kind = f"Evidence {requirement.evidence}, {EVIDENCE[requirement.evidence]}."
    is_seen = steps or requirement.needs or requirement.pull
    return [kind, *needs, *(steps if is_seen else [EVERYWHERE]), *faults]


def try_alone(requirement: Requirement) -> str:
    """Return the command that plays a requirement's level in practice, and judges it alone."""
    return f"wioa-conformance run L{requirement.level} --only {requirement.id}"


def _steps(requirement: Requirement) -> list[Step]:
    return [
        each
        for each in _journey()
        if each.key in requirement.steps or requirement.id in each.proves
    ]


@cache
def _journey() -> tuple[Step, ...]:
    return tuple(journey(4, "both"))


def _is_meant(requirement: Requirement, word: str) -> bool:
    return requirement.id == word or requirement.id.startswith(f"{word}-") or not word


def _spoken(whom: str) -> str:
    return whom.replace("refers", "refer").replace("receives", "receive")


def _section(heading: str, *lines: str) -> list[str]:
    return [f"## {heading}", "", *lines, ""]


def _coded(text: str) -> Markup:
    """Return a text for HTML, with what stands between backticks as code."""
    parts = (
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(text.split("`"))
    )
    return Markup().join(parts)


def _sample(requirement: Requirement) -> list[str]:
    sample = requirement.exchange
    return [*_code(sample.request), "", "answers", "", *_code(sample.answer)]


def _code(text: str) -> list[str]:
    return ["```http", text.rstrip(), "```"]
