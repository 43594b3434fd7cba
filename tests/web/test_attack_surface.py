"""The attack surface of the app, attack by attack: which test shows that it leads nowhere.

`TESTS` is the list; those that had no test of their own are below it.
"""

import ast
import json
import logging
from pathlib import Path

import pytest

from app.log import JsonLine
from builders import a_profile, an_agency

TESTS = {
    "deep nesting": ["test_deep_nesting_is_refused_before_it_costs_anything", "test_bad_input"],
    "large integers and fractions": ["test_what_is_not_strict_json_is_refused", "test_bad_input"],
    "duplicate names": ["test_what_is_not_strict_json_is_refused", "test_bad_input"],
    "NaN, byte order marks, UTF-16, bad UTF-8": [
        "test_what_is_not_strict_json_is_refused",
        "test_another_media_type_charset_or_coding_is_unsupported",
    ],
    "surrogates and NUL in bodies, addresses and queries": [
        "test_what_is_not_strict_json_is_refused",
        "test_bad_input_is_refused_in_one_shape_and_never_repeated",
    ],
    "names of the database and of prototypes": ["test_what_is_not_strict_json_is_refused"],
    "operators for values": [
        "test_an_operator_is_only_text_and_finds_nothing",
        "test_filters_are_flat_fields_of_rows",
        "test_expressions_are_strings_never_compiled",
        "test_the_rule_catches_what_it_is_for",
    ],
    "patterns in searches": ["test_signs_with_a_meaning_elsewhere_are_only_text"],
    "patterns in schemas": ["test_a_pattern_that_could_take_for_ever_does_not"],
    "references in schemas": ["test_a_tool_without_a_network_resolves_every_reference"],
    "faults without an end": ["test_a_body_of_nothing_but_faults_is_answered_shortly"],
    "patches that grow": [
        "test_copies_that_double_the_resource_are_stopped_early",
        "test_bad_patches_are_refused_and_change_nothing",
    ],
    "patches of id, type and meta": ["test_a_merge_patch_cannot_touch_id_type_or_meta"],
    "large and compressed bodies": [
        "test_a_body_over_the_limit_is_refused_whole",
        "test_another_media_type_charset_or_coding_is_unsupported",
    ],
    "broken framing": [
        "test_what_is_no_request_is_refused_as_an_outcome_that_quotes_nothing",
        "test_a_body_with_broken_chunks_is_refused_and_ends_the_connection",
    ],
    "bodies that break off": ["test_a_body_that_breaks_off_is_refused"],
    "silent connections": ["test_silent_connections_hold_no_thread"],
    "a foreign host, forwarding headers": [
        "test_forwarding_headers_have_no_effect",
        "test_links_never_follow_the_host_header",
    ],
    "line feeds in headers": ["test_a_line_feed_never_gets_into_a_header"],
    "preconditions of every spelling": [
        "test_every_spelling_of_version_3_matches_it",
        "test_nonsense_is_refused_rather_than_ignored",
        "test_a_malformed_if_match_is_refused_rather_than_ignored",
        "test_if_match_on_what_does_not_exist_is_refused",
    ],
    "criteria that say nothing": [
        "test_criteria_that_are_unknown_or_say_nothing_are_refused",
        "test_an_empty_if_none_exist_is_refused_rather_than_ignored",
        "test_criteria_that_match_several_are_refused_everywhere",
    ],
    "what only the hub says, in a body": [
        "test_what_the_hub_says_of_a_version_is_never_taken_from_a_body",
        "test_the_id_in_the_body_must_be_the_id_in_the_address",
    ],
    "page links": [
        "test_an_altered_cursor_is_refused",
        "test_a_cursor_serves_only_whom_it_was_given",
        "test_a_cursor_of_someone_else_is_refused",
    ],
    "lines in the log": ["test_a_line_feed_in_a_request_makes_no_line_in_the_log"],
    "tokens": ["test_without_a_valid_bearer_token_nobody_enters", "test_assertion"],
    "addresses of keys that lead inside": [
        "test_an_address_inside_is_not_asked_unless_its_host_is_named",
        "test_a_private_address_in_any_disguise_is_known",
    ],
    "more than it can do": [
        "test_who_finds_the_line_full_is_refused_at_once_and_told_when_to_return",
        "test_reads_and_probes_go_on_beside_searches_that_wait",
    ],
    "headers of answers": ["test_every_sort_of_answer_has_the_standing_headers_once"],
}
"""Attack → the tests that show how it ends; `test_bad_input` is a module."""
OPERATORS = [
    '{"$ne": null}',
    "{$gt: ''}",
    "[$ne]",
    "$where",
    "true, $or: [{}]",
    "'; return true; '",
]


