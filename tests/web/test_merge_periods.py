"""Periods of participation when two records of one person become one and come apart again."""

import pytest

from agencies import a_state
from builders import an_example
from merges import PROFILE, a_person, made, merge, told, unmerge


@pytest.fixture(scope="module")
def http(embedded_uri, tmp_path_factory):
    """Yield a client of state staff over the lookups alone."""
    with a_state(embedded_uri, tmp_path_factory.mktemp("periods"), rows="lookups") as state:
        yield state.client("state-staff")


def test_the_periods_of_both_records_are_one_until_they_come_apart(http):
    one, other = a_person(http), a_person(http)
    rows = [
        an_enrollment_of(http, who, enrollmentDate=begin, endDate=end)
        for who, begin, end in (
            (one, "2025-01-06", "2025-02-14"),
            (other, "2025-03-03", "2025-03-28"),
        )
    ]

    repointed = told(merge(http, one, other))["repointed"]

    assert [period_of(http, each) for each in rows] == [
        {
            "periodId": rows[1]["id"],
            "programEntryDate": "2025-01-06",
            "programExitDate": "2025-03-28",
        }
    ] * 2
    late = an_enrollment_of(http, other, enrollmentDate="2025-04-07", endDate="2025-04-11")
    assert repointed == told(unmerge(http, one))["repointed"] == 1
    assert period_of(http, rows[0]) == rows[0]["period"]
    assert period_of(http, rows[1]) == period_of(http, late) == {
        **rows[1]["period"], "programExitDate": "2025-04-11",
    }  # fmt: skip


def test_a_period_that_was_joined_after_a_merge_keeps_no_name_of_the_other_person(http):
    one, other = a_person(http), a_person(http)
    first = an_enrollment_of(http, one, enrollmentDate="2025-01-06", endDate="2025-02-14")
    told(merge(http, one, other))
    second = an_enrollment_of(http, other, enrollmentDate="2025-03-03", endDate="2025-03-28")

    told(unmerge(http, one))

    assert second["period"]["periodId"] == first["id"]
    assert period_of(http, first) == first["period"]
    assert period_of(http, second)["periodId"] == second["id"]


def an_enrollment_of(http, id, **changes):
    person = {"participant": {"reference": f"{PROFILE}/{id}"}, "status": "completed"}
    return made(http, an_example("ParticipantServiceEnrollment") | person | changes)


def period_of(http, row):
    return http.get(f"/v1/{row['resourceType']}/{row['id']}").json["period"]
