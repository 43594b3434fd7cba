"""The sweep for exits on the seeded state, some months later."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agencies import a_state
from app.composition import DATABASE, open_hub
from app.interactions.exits import sweep
from app.keyring.keys import Keys
from app.model.version import Key
from builders import a_profile, an_example
from bundles import post, send

TYPE = "ParticipantServiceEnrollment"
CLASS, SUPPORT = (f"01920000-0000-7000-8000-00000000030{each}" for each in (1, 3))
"""Elvis's class in adult education, and his help with transport, of a period that goes on."""
EARLY, DUE = (datetime(2025, 9, day, 18, tzinfo=UTC) for day in (10, 11))
"""The 90th and the 91st day after the class."""
ENDED = {"status": "completed", "enrollmentDate": "2025-01-06", "endDate": "2025-02-14"}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("exits")) as made:
        yield made


@pytest.fixture
def hub(state):
    """Return the hub as a worker has it."""
    client = state.app.extensions[DATABASE]
    return open_hub(state.settings, client, Keys.load_or_create(state.settings.data))


def at(hub, moment):
    return replace(hub, now=lambda: moment)


def period_of(hub, id):
    return hub.store.read(Key(TYPE, id)).resource.get("period", {})


def posted(http, **changes):
    body = an_example(TYPE) | changes
    reply = http.post(f"/v1/{TYPE}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def test_the_worker_finds_an_exit_on_the_91st_day_and_dates_it_back(hub):
    assert sweep(at(hub, EARLY)) == 0
    assert period_of(hub, CLASS) == {
        "periodId": "elvis-aefla-2025",
        "programEntryDate": "2025-03-10",
    }

    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(lambda _: sweep(at(hub, DUE)), range(4)))

    assert sum(made) == 1
    assert period_of(hub, CLASS)["programExitDate"] == "2025-06-12"
    assert "programExitDate" not in period_of(hub, SUPPORT)
    assert sweep(at(hub, DUE)) == 0


def test_the_exit_is_a_version_of_the_worker_that_feed_and_audit_tell(state, hub):
    sweep(at(hub, DUE))
    state.sequence()
    staff = state.client("state-staff")

    found = hub.store.read(Key(TYPE, CLASS))
    told = staff.get(f"/v1/AuditEvent?agent=hub:worker&entity={TYPE}/{CLASS}")
    feed = staff.get(f"/v1/$changes?_type={TYPE}")

    assert (found.number, found.resource["meta"]["source"]) == (2, "hub:worker")
    assert f"{TYPE}/{CLASS}/_history/2" in told.text, told.text
    assert f"{TYPE}/{CLASS}" in feed.text, feed.text


def test_exits_are_searched_by_their_day(state, hub):
    sweep(at(hub, DUE))
    school = state.client("mccb")

    found = school.get(f"/v1/{TYPE}?program-exit-date=2025-06-12&period=elvis-aefla-2025")

    assert [each["resource"]["id"] for each in found.json["entry"]] == [CLASS]


def test_a_service_recorded_later_takes_the_exit_back_in_the_same_commit(state):
    mdes = state.client("mdes")
    whose = mdes.post("/v1/ParticipantProfile", json=a_profile()).json["id"]
    person = {"participant": {"reference": f"ParticipantProfile/{whose}"}}
    first = posted(mdes, **person, **ENDED)

    second = posted(mdes, **person, status="enrolled", enrollmentDate="2025-05-15")

    again = mdes.get(f"/v1/{TYPE}/{first['id']}").json
    assert first["period"]["programExitDate"] == "2025-02-14"
    assert (
        again["period"]
        == second["period"]
        == {
            "periodId": first["id"],
            "programEntryDate": "2025-01-06",
        }
    )
    assert again["atEntry"] == second["atEntry"]


@pytest.mark.parametrize("is_bundle", [False, True])
def test_services_that_several_systems_record_at_once_share_one_period(state, is_bundle):
    clients = [state.client("state-staff") for _ in range(4)]
    whose = clients[0].post("/v1/ParticipantProfile", json=a_profile()).json["id"]
    person = {"participant": {"reference": f"ParticipantProfile/{whose}"}}
    rows = [
        an_example(TYPE) | person | ENDED | {"enrollmentDate": f"2025-01-0{day}"}
        for day in range(1, 9)
    ]

    def record(client, pair):
        if is_bundle:
            return [send(client, *map(post, pair)).status_code]
        return [client.post(f"/v1/{TYPE}", json=each).status_code for each in pair]

    with ThreadPoolExecutor(4) as systems:
        told = [*systems.map(record, clients, batched(rows))]

    found = clients[0].get(f"/v1/{TYPE}?participant=ParticipantProfile/{whose}").json["entry"]
    periods = [each["resource"]["period"] for each in found]
    assert {code for codes in told for code in codes} == {200 if is_bundle else 201}
    assert len(periods) == len(rows)
    assert all(each == periods[0] for each in periods)
    assert periods[0]["programEntryDate"] == "2025-01-01"


def batched(rows):
    return [rows[at : at + 2] for at in range(0, len(rows), 2)]


def test_rehabilitation_ends_by_closure_and_shows_nowhere_else(state):
    mdes, rehabilitation = state.client("mdes"), state.client("mdrs")
    whose = mdes.post("/v1/ParticipantProfile", json=a_profile()).json["id"]
    person = {"participant": {"reference": f"ParticipantProfile/{whose}"}}
    own = posted(mdes, **person, **ENDED)

    closed = posted(
        rehabilitation,
        **person,
        service={"reference": "Service/vr-job-placement"},
        program={"reference": "Program/title4-vr"},
        partner={"reference": "Partner/mdrs-vr"},
        status="completed",
        enrollmentDate="2025-02-20",
        endDate="2025-03-20",
    )

    assert closed["period"]["programExitDate"] == "2025-03-20"
    assert mdes.get(f"/v1/{TYPE}/{own['id']}").json == own


def test_what_a_partner_may_not_see_of_a_profile_is_not_laid_into_its_row(state):
    mdes = state.client("mdes")
    profile = a_profile(benefits={"snap": "1"}, longTermUnemployed="1")
    whose = state.client("state-staff").post("/v1/ParticipantProfile", json=profile).json["id"]

    row = posted(mdes, participant={"reference": f"ParticipantProfile/{whose}"})

    assert "benefits" not in mdes.get(f"/v1/ParticipantProfile/{whose}").json
    assert row["atEntry"]["longTermUnemployed"] == "1"
    assert "snap" not in row["atEntry"]


def test_the_sweep_goes_by_the_last_day_of_service_not_by_the_end(state, hub):
    staff, today = state.client("state-staff"), datetime.now(UTC)
    whose = staff.post("/v1/ParticipantProfile", json=a_profile()).json["id"]
    begin, end = (str((today - timedelta(days=each)).date()) for each in (80, 5))
    row = posted(
        staff,
        participant={"reference": f"ParticipantProfile/{whose}"},
        status="completed",
        enrollmentDate=begin,
        endDate=end,
        serviceDates=[begin],
    )

    sweep(at(hub, today + timedelta(days=15)))

    assert "programExitDate" not in row["period"]
    assert period_of(hub, row["id"])["programExitDate"] == begin
