"""The hub that the tests with real processes share."""

import sys

import pytest

from live import serving


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    """Yield a running hub of two workers with the seeded lookups."""
    if sys.platform != "linux":
        pytest.skip("processes are found in /proc")
    with serving(tmp_path_factory.mktemp("live") / "hub", seed="lookups") as hub:
        yield hub
