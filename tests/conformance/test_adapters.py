"""How steps reach a product: by command, by HTTP, by hand."""

import re
import sys
from threading import Thread

import httpx
import pytest

from conformance.adapters import AdapterProblem, Answer, Hello, Sandbox
from conformance.adapters.command import CommandAdapter
from conformance.adapters.manual import ManualAdapter
from conformance.adapters.posting import PostingAdapter
from run_stand_in import STEPS, a_command

STEP = STEPS[0]
SANDBOX = Sandbox("https://hub.example/cf/x", "product", "s3cret")
HELLO = {"protocol": 1, "product": {"name": "CaseTrack", "version": "7.3"}}
PENDING = 'print(json.dumps({"id": said["id"], "status": "pending"}))'


@pytest.fixture
def command(tmp_path):
    opened = []

    def start(step="pass"):
        adapter = CommandAdapter(a_command(tmp_path, step), tmp_path)
        opened.append(adapter)
        return adapter

    yield start
    for each in opened:
        each.close()


def posting(answer):
    return PostingAdapter("http://127.0.0.1:9/", httpx.MockTransport(answer), lambda _: None)


def test_a_command_greets_and_does_a_step(command):
    adapter = command()

    assert adapter.hello().product == {"name": "CaseTrack", "version": "7.3"}
    assert adapter.step(STEP) == Answer("done")


def test_a_pending_step_is_waited_for(command):
    adapter = command(PENDING)
    adapter.hello()

    assert adapter.step(STEP).status == "done"


def test_lines_that_are_no_answer_are_passed_over(command):
    adapter = command('print("loading"); print(json.dumps({"id": 99, "status": "error"}))')
    adapter.hello()

    assert adapter.step(STEP).status == "done"


def test_a_command_finds_its_credential_in_a_variable(command):
    adapter = command('import os; answer["detail"] = os.environ["WCF_CREDENTIAL"]')
    adapter.hello()
    adapter.configure(SANDBOX)

    assert adapter.step(STEP).detail == "product:s3cret"


def test_a_command_that_dies_in_a_step_is_started_once_more(command):
    adapter = command('if said["id"] == 1: sys.stderr.write("no disk\\n"); sys.exit(7)')
    adapter.hello()

    first, second, again = (adapter.step(each) for each in (STEP, STEPS[1], STEP))

    assert first == Answer("error", "the adapter ended with code 7")
    assert second.status == "done"
    assert again.detail == "the adapter ended with code 7"
    assert adapter.step(STEPS[1]) == Answer("error", "The adapter has ended.")
    assert "no disk" in adapter.notes


def test_a_command_that_hangs_is_late_and_started_anew(command):
    adapter = command('if said["id"] == 1: import time; time.sleep(60)')
    adapter.hello()

    assert adapter.step({**STEP, "deadline_ms": 100}).detail == "no answer within 0 s"
    assert adapter.step(STEPS[1]).status == "done"


def test_a_command_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(AdapterProblem, match="nowhere cannot be started"):
        CommandAdapter(["/nowhere"], tmp_path).hello()


def test_a_command_that_ends_before_it_greets_is_said_so(tmp_path):
    with pytest.raises(AdapterProblem, match="does not answer hello"):
        CommandAdapter(["true"], tmp_path).hello()


