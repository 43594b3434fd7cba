"""`hub schema`: what it prints, what it sends, and how it ends, beside a stand-in of the hub."""

import json

import httpx
import pytest
from click.testing import CliRunner

from app.cli.schema import schema
from schema_hub import ID, TEXT, URL, Hub, a_finding, a_report, a_row, an_outcome, told


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def run(hub, tmp_path, monkeypatch):
    """Run one command beside the hub, in an empty folder."""
    (tmp_path / "demo-clients.json").write_text(
        json.dumps({"state-staff": "s", "state-reviewer": "r"})
    )
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    near = ["--url", URL, "--data", str(tmp_path)]

    def run(*words):
        transport = httpx.MockTransport(hub)
        return CliRunner().invoke(schema, [*words, *near], obj=transport)

    run.folder = work / ID
    return run


def shown(done):
    return " ".join(done.output.split())


def summed(run):
    (run.folder / "summary.md").write_text("Adds a color.\n")


def test_a_new_version_has_the_text_of_the_last_under_its_own_id(run):
    done = run("new", "Badge")

    assert (done.exit_code, "hub schema edit Badge-1.1.0" in done.output) == (0, True)
    expected = TEXT.replace("Badge/1.0.0", "Badge/1.1.0")
    assert (run.folder / "schema.json").read_bytes() == expected.encode()
    assert (run.folder / "valid" / "full.json").read_bytes() == b'{"a":  1}'
    # Two texts and one name do not go together, so they are counted.
    assert (run.folder / "invalid" / "invalid-examples-1.json").read_bytes() == b'{"b": [2, 3]}'
    assert (run.folder / "invalid" / "invalid-examples-2.json").read_bytes() == b"7"
    note = json.loads((run.folder / "draft.json").read_text())
    assert note == {"type": "Badge", "version": "1.1.0", "base": "1.0.0", "seen": None}


@pytest.mark.parametrize(
    ("words", "id"),
    [
        pytest.param(["--bump", "patch"], "Badge-1.2.2", id="patch"),
        pytest.param(["--bump", "major"], "Badge-2.0.0", id="major"),
        pytest.param(["--from", "1.0.0", "--bump", "patch"], "Badge-1.0.1", id="from an old one"),
    ],
)
def test_the_next_number_rises_where_it_is_asked_to(run, hub, words, id):
    hub.rows["Badge-1.2.1"] = a_row("1.2.1", "deprecated")
    hub.rows["Badge-1.9.0"] = a_row("1.9.0", "retired")

    done = run("new", "Badge", *words, "--json")

    assert json.loads(done.output)["id"] == id


def test_a_number_that_was_used_is_not_used_again(run, hub):
    hub.rows[ID] = a_row("1.1.0", "rejected")

    assert json.loads(run("new", "Badge", "--json").output)["id"] == "Badge-1.2.0"


def test_a_version_that_is_begun_is_gone_on_with(run, hub):
    hub.rows[ID] = a_row("1.1.0", "draft")

    done = run("new", "Badge")

    assert done.exit_code == 2
    assert "go on with hub schema edit Badge-1.1.0" in done.output


def test_a_type_that_does_not_exist_begins_with_the_least(run):
    done = run("new", "Ticket")

    body = json.loads((run.folder.parent / "Ticket-1.0.0" / "schema.json").read_text())
    assert (done.exit_code, body["title"]) == (0, "Ticket")
    assert body["$id"].endswith("/schemas/Ticket/1.0.0")


def test_a_folder_is_never_overwritten(run):
    run("new", "Badge")
    (run.folder / "schema.json").write_text("mine")

    done = run("new", "Badge")

    assert (done.exit_code, "exists" in done.output) == (2, True)
    assert (run.folder / "schema.json").read_text() == "mine"


def test_saving_sends_the_very_bytes_of_the_folder(run, hub):
    run("new", "Badge")
    written = TEXT.replace("Badge/1.0.0", "Badge/1.1.0").replace("\n", "\r\n") + "\t\n"
    (run.folder / "schema.json").write_bytes(written.encode())
    (run.folder / "summary.md").write_text("Adds a color.\n")
    (run.folder / "invalid" / "number.json").write_text("8")

    done = run("edit", ID)

    assert done.exit_code == 0, done.output
    (sent,) = hub.bodies(f"/SchemaVersion/{ID}")
    assert sent == {
        "resourceType": "SchemaVersion",
        "id": ID,
        "type": "Badge",
        "version": "1.1.0",
        "base": "1.0.0",
        "summary": "Adds a color.",
        "text": written,
        "examples": [
            {"name": "full", "isValid": True, "text": '{"a":  1}'},
            {"name": "invalid-examples-1", "isValid": False, "text": '{"b": [2, 3]}'},
            {"name": "invalid-examples-2", "isValid": False, "text": "7"},
            {"name": "number", "isValid": False, "text": "8"},
        ],
    }


