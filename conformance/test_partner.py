"""One test for each requirement; see `conformance.pytest_plugin`."""

from collections.abc import Callable
from typing import Any

import pytest

from conformance.requirements import Requirement
from conformance.runner.outcome import GOOD
from conformance.runner.problem import HubTrouble, Misconfigured


@pytest.fixture(name="verdict")
def _verdict(request: pytest.FixtureRequest, wioa_requirement: Requirement) -> dict[str, Any]:
    try:
        report = request.getfixturevalue("wioa_report")
    except Misconfigured as problem:
        pytest.exit(f"CONFIG: {problem.sentence} {problem.fix}", returncode=3)
    except HubTrouble as trouble:
        pytest.exit(f"HUB: {trouble}", returncode=4)
    return next(each for each in report["verdicts"] if each["id"] == wioa_requirement.id)


def test_requirement(
    verdict: dict[str, Any], record_property: Callable[[str, object], None]
) -> None:
    """The hub saw that the product keeps this requirement."""
    record_property("requirement", verdict["id"])
    record_property("level", verdict["level"])
    record_property("evidence", verdict["evidence"])
    record_property("verdict", verdict["verdict"])
    if verdict["verdict"] in GOOD or verdict["keyword"] == "SHOULD":
        return
    pytest.fail(
        f"{verdict['verdict']}  {verdict['id']} {verdict['title']}\n"
        f"expected  {verdict['expected']}\nobserved  {verdict['observed']}\n"
        f"fix       {verdict['fix']}",
        pytrace=False,
    )
