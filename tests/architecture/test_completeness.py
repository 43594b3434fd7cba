"""Every error has a status, every setting its row in the README, every schema its examples."""

import inspect
import re
from pathlib import Path

from app.cli.settings import table
from app.model import conflicts, errors
from app.web.errors import STATUS

ROOT = Path(__file__).parents[2]


def test_every_error_has_a_status_and_every_status_an_error():
    concrete = {
        each
        for module in (errors, conflicts)
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, errors.HubError) and each is not errors.HubError
    }

    assert concrete == set(STATUS)


def test_every_error_tells_its_fhir_code_and_a_stable_code_of_ours():
    for each in STATUS:
        assert each.code != errors.HubError.code, each
        assert re.fullmatch(r"[a-z_-]+", each.detail), each


def test_the_readme_tables_every_setting_as_it_is():
    readme = (ROOT / "README.md").read_text("utf-8")

    assert table() in readme, "paste the output of scripts/hub settings"