@pytest.mark.parametrize(
    ("written", "telling"),
    [
        pytest.param(
            "loader:1\n  throw err;\n\nError: Cannot find module 'a.mjs'\n  at x\n\nNode.js v20\n",
            "Error: Cannot find module 'a.mjs'",
            id="the line that names the error",
        ),
        pytest.param(
            "Traceback:\n  raise SomeError\nModuleNotFoundError: No module named 'conformance'\n",
            "ModuleNotFoundError: No module named 'conformance'",
            id="not the line of code that raises it",
        ),
        pytest.param(
            "0\n1\n2\n\n3\n4\nlast words\n", "1 / 2 / 3 / 4 / last words", id="else the last five"
        ),
        pytest.param("", "It wrote no error.", id="nothing"),
    ],
)
def test_what_a_command_wrote_before_it_ended_is_told_where_it_helps(tmp_path, written, telling):
    script = f"import sys; sys.stdout.close(); sys.stderr.write({written!r})"

    with pytest.raises(AdapterProblem) as problem:
        CommandAdapter([sys.executable, "-c", script], tmp_path).hello()

    assert str(problem.value) == f"The adapter does not answer hello. {telling}"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        pytest.param(None, "protocol", id="nothing"),
        pytest.param({**HELLO, "protocol": 2}, "protocol", id="another protocol"),
        pytest.param({**HELLO, "product": {"name": "X"}}, "product", id="no version"),
        pytest.param({**HELLO, "steps": "all"}, "steps", id="steps are no list"),
        pytest.param({**HELLO, "profile": "all"}, "profile", id="unknown profile"),
    ],
)
def test_a_greeting_that_breaks_the_protocol_is_refused(told, why):
    with pytest.raises(AdapterProblem, match=why):
        Hello.of(told)


@pytest.mark.parametrize("told", [None, [], {}, {"status": "skip"}, {"status": ["done"]}])
def test_an_answer_that_breaks_the_protocol_is_an_error(told):
    assert Answer.of(told).status == "error"


def test_the_same_words_go_by_http():
    said = []

    def answer(request):
        said.append(request.read().decode())
        return httpx.Response(200, json={**HELLO, "id": 1, "status": "done"})

    adapter = posting(answer)

    assert adapter.hello().product["name"] == "CaseTrack"
    adapter.configure(SANDBOX)
    assert adapter.step(STEP) == Answer("done")
    assert '"credential_ref":"inline"' in said[1]
    assert '"step":"participant.register"' in said[2]


def test_by_http_a_pending_step_is_asked_after_and_never_done_twice():
    answers = [{"status": "pending"}, {"status": "pending"}, {"status": "done"}]
    said = []

    def answer(request):
        said.append(request.read().decode())
        return httpx.Response(200, json=answers[len(said) - 1])

    assert posting(answer).step(STEP).status == "done"
    assert sum('"cmd":"step"' in each for each in said) == 1


def test_an_http_adapter_that_is_not_there_is_said_so():
    def answer(request):
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(AdapterProblem, match="does not answer hello"):
        posting(answer).hello()
    assert posting(answer).step(STEP).status == "error"


@pytest.fixture
def page():
    adapter = ManualAdapter(HELLO["product"], "both")
    with httpx.Client(base_url=adapter.url, trust_env=False) as browser:
        yield adapter, browser
    adapter.close()


def at_work(adapter):
    answers = []
    worker = Thread(target=lambda: answers.append(adapter.step(STEP)))
    worker.start()
    while adapter.turn.step is None:
        pass
    return worker, answers


def test_by_hand_a_person_reads_the_step_and_says_that_it_is_done(page):
    adapter, browser = page
    worker, answers = at_work(adapter)
    shown = browser.get("/").text
    ticket = re.search(r'name="ticket" value="([^"]+)"', shown)[1]

    reply = browser.post("/", data={"ticket": ticket, "number": "1", "status": "done"})
    worker.join()

    assert "Do participant.register" in shown
    assert "Elvis" in shown
    assert reply.status_code == 303
    assert answers == [Answer("done")]
    assert "Please wait" in browser.get("/").text


def test_a_form_of_another_page_presses_nothing(page):
    adapter, browser = page
    worker, answers = at_work(adapter)

    forged = browser.post("/", data={"ticket": "guess", "number": "1", "status": "done"})
    named = browser.get("/", headers={"Host": "evil.example"})

    assert (forged.status_code, named.status_code, answers) == (403, 403, [])
    adapter.turn.answers.put(Answer("done"))
    worker.join()


def test_by_hand_the_product_is_named_in_the_configuration():
    adapter = ManualAdapter({}, "both")

    with pytest.raises(AdapterProblem, match="names no product"):
        adapter.hello()
    adapter.close()
