"""The pages of versions tell people all that a schema says, and run nothing that it smuggles."""

import re

import pytest

from app.web import application
from app.web.publications.rows import Rows
from notes import a_site_of, notes

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def http():
    """Return a client of a site of all types, and of four versions of a note."""
    return application(a_site_of(*notes())).test_client()


def test_every_type_has_a_page_with_a_row_for_each_element(http):
    for each in http.get("/schemas").json["schemas"]:
        page = http.get(each["versions"][-1]["links"]["docs"], headers=BROWSER)

        assert page.content_type == "text/html; charset=utf-8"
        schema = http.get(each["versions"][-1]["url"]).json
        for name in schema.get("properties", ()):
            assert f'<tr id="{name}">' in page.text, each["name"]


def test_a_row_tells_all_that_the_schema_says_of_its_element(http):
    page = http.get("/schemas/ParticipantProfile/1.0.0/docs").text

    row = re.search(r'<tr id="birthDate">.*?</tr>', page, re.DOTALL)[0]
    for told in ("Day of birth", "date", ">yes<", "PII-QUASI", "birth-date (date)", "PIRL 200"):
        assert told in row
    assert "If <code>status</code> is <code>merged</code>, then" in page
    assert "Male" in page


def test_every_link_of_a_page_works(http):
    page = http.get("/schemas/Referral/1.0.0/docs").text

    for link in sorted(set(re.findall(r'href="(/[^"#]*)', page))):
        assert http.get(link.replace("&amp;", "&")).status_code == 200, link


def test_a_page_runs_no_script_and_fetches_nothing(http):
    page = http.get("/schemas/Note/1.1.0/docs")

    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="(?!/|#|data:)', page.text)


def test_what_a_schema_says_is_only_text_in_markdown(http):
    page = http.get("/schemas/Note/1.1.0/docs?format=md")

    assert page.content_type == "text/markdown; charset=utf-8"
    row = next(line for line in page.text.splitlines() if line.startswith("| **mood**"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 8
    assert "<script>" not in page.text.replace("\\<", "")
    assert "PIRL 9999" in row


def test_a_page_is_answered_in_markdown_when_asked(http):
    asked = http.get("/schemas/Note/1.1.0/docs", headers={"Accept": "text/markdown"})

    assert asked.content_type.startswith("text/markdown")
    assert "Accept" in asked.headers["Vary"]
    assert http.get("/schemas/Note/1.1.0/docs?format=pdf").status_code == 400


def test_a_page_says_where_its_version_stands(http):
    deprecated = http.get("/schemas/Note/1.0.0/docs").text
    retired = http.get("/schemas/Note/0.9.0/docs").text
    current = http.get("/schemas/Note/1.10.0/docs").text

    assert "Since 2026-05-01, served at least until 2027-05-01. Moods are needed." in deprecated
    assert 'href="/schemas/Note/1.1.0/docs"' in deprecated
    assert "Retired" in retired
    assert "clients that name none are given this one, unless they are pinned" in current


def test_a_code_tells_what_older_readers_get_instead():
    use = {
        "enum": ["home", "campus"],
        "x-codes": {"home": "Lives"},
        "x-fallback": {"campus": "home"},
    }

    (row,) = Rows({}).of({"properties": {"use": use}})

    assert row.codes == (("home", "Lives"), ("campus", "(older readers get home)"))


def test_a_page_lists_all_versions_with_what_changed_and_shows_examples(http):
    page = http.get("/schemas/Note/1.1.0/docs").text

    assert "Adds *moods*." in page
    assert "/schemas/Note/compare?from=1.0.0&amp;to=1.1.0" in page
    assert "&#34;text&#34;: &#34;first&#34;" in page


def test_a_browser_sees_a_comparison_as_a_page(http):
    page = http.get("/schemas/Note/compare?from=1.1.0&to=1.0.0", headers=BROWSER)

    assert page.content_type == "text/html; charset=utf-8"
    assert "Writing: breaking." in page.text
    assert "A made-up document that breaks" in page.text
    assert "<script" not in page.text
    for link in re.findall(r'href="(/[^"#]*)', page.text):
        assert http.get(link.replace("&amp;", "&")).status_code == 200, link
