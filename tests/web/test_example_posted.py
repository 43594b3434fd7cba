"""What `hub example` prints is taken by the hub, time after time."""

import json

import pytest
from click.testing import CliRunner

from agencies import a_state
from app.cli import main
from app.composition import schema_folder
from app.model.registry import load
from app.settings import Settings
from builders import a_stranger

TYPES = load(schema_folder(Settings())).types
FACTS = sorted(name for name, kind in TYPES.items() if not kind.is_lookup)


@pytest.fixture(scope="module")
def staff(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("examples")) as state:
        yield state.client("state-staff")


@pytest.mark.parametrize("name", FACTS)
def test_an_example_about_a_new_person_is_created_twice(staff, name):
    for _ in range(2):
        person = staff.post("/v1/ParticipantProfile", json=a_stranger()).json["id"]
        printed = CliRunner().invoke(main, ["example", name, "--participant", person])

        reply = staff.post(f"/v1/{name}", json=json.loads(printed.output))

        assert reply.status_code == 201, reply.text
