"""Bundles joined from the texts that are kept. https://hl7.org/fhir/R4/bundle.html"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from app.model.bundle import history, searchset
from app.model.history import HistoryPage, HistoryQuery, parse
from app.model.query import SearchPage
from app.model.version import deletion
from search_builders import a_kind, a_query, a_version

BASE = "https://hub.example/v1"
AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
KIND = a_kind()


def a_page(*versions, pairs=(), total=None, next_cursor=None):
    return SearchPage(a_query(KIND, *pairs), list(versions), total, next_cursor)


def links(bundle):
    return {each["relation"]: each["url"] for each in bundle["link"]}


def test_each_match_is_an_entry_with_its_text_as_kept():
    version = a_version("a", {"name": 'Zoë "Z"'})

    text = searchset(BASE, a_page(version))

    assert json.loads(text)["entry"] == [
        {"fullUrl": f"{BASE}/Thing/a", "resource": version.resource, "search": {"mode": "match"}}
    ]
    assert version.text in text


def test_a_page_without_matches_has_no_entries():
    bundle = json.loads(searchset(BASE, a_page()))

    assert bundle["resourceType"] == "Bundle"
    assert bundle["type"] == "searchset"
    assert not {"entry", "total", "meta"} & set(bundle)
    assert set(links(bundle)) == {"self"}


def test_the_total_is_said_when_it_was_asked():
    assert json.loads(searchset(BASE, a_page(total=0)))["total"] == 0


def test_the_moment_of_the_answer_may_be_said():
    bundle = json.loads(searchset(BASE, a_page(), AT))

    assert bundle["meta"] == {"lastUpdated": "2026-03-01T12:30:00.000Z"}


def test_the_self_link_says_what_was_understood():
    pairs = [("name:contains", "é&=,|"), ("_count", "5000"), ("_cursor", "old")]

    bundle = json.loads(searchset(BASE, a_page(pairs=pairs)))

    url = urlsplit(links(bundle)["self"])
    assert url.geturl().startswith(f"{BASE}/Thing?")
    assert parse_qsl(url.query) == [("_count", "100"), ("name:contains", "é&=,|")]


def test_the_next_link_is_the_self_link_with_a_cursor():
    bundle = json.loads(searchset(BASE, a_page(next_cursor="abc-_")))

    assert links(bundle)["next"] == links(bundle)["self"] + "&_cursor=abc-_"


def test_a_part_of_a_resource_is_marked_as_such():
    version = a_version(
        "a", {"name": "Ann", "born": "2000-01-01", "meta": {"tag": [{"code": "t"}]}}
    )

    bundle = json.loads(searchset(BASE, a_page(version, pairs=[("_elements", "name")])))

    assert bundle["entry"][0]["resource"] == {
        "resourceType": "Thing",
        "id": "a",
        "name": "Ann",
        "meta": {
            "tag": [
                {"code": "t"},
                {
                    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
                    "code": "SUBSETTED",
                    "display": "Resource encoded in summary mode",
                },
            ]
        },
    }
    assert "tag" in version.resource["meta"]
    assert len(version.resource["meta"]["tag"]) == 1


def test_what_comes_along_follows_the_matches_and_is_marked():
    match, other = a_version("a", {"name": "Ann"}), a_version("b", {}, kind="Other")
    page = replace(a_page(match, pairs=[("_elements", "born")]), included=(other,), total=1)

    bundle = json.loads(searchset(BASE, page))

    assert [each["search"]["mode"] for each in bundle["entry"]] == ["match", "include"]
    assert bundle["entry"][1]["fullUrl"] == f"{BASE}/Other/b"
    assert bundle["entry"][1]["resource"] == other.resource
    assert bundle["total"] == 1


def test_links_lead_to_where_the_search_was_asked():
    page = a_page(next_cursor="abc")

    for path, address in (("Owner/1/Thing", f"{BASE}/Owner/1/Thing"), ("", BASE)):
        found = links(json.loads(searchset(BASE, replace(page, path=path))))
        assert found["self"] == f"{address}?_count=20"
        assert found["next"] == f"{address}?_count=20&_cursor=abc"


def test_history_says_what_made_each_version():
    created = a_version("a", {"name": "Ann"}, at=AT)
    updated = a_version("a", {"name": "Bea"}, number=2, at=AT)
    deleted = deletion(updated, AT, "tester")
    query = HistoryQuery("Thing", None, 5)

    bundle = json.loads(history(BASE, HistoryPage(query, [deleted, updated, created], None)))

    assert bundle["type"] == "history"
    assert [each["request"] for each in bundle["entry"]] == [
        {"method": "DELETE", "url": "Thing/a"},
        {"method": "PUT", "url": "Thing/a"},
        {"method": "POST", "url": "Thing"},
    ]
    assert [each["response"]["status"] for each in bundle["entry"]] == ["204", "200", "201"]
    assert [each["response"]["etag"] for each in bundle["entry"]] == ['W/"3"', 'W/"2"', 'W/"1"']
    assert bundle["entry"][1]["response"]["lastModified"] == "2026-03-01T12:30:00.000Z"
    assert [each.get("resource") for each in bundle["entry"]] == [
        None,
        updated.resource,
        created.resource,
    ]
    assert {each["fullUrl"] for each in bundle["entry"]} == {f"{BASE}/Thing/a"}


def test_the_links_of_a_history_repeat_what_was_asked():
    query = parse("Thing", "a", [("_count", "5")], max_count=10)

    last = json.loads(history(BASE, HistoryPage(query, [], None)))
    more = json.loads(history(BASE, HistoryPage(query, [], "abc"), AT))

    assert links(last) == {"self": f"{BASE}/Thing/a/_history?_count=5"}
    assert links(more)["next"] == f"{BASE}/Thing/a/_history?_count=5&_cursor=abc"
    assert more["meta"]["lastUpdated"] == "2026-03-01T12:30:00.000Z"
