"""What a former version says that its type no longer names is shown to nobody but who sees all."""

import pytest

from app.model.access.former import named
from decisions import types
from newer_types import examples, filled

KINDS = types()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_the_type_names_stays_as_it_is(kind):
    for each in examples(kind):
        assert named(KINDS[kind], each) is each


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_type_no_longer_names_is_gone_at_every_depth(kind):
    for each in examples(kind):
        assert named(KINDS[kind], filled(each)) == each