def test_every_attack_names_tests_that_exist():
    tests = Path(__file__).parents[1]
    known = {
        name
        for path in tests.rglob("test_*.py")
        for name in (path.stem, *defined(path.read_text("utf-8")))
    }

    assert {name for names in TESTS.values() for name in names} <= known


def defined(text):
    return [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("value", OPERATORS)
def test_an_operator_is_only_text_and_finds_nothing(http, value):
    http.post("/v1/ParticipantProfile", json=a_profile())

    for name in ("last-name", "pirl-unique-id", "status"):
        query = {name: value, "_total": "accurate"}
        reply = http.get("/v1/ParticipantProfile", query_string=query)

        assert reply.status_code in (200, 400), name
        assert reply.json.get("total", 0) == 0, name


def test_what_the_hub_says_of_a_version_is_never_taken_from_a_body(http):
    lies = {
        "id": "chosen-by-me",
        "meta": {
            "versionId": "99",
            "lastUpdated": "2000-01-01T00:00:00.000Z",
            "source": "Partner/somebody-else",
        },
    }

    made = http.post("/v1/ParticipantProfile", json=a_profile(**lies))

    assert made.status_code in (201, 422)
    if made.status_code == 201:
        told = made.json
        assert told["id"] != "chosen-by-me"
        assert told["meta"]["versionId"] == "1"
        assert told["meta"]["lastUpdated"] > "2026"
        assert told["meta"].get("source") != "Partner/somebody-else"


@pytest.mark.parametrize(
    "more",
    [{"_id": "x"}, {"owner": "Agency/other"}, {"isAdmin": True}, {"$set": {}}, {"k": {}, "n": 1}],
)
def test_elements_that_are_not_of_the_type_are_refused(http, more):
    reply = http.post("/v1/ParticipantProfile", json=a_profile(**more))

    assert reply.status_code in (400, 422)


@pytest.mark.parametrize("place", ["/v1/Agency/a%0d%0aX-Evil:%201", "/v1/Agency?name=%0d%0aX:1"])
def test_a_line_feed_never_gets_into_a_header(http, place):
    reply = http.get(place, headers={"X-Request-Id": "a%0d%0aX-Evil: 1"})

    assert "X-Evil" not in reply.headers
    assert reply.headers["X-Request-Id"] != "a%0d%0aX-Evil: 1"
    assert not [value for _, value in reply.headers if "\r" in value or "\n" in value]


def test_a_line_feed_in_a_request_makes_no_line_in_the_log(http):
    lines, hears = [], logging.Handler()
    hears.emit = lambda record: lines.append(JsonLine().format(record))
    log = logging.getLogger("hub")
    former = log.level
    log.addHandler(hears)
    log.setLevel(logging.INFO)
    try:
        http.get('/v1/Agency/x%0a{"level":"info"}?name=%0d%0aforged')
        http.get("/v1/A%0aforged/x", headers={"X-Request-Id": 'forged"', "User-Agent": "forged"})
        http.post("/v1/Agency", json=an_agency(name="x\nforged"))
    finally:
        log.removeHandler(hears)
        log.setLevel(former)

    assert len(lines) == 3
    assert all(json.loads(line) and "\n" not in line for line in lines)
    assert "forged" not in "".join(lines)


def test_a_body_of_nothing_but_faults_is_answered_shortly(http, site):
    most = site.max_body_bytes // 4
    body = b'{"resourceType": "Agency", "identifier": [1' + b",1" * most + b"]}"

    reply = http.post("/v1/Agency", data=body, content_type="application/json")

    assert reply.status_code == 422
    assert len(reply.data) < 100_000
    assert reply.json["issue"][-1]["code"] == "too-costly"


def test_a_pattern_that_could_take_for_ever_does_not(registry):
    value = "a" * 5000 + "!"
    faults = [
        kind.check({"resourceType": name, **dict.fromkeys(kind.schema["properties"], value)})
        for name, kind in registry.types.items()
    ]

    assert all(faults)