def test_a_draft_that_nobody_summed_up_is_saved_but_not_handed_in(run, hub):
    run("new", "Badge")

    told = [run("check", ID), run("edit", ID), run("check", ID, "--stored")]
    refused = [run("submit", ID), run("submit", "Badge", "1.1.0")]

    wanted = "The summary is empty: write in"
    assert [each.exit_code for each in told] == [0, 0, 0], [each.output for each in told]
    assert all(f"{wanted} {ID}/summary.md" in each.stderr for each in told)
    assert "summary" not in hub.rows[ID]
    assert [each.exit_code for each in refused] == [1, 1]
    assert all(wanted in each.output for each in refused)
    assert hub.bodies("/$submit") == []
    summed(run)
    assert run("submit", ID).exit_code == 0


def test_what_comes_next_is_told_until_the_draft_is_handed_in(run):
    run("new", "Badge")
    summed(run)

    assert f"Next:  hub schema check --stored {ID}" in run("edit", ID).output
    assert f"Next:  hub schema submit {ID}" in run("check", ID, "--stored").output


def test_a_draft_that_was_only_moved_is_no_conflict(run, hub):
    run("new", "Badge")
    summed(run)
    run("edit", ID)
    hub.moved(ID, "in-review")
    waiting = run("edit", ID)
    hub.moved(ID, "draft")

    saved = run("edit", ID)

    assert (waiting.exit_code, "hub schema revise" in waiting.output) == (3, True)
    assert saved.exit_code == 0, saved.output
    assert json.loads((run.folder / "draft.json").read_text())["seen"] == 4


def test_a_draft_is_saved_over_the_version_that_was_seen(run, hub):
    run("new", "Badge")

    for _ in range(2):
        run("edit", ID)

    tags = [each.headers.get("If-Match") for each in hub.asked if each.method == "PUT"]
    assert tags == [None, 'W/"1"']


def test_who_was_overtaken_is_told_by_whom_and_how_to_go_on(run, hub):
    run("new", "Badge")
    run("edit", ID)
    hub.rows[ID] = a_row("1.1.0", "draft", 2, summary="Theirs.")

    done = run("edit", ID)

    assert done.exit_code == 3
    assert "state-reviewer saved Badge-1.1.0 as version 2 on 2026-01-05" in done.output
    assert "hub schema edit Badge-1.1.0 --folder Badge-1.1.0-theirs" in done.output
    assert "no author can approve it" in done.output
    theirs = run("edit", ID, "--folder", "theirs")
    assert (theirs.exit_code, hub.rows[ID]["summary"]) == (0, "Theirs.")
    assert (run.folder.parent / "theirs" / "summary.md").read_text() == "Theirs.\n"
    assert run("edit", ID, "--over", "2").exit_code == 0
    assert "summary" not in hub.rows[ID]


def test_what_is_published_is_not_saved_over(run, hub):
    run("new", "Badge")
    hub.rows[ID] = a_row("1.1.0", "published", 4)

    done = run("edit", ID)

    assert (done.exit_code, "is published and cannot be changed" in done.output) == (3, True)


def test_a_check_tells_every_finding_and_ends_with_1(run, hub):
    run("new", "Badge")
    hub.report = a_report(a_finding(), a_finding(code="x", level="warning", text="[red]No."))

    done = run("check", ID)

    assert done.exit_code == 1
    text = shown(done)
    for part in (
        "Badge 1.1.0, made from 1.0.0",
        "ERROR G5 required-added: The element color became required. at #/required",
        "shown by witness",
        "stored 1,312 documents",
        'breaks {"resourceType": "Badge"}',
        "do Make it optional.",
        "WARNING G5 x: [red]No.",
        "Gate G5 shut.",
    ):
        assert part in text
    assert "\x1b" not in done.output
    assert [each.method for each in hub.asked if ID in each.url.path] == []
    (sent,) = hub.bodies("/schemas/Badge/$check")
    assert sent["schema"]["$id"].endswith("/Badge/1.1.0")
    assert (sent["base"], len(sent["examples"])) == ("1.0.0", 3)


