"""What one request did, as the audit will tell it."""

from datetime import UTC, datetime
from itertools import count

from app.model.audit.trail import Trail

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WHO = {
    "request": "r-1",
    "client": "mdes",
    "partner": "Partner/work",
    "agency": "Agency/work",
    "staff": "worker-7",
    "purpose": "referral",
    "method": "GET",
    "route": "/v1/<type:kind>/<id:id>",
}


def a_trail():
    return Trail(**WHO)


def events(trail):
    numbers = count(1)
    return trail.events(lambda: NOW, lambda: f"e{next(numbers)}")


def act_on(trail, interaction="read", name="Referral/1/2"):
    """Begin an act that has seen one resource."""
    act = trail.begin(interaction, "Referral")
    act.resources[name] = None
    act.participants.add("p1")
    act.owners |= {"Agency/work", "Agency/food"}
    act.labels |= {"PII-DIRECT", "OPS"}
    act.basis.add("own")
    act.query = "digest"
    act.status = 200
    return act


def test_an_act_becomes_an_event_that_says_who_why_and_what():
    trail = a_trail()
    act_on(trail)

    (event,) = events(trail)

    assert {name: getattr(event, name) for name in WHO} == WHO
    assert (event.id, event.at, event.outcome, event.status) == ("e1", NOW, "success", 200)
    assert (event.interaction, event.type, event.query) == ("read", "Referral", "digest")
    assert event.resources == ("Referral/1/2",)
    assert event.participants == ("p1",)
    assert event.owners == ("Agency/food", "Agency/work")
    assert event.labels == ("OPS", "PII-DIRECT")
    assert event.basis == ("own",)


def test_resources_stay_in_the_order_they_were_seen_each_once():
    trail = a_trail()
    act = trail.begin("search-type", "Referral")
    for name in ("Referral/2/1", "Referral/1/1", "Referral/2/1"):
        act.resources[name] = None

    assert events(trail)[0].resources == ("Referral/2/1", "Referral/1/1")


def test_events_can_be_told_again_until_they_are_settled():
    trail = a_trail()
    act_on(trail)

    assert [each.resources for each in events(trail)] == [each.resources for each in events(trail)]
    trail.settle()
    assert events(trail) == ()


def test_what_was_refused_disclosed_nothing():
    trail = a_trail()
    act_on(trail)

    trail.refuse("forbidden", 403)

    (event,) = events(trail)
    assert (event.outcome, event.status, event.query) == ("forbidden", 403, "digest")
    assert (
        event.resources == event.participants == event.owners == event.labels == event.basis == ()
    )


def test_a_refusal_leaves_the_acts_before_it():
    trail = a_trail()
    act_on(trail)
    trail.begin("delete", "Consent")

    trail.refuse("not-found", 404)

    read, refused = events(trail)
    assert read.resources == ("Referral/1/2",)
    assert (refused.interaction, refused.type, refused.outcome) == (
        "delete",
        "Consent",
        "not-found",
    )


def test_a_request_that_was_refused_before_it_began_is_told_as_well():
    trail = a_trail()

    trail.refuse("malformed", 400)

    assert [(each.interaction, each.outcome) for each in events(trail)] == [
        ("request", "malformed")
    ]


def test_acts_that_were_refused_together_become_one():
    trail = a_trail()
    act_on(trail, "create")
    act_on(trail, "update")

    trail.collapse("transaction")

    (event,) = events(trail)
    assert (event.interaction, event.type, event.resources) == ("transaction", None, ())


def test_an_act_that_begins_again_forgets_what_it_saw():
    trail = a_trail()
    act = act_on(trail)

    act.reset()

    (event,) = events(trail)
    assert (event.resources, event.participants, event.labels) == ((), (), ())
    assert event.interaction == "read"


def test_trails_share_nothing():
    one, other = a_trail(), a_trail()
    act_on(one)

    assert events(other) == ()
