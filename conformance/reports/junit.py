"""The report as JUnit XML: one test case for each requirement, for continuous integration.

Without host names and without skipped cases: what was not exercised is not passed.
"""

from xml.etree import ElementTree as ET  # written, never read

from conformance.reports.rows import Report, Row, rows

FAILURES = ("FAIL", "NOT-EXERCISED")
ERRORS = ("SUITE-ERROR", "CONFIG")


def junit(report: Report) -> str:
    """Return the XML; a SHOULD that was missed is a passed case that says so."""
    found = rows(report)
    words = [_word(row) for row in found]
    suite = ET.Element("testsuite", name=f"wioa-conformance.L{report['level']}")
    suite.set("tests", str(len(found)))
    suite.set("failures", str(sum(word in FAILURES for word in words)))
    suite.set("errors", str(sum(word in ERRORS for word in words)))
    suite.set("skipped", "0")
    suite.set("timestamp", str(report["startedAt"]))
    _properties(suite, run=report["run"], suite=report["suite"], profile=report["profile"])
    for row in found:
        _case(suite, row)
    top = ET.Element("testsuites")
    top.append(suite)
    ET.indent(top)
    return ET.tostring(top, "unicode", xml_declaration=True) + "\n"


def _word(row: Row) -> str:
    return row.word if row.verdict["keyword"] == "MUST" or row.word in ERRORS else "PASS"


def _case(suite: ET.Element, row: Row) -> None:
    told = row.verdict
    case = ET.SubElement(suite, "testcase", time="0")
    case.set("classname", f"wioa.L{told['level']}")
    case.set("name", f"{told['id']} {told['title']}")
    _properties(
        case,
        requirement=told["id"],
        level=str(told["level"]),
        keyword=told["keyword"],
        evidence=told["evidence"],
        verdict=row.word,
    )
    word = _word(row)
    if word in (*FAILURES, *ERRORS):
        kind = "failure" if word in FAILURES else "error"
        first = _clean(f"{word}: {told['observed'] or told['title']}")
        fault = ET.SubElement(case, kind, type=word, message=first)
        fault.text = _clean(f"expected  {told['expected']}\nfix  {told['fix']}")
    elif row.word not in ("PASS", "N/A"):
        ET.SubElement(case, "system-out").text = _clean(f"{row.word}: {told['observed']}")


def _properties(of: ET.Element, **named: str) -> None:
    found = ET.SubElement(of, "properties")
    for name, value in named.items():
        ET.SubElement(found, "property", name=name, value=_clean(str(value)))


def _clean(text: str) -> str:
    """Return a text with only what XML can hold."""
    return "".join(each for each in text if each in "\t\n" or each.isprintable())
