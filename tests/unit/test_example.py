import json

import pytest
from click.testing import CliRunner

from app import seed
from app.cli import main
from app.composition import schema_folder
from app.model.registry import load
from app.model.search_keys import unique_keys
from app.settings import Settings

REGISTRY = load(schema_folder(Settings()))


def example(kind, *options):
    result = CliRunner().invoke(
        main, ["example", kind, *options], env={"HUB_MONGODB_URI": "", "HUB_SEED": ""}
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.mark.parametrize("name", sorted(REGISTRY.types))
def test_an_example_is_valid_and_refers_to_seeded_rows_only(name):
    kind = REGISTRY.type(name)

    body = example(name)

    assert kind.given_faults(body) == []
    assert {key for key, _ in kind.referred(body)} <= seed.rows("demo").keys()


@pytest.mark.parametrize("name", sorted(REGISTRY.types))
def test_two_examples_share_no_business_key(name):
    kind = REGISTRY.type(name)

    one, other = (unique_keys(kind, example(name)) for _ in range(2))

    assert set(one).isdisjoint(other)


@pytest.mark.parametrize("name", ["Referral", "ParticipantScore", "ParticipantSuccessPlan"])
def test_an_example_can_be_made_for_the_partner_that_is_to_own_it(name):
    kind = REGISTRY.type(name)

    body = example(name, "--partner", "mdrs-vr")

    assert kind.given_faults(body) == []
    assert body[kind.owners[0]] == {"reference": "Partner/mdrs-vr"}


def test_an_unknown_type_is_refused_with_those_there_are():
    result = CliRunner().invoke(main, ["example", "Nothing"])

    assert result.exit_code == 1
    assert "Referral" in result.output
