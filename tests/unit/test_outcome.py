"""OperationOutcome says where, what is allowed, and whether a retry can help."""

from app.model.conflicts import LostRace, VersionConflict
from app.model.errors import Invalid, Issue
from app.model.outcome import expression, of_error


def test_a_pointer_becomes_fhirpath_below_the_type():
    assert (
        expression("/address/0/city", "ParticipantProfile") == "ParticipantProfile.address[0].city"
    )
    assert expression("", "Agency") == "Agency"
    assert expression("/a~1b", "Agency") == "Agency.a/b"
    assert expression("birth-date", "Agency") == "birth-date"


def test_every_fault_is_one_issue_with_path_keyword_and_allowed_values():
    faults = [
        Issue("value", "schema-enum", "Not allowed.", "/status", "enum", ("active", "inactive")),
        Issue("required", "schema-required", "Required.", "/name", "required"),
    ]

    body = of_error(Invalid("", issues=faults), "c-1", "Agency")

    assert body["id"] == "c-1"
    assert [each["expression"] for each in body["issue"]] == [["Agency.status"], ["Agency.name"]]
    said = [
        (each["url"].rsplit("/")[-1], each["valueString"])
        for each in body["issue"][0]["extension"][:-1]
    ]
    assert said == [
        ("json-pointer", "/status"),
        ("keyword", "enum"),
        ("allowed", "active"),
        ("allowed", "inactive"),
    ]


def test_an_error_says_whether_a_retry_can_help():
    assert of_error(LostRace(""), "")["issue"][0]["extension"][-1]["valueBoolean"] is True
    assert of_error(Invalid(""), "")["issue"][0]["extension"][-1]["valueBoolean"] is False


def test_a_stale_version_carries_the_current_tag_and_the_changes():
    error = VersionConflict("stale", current='W/"3"', changes="[]")

    said = {
        each["url"].rsplit("/")[-1]: each.get("valueString")
        for each in of_error(error, "")["issue"][0]["extension"]
    }

    assert said["current-etag"] == 'W/"3"'
    assert said["changes"] == "[]"
