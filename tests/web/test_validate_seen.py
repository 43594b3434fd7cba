"""$validate of a resource that the client sees in part: judged as a write by it would be."""

import pytest

from agencies import a_state
from builders import a_stranger, an_example


@pytest.fixture(scope="module")
def http(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("validate")) as state:
        yield state.clients()


def test_a_referral_whose_progress_is_hidden_is_validated_as_it_would_be_written(http):
    person = http["mdes"].post("/v1/ParticipantProfile", json=a_stranger()).json
    about = {"participant": {"reference": f"ParticipantProfile/{person['id']}"}}
    made = http["mdes"].post("/v1/Referral", json=an_example("Referral") | about).json
    seen = http["mdes"].get(f"/v1/Referral/{made['id']}").json

    echo = http["mdes"].post(f"/v1/Referral/{made['id']}/$validate", json=seen)
    written = http["mdes"].put(f"/v1/Referral/{made['id']}", json=seen)

    assert "status" not in seen
    assert written.status_code == 200, written.text
    assert echo.status_code == 200, echo.text
    assert echo.json["issue"][0]["severity"] == "information", echo.text
