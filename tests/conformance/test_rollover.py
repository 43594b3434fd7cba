"""L1-32: a schema changes while work goes on."""

from dataclasses import replace

import pytest

from conformance.evaluators import verdict
from evidence import a_profile, a_world, by, get, post, put, seen

WORLD = a_world(rollover={"kind": "ParticipantProfile", "old": "1.0.0", "new": "1.0.1"})


def speaking(version, exchange, **more):
    name = f'profile="https://hub.wioa.example/schemas/ParticipantProfile/{version}"'
    headers = {"accept": name, "content-type": name}
    return replace(exchange, headers=headers, **more)


ONE = "ParticipantProfile/p1"
PUBLISHED = by("staff", post("SchemaVersion/ParticipantProfile-1.0.1/$publish", status=200))
ENDED = by("staff", post("SchemaVersion/ParticipantProfile-1.0.0/$deprecate", status=200))
NOTICE = speaking("1.0.0", get(ONE, answer_deprecation="@1793491200"))
IN_OLD, IN_NEW = (speaking(each, put(ONE, a_profile())) for each in ("1.0.0", "1.0.1"))


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param([PUBLISHED, [IN_OLD], ENDED, [NOTICE, IN_NEW]], "PASS", id="moves on"),
        pytest.param([PUBLISHED, ENDED, [IN_NEW]], "PASS", id="was there already"),
        pytest.param([PUBLISHED, ENDED, [NOTICE, IN_OLD]], "FAIL", id="stays"),
        pytest.param([PUBLISHED, ENDED, [NOTICE, IN_NEW, IN_OLD]], "FAIL", id="goes back"),
        pytest.param(
            [PUBLISHED, [replace(IN_OLD, status=422)], ENDED, [NOTICE, IN_NEW]], "FAIL", id="breaks"
        ),
        *(
            ([PUBLISHED, [replace(IN_OLD, status=each)], ENDED, [NOTICE, IN_NEW]], "PASS")
            for each in (401, 409)
        ),
        pytest.param([PUBLISHED, ENDED, [NOTICE]], "NOT-EXERCISED", id="writes nothing"),
        pytest.param([], "NOT-EXERCISED", id="nothing"),
        pytest.param([[IN_OLD]], "NOT-EXERCISED", id="no rollover"),
    ],
)
def test_a_schema_changes_and_work_goes_on(story, expected):
    assert verdict("L1-32", seen(*story), WORLD).word == expected