def test_a_schema_that_is_no_json_is_told_with_the_place(run):
    run("new", "Badge")
    (run.folder / "schema.json").write_text('{"a": 1,\n "b"}')

    done = run("check", ID)

    assert (done.exit_code, "line 2 column 5" in done.output) == (1, True), done.output


def test_a_step_still_to_come_is_no_fault_of_a_draft(run):
    run("new", "Badge")

    done = run("check", ID)

    assert (done.exit_code, "All gates are open." in done.output) == (0, False)
    assert "No gate is shut; not yet open: G7." in done.output
    assert f"do hub schema check --stored {ID}" in shown(done)


def test_the_gate_that_a_dry_run_does_not_ask_stands_in_its_place(run, hub):
    run("new", "Badge")
    names = ("G9", "G6")
    hub.report["gates"] = [
        {"code": name, "title": name, "isOpen": True, "findings": []} for name in names
    ]

    text = shown(run("check", ID))

    assert "G6 G6 open G7 Stored documents not yet G9 G9 open" in text
    assert "NOT YET G7 not-scanned: The stored documents were not looked at." in text


def test_all_gates_are_open_when_none_is_still_to_come(run, hub):
    run("new", "Badge")
    for each in hub.report["gates"]:
        each |= {"isOpen": True, "findings": []}

    assert "All gates are open." in run("check", ID).output


def test_a_check_as_json_is_the_report(run, hub):
    run("new", "Badge")
    hub.report = a_report(a_finding())

    done = run("check", ID, "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout) == hub.report


def test_the_stored_documents_are_counted_to_the_end(run, hub):
    run("new", "Badge")
    hub.report = a_report(
        facts={"byAgency": {"mdes": 1312}, "byPath": [{"path": "/color", "count": 7}]}
    )

    done = run("check", ID, "--stored")

    assert done.exit_code == 0, done.output
    assert [told(each) for each in hub.bodies("/$scan")] == [{"version": 1}] * 3
    assert "mdes 1,312" in shown(done)
    assert "path count" in shown(done)


def test_ctrl_c_stops_a_scan_that_goes_on_later(run, hub, monkeypatch):
    run("new", "Badge")
    answer, calls = hub.__call__, []

    def stopping(request):
        calls.append(request)
        if request.url.path.endswith("$scan") and hub.steps == 1:
            raise KeyboardInterrupt
        return answer(request)

    monkeypatch.setattr(Hub, "__call__", lambda _self, request: stopping(request))
    done = run("check", ID, "--stored")

    assert done.exit_code == 130
    assert "Stopped after 20 of 30; the same command goes on from there." in done.output


def test_a_draft_goes_from_the_author_over_another_to_everybody(run, hub):
    run("new", "Badge")
    summed(run)

    steps = [
        run("submit", ID),
        run(
            "approve", ID, "--reason", "Agreed.", "--waive", "a 1.0.0 #/b", "--as", "state-reviewer"
        ),
        run("publish", "Badge", "1.1.0"),
        run(
            "deprecate", ID, "--sunset", "2027-01-31", "--reason", "Old.", "--alternative", "2.0.0"
        ),
        run("retire", ID),
    ]

    assert [each.exit_code for each in steps] == [0] * 5, [each.output for each in steps]
    assert [told(hub.bodies(f"/${name}")[0]) for name in ("submit", "approve", "deprecate")] == [
        {"version": 1},
        {"version": 1, "reason": "Agreed.", "waive": "a 1.0.0 #/b"},
        {"version": 1, "sunset": "2027-01-31", "reason": "Old.", "alternative": "2.0.0"},
    ]
    assert "Badge 1.1.0 is published and current" in steps[2].output
    assert "30 stored documents were looked at" in steps[2].output


def test_a_rejection_has_a_reason(run, hub):
    hub.rows[ID] = a_row("1.1.0", "in-review", 7)

    assert run("reject", ID).exit_code == 2
    assert run("reject", ID, "--reason", "No.", "--seen", "6").exit_code == 0
    assert told(hub.bodies("/$reject")[0]) == {"version": 6, "reason": "No."}


def refusal(status, *texts):
    return httpx.Response(status, json=an_outcome(*texts))


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        pytest.param(422, 1, "Two gates are shut.", id="shut gates"),
        pytest.param(409, 3, "It is in review.", id="wrong standing"),
        pytest.param(412, 3, "Someone was faster.", id="overtaken"),
        pytest.param(403, 3, "you asked as state-staff", id="no staff"),
        pytest.param(401, 2, "does not take the token of state-staff", id="no token"),
    ],
)
def test_a_refusal_is_told_by_the_exit_code(run, hub, status, code, sentence):
    hub.rows[ID] = a_row("1.1.0", "draft")
    said = refusal(status, "Two gates are shut.", "It is in review.", "Someone was faster.")
    hub.refusals[f"POST /SchemaVersion/{ID}/$submit"] = said

    done = run("submit", ID)

    assert (done.exit_code, sentence in done.output) == (code, True), done.output


