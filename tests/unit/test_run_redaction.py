"""What a run shows of addresses and forms: what was asked, and nobody of whom."""

import pytest

from app.interactions.runs import redaction

ID = "01920000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"ParticipantProfile/{ID}/_history/3", f"ParticipantProfile/{ID}/_history/3"),
        (f"ParticipantProfile/{ID}/Referral", f"ParticipantProfile/{ID}/Referral"),
        ("ParticipantProfile/$match", "ParticipantProfile/$match"),
        ("ParticipantProfile/Quackenbush", "ParticipantProfile/…"),
        ("ParticipantProfile/quackenbush", "ParticipantProfile/…"),
        ("people/quackenbush", "people/…"),
        ("ParticipantProfile/123456789", "ParticipantProfile/…"),
        ("Agency/mdes", "Agency/mdes"),
        ("oauth/token", "oauth/token"),
        (".well-known/smart-configuration", ".well-known/smart-configuration"),
        ("$changes", "$changes"),
        ("", ""),
    ],
)
def test_a_path_shows_ids_and_words_of_the_hub(text, shown):
    assert redaction.path(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("last-name=Quackenbush&_count=5", "last-name=…&_count=5"),
        ("last-name:exact=Q&_sort=-_lastUpdated", "last-name:exact=…&_sort=-_lastUpdated"),
        ("cursor=abc&_type=Referral", "cursor=abc&_type=Referral"),
        ("subject=ParticipantProfile%2F7&status=active", "subject=…&status=active"),
        ("quackenbush", "…"),
        ("ssn=", "ssn="),
        ("", ""),
    ],
)
def test_a_query_shows_names_and_harmless_values(text, shown):
    assert redaction.query(text) == shown


def test_addresses_in_bodies_show_nobody_either():
    url = "https://hub.example/cf/x/ParticipantProfile"
    row = {
        "path": "",
        "query": "",
        "headers": {"if-none-exist": "ParticipantProfile?last-name=Quackenbush"},
        "body": {"entry": [{"request": {"url": "ParticipantProfile?ssn=000121234"}}]},
        "answer": {"link": [{"relation": "self", "url": f"{url}?last-name=Quackenbush&_count=2"}]},
    }

    seen = redaction.shown(row)

    assert seen["headers"] == {"if-none-exist": "last-name=…"}
    assert seen["body"]["entry"][0]["request"]["url"] == "ParticipantProfile?ssn=…"
    assert seen["answer"]["link"][0]["url"] == f"{url}?last-name=…&_count=2"
