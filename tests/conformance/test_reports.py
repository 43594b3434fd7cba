"""Reports: the same verdicts for eyes, for continuous integration and for mail."""

import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from conformance.reports.junit import junit
from conformance.reports.markdown import markdown
from conformance.reports.page import html
from conformance.reports.redaction import redacted
from conformance.reports.rows import rows
from conformance.reports.terminal import summary
from conformance.reports.writing import FORMS, write
from run_stand_in import a_report, a_verdict, an_exchange

BAD = a_verdict("L1-13", "FAIL", observed="<b>went</b> back")
REPORT = a_report(
    a_verdict(),
    BAD,
    a_verdict("L1-05", "WARN", keyword="SHOULD"),
    a_verdict("L1-10", "NOT-EXERCISED", exchanges=[]),
    a_verdict("L1-29", "N/A", exchanges=[]),
    steps=[{"key": "A3-update", "status": "done", "detail": ""}],
    notes="adapter says https://box.internal:8080/x",
)
SECRETS = ("secret-token", "Elvis", "hub.state.internal", "box.internal")


class Page(HTMLParser):
    """What a page refers to, and what it has ids for."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.loaded, self.tags = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        self.loaded += [found[name] for name in ("src", "data", "action") if name in found]
        self.loaded += [found["href"]] if tag == "link" else []


@pytest.mark.parametrize("form", ["html", "junit", "md"])
def test_no_report_tells_a_secret_a_person_or_a_host(form):
    text = write(REPORT, form)

    assert not [each for each in SECRETS if each in text]


def test_the_page_needs_no_network_and_all_its_links_lead_somewhere():
    page = Page(html(REPORT))

    assert not page.loaded
    assert "script" not in page.tags
    assert all(link.removeprefix("#") in page.ids for link in page.links)
    assert [each for each in page.ids if each.startswith("L1-")].count("L1-13") == 1


def test_the_page_shows_sentence_expected_observed_exchange_fix_and_command():
    text = html(REPORT)

    for each in ("expected", "one thing", "Do the one thing.", "fault F1", "curl -i -X PUT"):
        assert each.lower() in text.lower()
    assert "&lt;b&gt;went" in text
    assert "<b>went" not in text


def test_what_a_product_wrote_is_never_markup():
    text = html(a_report(a_verdict(), product={"name": "<script>", "version": "1"}))

    assert "<script>" not in text


def test_junit_has_one_case_for_each_requirement_and_none_is_skipped():
    top = ET.fromstring(junit(REPORT))  # noqa: S314 - our own text
    suite = top.find("testsuite")
    cases = {
        case.find("properties/property[@name='requirement']").get("value"): case
        for case in suite.iter("testcase")
    }

    assert list(cases) == ["L1-09", "L1-13", "L1-05", "L1-10", "L1-29"]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "2", "0")
    assert suite.get("hostname") is None
    assert cases["L1-10"].find("failure").get("type") == "NOT-EXERCISED"
    assert cases["L1-05"].find("failure") is None
    assert cases["L1-13"].find("properties/property[@name='evidence']").get("value") == "A"


def test_junit_holds_only_what_xml_can():
    odd = a_report(a_verdict("L1-13", "FAIL", observed="nul \x00 bell \x07"))

    assert ET.fromstring(junit(odd)) is not None  # noqa: S314 - our own text


def test_markdown_begins_with_what_needs_work():
    text = markdown(REPORT)

    assert text.index("FAIL: L1-13") < text.index("NOT-EXERCISED: L1-10") < text.index("| PASS")
    assert "\\<b\\>went" in text


def test_json_is_the_hubs_own_report():
    assert json.loads(FORMS["json"](REPORT)) == REPORT


def test_the_terminal_says_the_verdict_and_where_to_read_on():
    text = "\n".join(line.plain for line in summary(REPORT))

    assert "02:11" in text
    assert "FAIL  L1-13 MUST" in text
    assert "explain L1-13" in text
    assert "1 of 1 step\n" in text
    assert "5 requirements: 1 pass, 1 n/a, 1 warn, 1 not exercised, 1 FAIL" in text
    assert "L1 not reached (2 MUST open)" in text


def test_the_terminal_counts_the_steps_of_an_act_and_calls_them_so():
    steps = [
        {"key": f"A3-{number}", "status": status, "detail": ""}
        for number, status in enumerate(("done", "unsupported", "done"))
    ]

    lines = [line.plain for line in summary(a_report(a_verdict(), steps=steps))]

    (act,) = [line for line in lines if "Act 3" in line]
    assert act.endswith(". 2 of 3 steps")


def test_the_terminal_can_look_at_some_alone():
    text = "\n".join(line.plain for line in summary(REPORT, ["L1-10"]))

    assert "L1-10" in text
    assert "L1-13" not in text


def test_forms_and_nested_values_are_redacted():
    told = redacted(
        {
            "body": "last-name:exact=Presley&ssn=000-12-3456&status=active&client_secret=x",
            "list": [{"birthDate": "1935-01-08", "code": "7"}],
            "link": "https://hub.state.gov/v1/Referral/1",
            "schema": "https://hub.wioa.example/schemas/Referral|1.0.0",
        }
    )

    assert told == {
        "body": "last-name:exact=…&ssn=…&status=active&client_secret=…",
        "list": [{"birthDate": "…", "code": "7"}],
        "link": "https://hub.example/v1/Referral/1",
        "schema": "https://hub.wioa.example/schemas/Referral|1.0.0",
    }


def test_the_command_can_be_pasted_into_a_shell():
    odd = an_exchange(body={"note": "it's $HOME"}, path="Referral", query="status=new%20one")

    (row,) = rows(a_report(a_verdict(), exchanges=[odd]))

    assert """'{"note": "it'"'"'s $HOME"}'""" in row.shown[0].curl
    assert """"$BASE"'/Referral?status=new%20one'""" in row.shown[0].curl
    assert "secret-token" not in row.shown[0].curl
