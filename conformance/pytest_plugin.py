"""The suite in a partner's own tests: one item for each requirement.

`pytest --pyargs conformance --wioa-level 1 --wioa-config wcf.yaml`. Without `--wioa-level` there
is nothing: no item, no word in anybody's output. Nothing else is imported before it is given.
"""

from pathlib import Path
from typing import Any

import pytest

LEVELS = ("1", "2", "3", "4")
OURS = Path(__file__).parent / "test_partner.py"
SHORT = {"WARN": "w", "N/A": "n"}
REPORT = pytest.StashKey[dict[str, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options."""
    group = parser.getgroup("wioa", "conformance to a WIOA hub")
    group.addoption("--wioa-level", choices=LEVELS, help="Run the suite up to this level.")
    group.addoption("--wioa-config", default="wcf.yaml", help="Configuration [wcf.yaml].")
    group.addoption("--wioa-certify", action="store_true", help="In earnest; takes no filters.")
    group.addoption("--wioa-settings", help="Where --wioa-certify writes the product's sandbox.")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Look into nothing of the suite unless a level is asked for."""
    if collection_path == OURS and config.getoption("--wioa-level") is None:
        return True
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one item for each requirement of the level."""
    if "wioa_requirement" not in metafunc.fixturenames:
        return
    from conformance import requirements  # noqa: PLC0415 - quiet in other projects
    from conformance.runner.config import read  # noqa: PLC0415
    from conformance.runner.problem import Misconfigured  # noqa: PLC0415

    level = metafunc.config.getoption("--wioa-level")
    try:
        profile = read(Path(metafunc.config.getoption("--wioa-config"))).profile
    except Misconfigured as problem:
        raise pytest.UsageError(f"CONFIG: {problem.sentence} {problem.fix}") from None
    found = requirements.of(int(level), profile)
    metafunc.parametrize("wioa_requirement", found, ids=[each.id for each in found])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse filters in earnest: a certificate is of a whole run."""
    if config.getoption("--wioa-level") is None or not config.getoption("--wioa-certify"):
        return
    del items
    if config.getoption("keyword") or config.getoption("markexpr") or config.getoption("lf", False):
        raise pytest.UsageError("--wioa-certify takes no -k, -m and --lf: a run counts whole.")


@pytest.fixture(scope="session")
def wioa_report(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the hub's report of one run; all items are about the same."""
    from conformance.front_end import report  # noqa: PLC0415 - only once it is asked for

    option = request.config.getoption
    settings = option("--wioa-settings")
    found = report(
        Path(option("--wioa-config")),
        int(option("--wioa-level")),
        certify=option("--wioa-certify"),
        settings=Path(settings) if settings else None,
    )
    request.config.stash[REPORT] = found
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(
    report: pytest.TestReport | pytest.CollectReport,
) -> tuple[str, str, str] | None:
    """Say the suite's own words instead of passed and failed."""
    word = dict(getattr(report, "user_properties", ())).get("verdict")
    if report.when != "call" or word is None:
        return None
    if word in SHORT and report.passed:
        return word.lower(), SHORT[word], word
    return report.outcome, "." if report.passed else "F", str(word)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say at the end whether the level was reached."""
    found = config.stash.get(REPORT, None)
    if found is not None:
        from conformance.reports.terminal import counts, heading  # noqa: PLC0415 - as above

        terminalreporter.write_sep("-", heading(found).plain)
        terminalreporter.write_line(counts(found).plain)
