"""The pages that are made of the register: complete, true to the schemas, and offline."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.model.registry import load
from conformance import pages
from conformance.requirements import requirements

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def types():
    return load(ROOT / "resource_schemas").types


@pytest.mark.parametrize("requirement", requirements().values(), ids=lambda each: each.id)
def test_the_page_of_a_requirement_says_all_of_it(requirement):
    page = pages.markdown(requirement)

    assert page.startswith(f"# {requirement.id} · {requirement.title}")
    for part in (requirement.rule, requirement.why, requirement.fix, requirement.keyword):
        assert part in page
    assert requirement.exchange.request.rstrip() in page
    assert requirement.exchange.answer.rstrip() in page
    assert all(f"{fault}: {pages.FAULTS[fault]}" in page for fault in requirement.faults)


def test_a_sample_never_says_what_the_published_schema_forbids(types):
    """Samples leave out what does not matter, and `required` alone is about that."""
    wrong = {
        each.id: faults
        for each in requirements().values()
        for body in bodies(each)
        if body.get("resourceType") in types
        if (faults := [i.code for i in types[body["resourceType"]].faults(body) if is_said(i)])
    }

    assert not wrong


def is_said(issue):
    return issue.code != "required"


def bodies(requirement):
    """Return the bodies of a sample; a Bundle gives what is in it, too."""
    texts = (requirement.exchange.request, requirement.exchange.answer)
    sent = [json.loads(line) for text in texts for line in text.splitlines() if line[:1] == "{"]
    inside = [each.get("resource", {}) for body in sent for each in body.get("entry", ())]
    return [*sent, *inside]


class Anchors(HTMLParser):
    """What a page links to, where it can be linked to, and what it would fetch."""

    def __init__(self):
        super().__init__()
        self.targets, self.ids, self.fetched = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids.add(given.get("id"))
        if tag == "a":
            self.targets.add(given["href"])
        self.fetched |= {given[name] for name in ("src", "srcset") if name in given}
        if tag in ("link", "script", "iframe"):
            self.fetched.add(tag)


def test_the_html_has_every_requirement_and_needs_nothing_else():
    page = Anchors()

    page.feed(pages.html(requirements().values()))

    assert set(requirements()) <= page.ids
    assert {target.removeprefix("#") for target in page.targets} <= page.ids
    assert not page.fetched


def test_what_a_requirement_says_never_becomes_markup():
    told = next(iter(requirements().values()))

    page = pages.html([replace(told, rule="It sends <b>all</b> & `If-Match: <tag>`.")])

    assert "It sends &lt;b&gt;all&lt;/b&gt; &amp; <code>If-Match: &lt;tag&gt;</code>." in page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        pytest.param([], 68, id="nothing is everything"),
        pytest.param(["l1-13"], 1, id="one, in any case"),
        pytest.param(["L2", "L3-01"], 13, id="a level and one more"),
    ],
)
def test_pages_are_chosen_by_id_or_level(asked, count):
    assert len(pages.known(asked)) == count


def test_a_page_that_does_not_exist_is_told():
    with pytest.raises(KeyError, match="L9-01"):
        pages.known(["L1-01", "l9-01"])


def test_every_fault_that_is_named_is_explained():
    named = {fault for each in requirements().values() for fault in each.faults}

    assert named | {"F15"} <= set(pages.FAULTS)
    assert len(pages.FAULTS) == 18
