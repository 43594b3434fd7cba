"""The corpus of bad input, over all routes: no 5xx, one shape of refusal, nothing repeated.

It covers what the attack surface of a JSON API offers in one request: see test_attack_surface.py
for the list.
"""

import pytest
from werkzeug.exceptions import HTTPException

import bad_input
import bad_operations
import bad_schemas
from tenants import as_client

PLAIN = {
    **{
        name: getattr(bad_input, name)
        for name in (
            *("addresses", "queries", "searched_forms", "bodies", "headers", "forms", "bundles"),
        )
    },
    "operations": bad_operations.operations,
    "profiles": bad_schemas.profiles,
    "candidates": bad_schemas.candidates,
}
"""The cases that need nothing to be there, by their names."""
FEWEST = 300


@pytest.fixture(scope="module")
def profile(app):
    """Return the address of a profile."""
    return bad_input.a_profile_path(as_client(app, "state-staff"))


@pytest.mark.parametrize("name", PLAIN)
def test_bad_input_is_refused_in_one_shape_and_never_repeated(http, name):
    found = wrong(http, PLAIN[name]())

    assert not found, f"{len(found)} answers:\n" + "\n".join(found[:40])


def test_bad_patches_are_refused_and_change_nothing(http, profile):
    former = http.get(profile).data

    found = wrong(http, bad_input.patches(profile))

    assert not found, f"{len(found)} answers:\n" + "\n".join(found[:40])
    assert http.get(profile).data == former


def test_the_corpus_is_large_and_says_everything_once():
    cases = [(name, case) for name in PLAIN for case in PLAIN[name]()]

    assert len({(name, case.name) for name, case in cases}) == len(cases)
    assert len({str(case[1:]) for _, case in cases}) >= FEWEST
    assert len(bad_input.corpus("bodies")["malformed"]) >= 50


def test_no_route_is_without_a_case(app):
    adapter = app.url_map.bind("hub.test")
    touched = set()
    for cases in PLAIN.values():
        for case in cases():
            try:
                touched.add((adapter.match(case.path, case.method)[0], case.method))
            except HTTPException:
                continue

    routed = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routed <= touched


def wrong(http, cases):
    """Return what is wrong with the answers to some cases."""
    return [
        f"{case.name}: {fault}"
        for case in cases
        for fault in bad_input.faults(*bad_input.send(http, case), case)
    ]