def test_a_refusal_as_json_is_the_outcome(run, hub):
    hub.rows[ID] = a_row("1.1.0", "draft")
    hub.refusals[f"POST /SchemaVersion/{ID}/$submit"] = refusal(422, "Shut.")

    done = run("submit", ID, "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout) == an_outcome("Shut.")


def test_a_refused_move_tells_places_in_the_schema_but_no_fields_of_the_draft(run, hub):
    hub.rows[ID] = a_row("1.1.0", "draft")
    told = an_outcome("Two gates are shut.", "It became required.")
    told["issue"][0]["expression"] = ["text"]
    told["issue"][1]["expression"] = ["#/required"]
    hub.refusals[f"POST /SchemaVersion/{ID}/$submit"] = httpx.Response(422, json=told)

    text = run("submit", ID).output

    assert "(text)" not in text
    assert "It became required. (#/required)" in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["submit", "Badge-7.0.0"], "has no version Badge-7.0.0", id="no version"),
        pytest.param(["new", "../badge"], "is no name of a type", id="no type"),
        pytest.param(["check", "Badge"], "Name one version", id="no number"),
        pytest.param(["check", "Badge", "one"], "is no version number", id="ill-formed number"),
        pytest.param(["list", "--as", "nobody"], "is not a demo client", id="no client"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(run, words, sentence):
    done = run(*words)

    assert (done.exit_code, sentence in done.output) == (2, True), done.output


def test_without_a_hub_it_says_how_to_start_one(tmp_path):
    done = CliRunner().invoke(schema, ["list", "--data", str(tmp_path)])

    assert (done.exit_code, "start one with hub serve" in done.output) == (2, True)


def test_the_list_and_the_tree_show_where_versions_stand(run, hub):
    by = {"by": "state-reviewer", "at": "2026-01-06T08:00:00Z", "reason": "Agreed."}
    hub.rows[ID] = a_row(
        "1.1.0", "in-review", authors=["state-staff"], approval=by, summary="Color."
    )
    hub.uses = [
        {
            "name": "use",
            "part": [
                {"name": "client", "valueString": "mdrs-vr"},
                {"name": "type", "valueString": "Badge"},
                {"name": "version", "valueString": "1.0.0"},
                {"name": "count", "valueInteger": 1},
                {"name": "last", "valueInstant": "2026-01-05T08:00:00Z"},
            ],
        }
    ]

    listed, tree = run("list"), run("status", "Badge")

    assert "Badge-1.1.0 in-review Color." in shown(listed)
    assert "written by state-staff" in tree.output
    assert "used by mdrs-vr, once, last 2026-01-05" in tree.output
    assert "approved by state-reviewer on 2026-01-06: Agreed." in tree.output
    assert [each["id"] for each in json.loads(run("list", "--json").output)] == ["Badge-1.0.0", ID]


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("unknown", 1)])
def test_a_difference_is_told_in_both_directions(run, hub, answer, code):
    body = {
        "write": {"answer": "yes", "evidence": "proof"},
        "read": {"answer": answer, "evidence": ""},
        "changes": [a_finding(text="The element color is new.", level="note")],
    }
    hub.refusals["GET /schemas/Badge/compare"] = httpx.Response(200, json=body)

    done = run("diff", "Badge", "1.0.0", "1.1.0")

    assert done.exit_code == code
    assert "The element color is new." in done.output
    assert dict(hub.asked[-1].url.params) == {"from": "1.0.0", "to": "1.1.0"}
