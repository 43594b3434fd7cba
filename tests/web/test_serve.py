"""What `hub serve` promises of its processes, seen from outside."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import seed

CHECKOUT = Path(__file__).parents[2]
HUB = (sys.executable, "-m", "app.cli")
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class Served:
    """A `hub serve` on one data folder, started when it is not running."""

    def __init__(self, folder):
        self.folder = folder
        self.errors = folder.with_suffix(".err")
        self.process = None

    def start(self):
        if self.process and self.process.poll() is None:
            return
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [*HUB, "serve", "--port", "0", "--workers", "1", "--data", self.folder],
                cwd=CHECKOUT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        word, _, self.url = self.process.stdout.readline().strip().partition(" ")
        assert word == "ready", self.errors.read_text()

    def end(self, how):
        self.process.send_signal(how)
        with self.process.stdout:
            return self.process.wait(PATIENCE_SECONDS)

    def family(self):
        return descendants(self.process.pid)

    def child(self, word):
        return next(pid for pid in self.family() if word in command(pid))

    def status(self, path, headers=None):
        address = urlsplit(self.url)
        with closing(HTTPConnection(address.hostname, address.port, timeout=20)) as connection:
            connection.request("GET", path, headers=headers or {})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())

    def token(self):
        return {"Authorization": f"Bearer {self.run('token', 'state-staff').stdout.strip()}"}

    def run(self, *words, folder=None):
        return subprocess.run(
            [*HUB, *words, "--data", folder or self.folder],
            cwd=CHECKOUT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    hub = Served(tmp_path_factory.mktemp("serve") / "hub")
    yield hub
    if hub.process and hub.process.poll() is None:
        hub.end(signal.SIGKILL)


@pytest.fixture
def hub(served):
    served.start()
    return served


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}


def descendants(pid):
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if parent(folder) == pid:
                found |= {int(folder.name)} | descendants(int(folder.name))
    return found


def parent(folder):
    return int((folder / "stat").read_text().rpartition(")")[2].split()[1])


def command(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode()


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException, StopIteration):
            if is_so():
                return True
        time.sleep(0.05)
    return False


def test_the_hub_is_ready_once_it_says_so(hub):
    status, body = hub.status("/health/ready")

    assert (status, body["status"]) == (200, "ready")


def test_the_data_folder_is_closed_to_others(hub):
    private = [hub.folder, hub.folder / "hub.json", hub.folder / "keys.json"]

    assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in private] == [0, 0, 0]


def test_a_second_serve_on_the_same_folder_is_refused_with_a_sentence(hub):
    second = hub.run("serve", "--port", "0")

    assert second.returncode == 1
    assert second.stderr == f"Error: Another hub runs on the data folder {hub.folder}.\n"
    assert hub.status("/health/ready")[0] == 200


def test_a_taken_port_stops_the_start_with_a_sentence(hub, tmp_path):
    port = str(urlsplit(hub.url).port)
    second = hub.run("serve", "--port", port, folder=tmp_path)

    assert second.returncode == 1
    assert "cannot listen" in second.stderr


def test_a_killed_database_comes_back_on_its_port(hub):
    former = hub.child("secantusd")
    uri = json.loads((hub.folder / "hub.json").read_text())["mongodb_uri"]
    token = hub.token()

    os.kill(former, signal.SIGKILL)

    assert eventually(lambda: hub.child("secantusd") != former)
    assert eventually(lambda: hub.status("/v1/Program?_count=1", token)[0] == 200)
    assert f"\0{urlsplit(uri).port}\0" in command(hub.child("secantusd"))


def test_a_killed_web_server_comes_back_on_its_port(hub):
    former = {pid for pid in hub.family() if "gunicorn" in command(pid)}

    os.kill(min(former), signal.SIGKILL)

    assert eventually(lambda: not any(is_alive(pid) for pid in former))
    assert eventually(lambda: hub.status("/health/ready")[0] == 200)


def test_what_was_seeded_survives_the_kill_of_everything(hub):
    family = hub.family()
    hub.end(signal.SIGKILL)
    assert eventually(lambda: not any(is_alive(pid) for pid in family))

    hub.start()

    wanted = {key.id for key in seed.rows("lookups") if key.type == "Program"}
    status, bundle = hub.status("/v1/Program?_count=200", hub.token())
    assert status == 200
    assert wanted
    assert {entry["resource"]["id"] for entry in bundle["entry"]} == wanted


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_no_process_behind(hub, how):
    family = hub.family()

    status = hub.end(how)

    assert status == 0
    assert len(family) >= 3
    assert not any(is_alive(pid) for pid in family)
    assert not (hub.folder / "hub.json").exists()
