"""A real `hub serve` in processes of its own, and plain HTTP to it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

CHECKOUT = Path(__file__).parents[2]
HUB = (sys.executable, "-m", "app.cli")
CLIENT = "tester"
PATIENCE_SECONDS = 60


class Reply(NamedTuple):
    """What came back; `json` is None when the body is empty."""

    status: int
    headers: dict
    json: dict | None


class Caller:
    """One connection that is kept alive, with a bearer token; use one in each thread."""

    def __init__(self, url, token=None, timeout=30):
        self.address = urlsplit(url)
        self.token = token
        self.timeout = timeout
        self.connection = None

    def __call__(self, method, path, body=None, headers=None):
        """Send one request below the base; an error of the connection is raised, never retried."""
        headers = {"Content-Type": "application/fhir+json", **(headers or {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        text = body if isinstance(body, str | None) else json.dumps(body)
        try:
            connection = self.connected()
            connection.request(method, self.address.path + path, text, headers)
            answer = connection.getresponse()
            read = answer.read()
        except (OSError, HTTPException):
            self.close()
            raise
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, names, json.loads(read) if read else None)

    def connected(self):
        if self.connection is None:
            host, port = self.address.hostname, self.address.port
            self.connection = HTTPConnection(host, port, timeout=self.timeout)
        return self.connection

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Live:
    """One hub on one data folder; after the first start it keeps its port."""

    def __init__(self, folder, *, workers=2, seed="none"):
        self.folder = folder
        self.errors = folder.with_suffix(".err")
        self.workers = workers
        self.seed = seed
        self.process = None
        self.url = None
        self.secret = None
        self.callers = []

    def start(self):
        port = urlsplit(self.url).port if self.url else 0
        command = [*HUB, "serve", "--port", str(port), "--workers", str(self.workers)]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [*command, "--data", self.folder],
                cwd=CHECKOUT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        word, _, self.url = self.process.stdout.readline().strip().partition(" ")
        if word != "ready":
            self.process.stdout.close()
            self.process.wait(PATIENCE_SECONDS)
        assert word == "ready", self.log()

    def kill(self):
        """End everything at once with SIGKILL and return once no process is left."""
        family = self.family()
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with self.process.stdout:
            self.process.wait(PATIENCE_SECONDS)
        assert eventually(lambda: not any(is_alive(pid) for pid in family)), self.log()

    def caller(self, token=None):
        """Return a caller with every right, which is closed when the hub stops."""
        self.callers.append(Caller(self.url, token or self.token()))
        return self.callers[-1]

    def token(self):
        """Return a bearer token that allows everything."""
        if self.secret is None:
            scopes = "system/*.cruds hub/staff hub/ssn hub/disability hub/wages hub/audit"
            self.secret = self.run("client", "add", CLIENT, "--scope", scopes).strip()
        form = {"grant_type": "client_credentials", "client_id": CLIENT}
        text = urlencode({**form, "client_secret": self.secret})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(Caller(self.url)) as call:
            return call("POST", "/oauth/token", text, kind).json["access_token"]

    def run(self, *words):
        """Run another `hub` command on the folder and return what it prints."""
        done = subprocess.run(
            [*HUB, *words, "--data", self.folder],
            cwd=CHECKOUT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        many = {"HUB_TOKEN_REQUESTS": "100000", "HUB_TOKEN_REQUESTS_PER_ADDRESS": "100000"}
        return {**kept, "HUB_SEED": self.seed, "HUB_TOKEN_MINUTES": "60", **many}

    def family(self):
        """Return the ids of all its processes."""
        return {self.process.pid, *descendants(self.process.pid)}

    def database_pid(self):
        return next(pid for pid in children(self.process.pid) if "secantusd" in command(pid))

    def worker_pids(self):
        master = next(pid for pid in children(self.process.pid) if "gunicorn" in command(pid))
        return children(master)

    def is_ready(self):
        """Whether it serves; False also while nothing listens."""
        origin = self.url.removesuffix("/v1")
        with suppress(OSError, HTTPException), closing(Caller(origin)) as call:
            return call("GET", "/health/ready").status == 200
        return False

    def log(self):
        return self.errors.read_text("utf-8", errors="replace")[-4000:]


@contextmanager
def serving(folder, **how):
    """Yield a hub that runs; kill it at the end, since nobody needs its data any more."""
    hub = Live(folder, **how)
    try:
        hub.start()
        yield hub
    finally:
        for each in hub.callers:
            each.close()
        if hub.process and hub.process.poll() is None:
            hub.kill()


def descendants(pid):
    return {each for child in children(pid) for each in (child, *descendants(child))}


def children(pid):
    """Return the ids of the processes that `pid` started, oldest first; needs Linux."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(fields(stat.read_text())[1]) == pid:
                found.append(int(stat.parent.name))
    return sorted(found)


def command(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    return ""


def is_alive(pid):
    with suppress(OSError):
        return fields(Path(f"/proc/{pid}/stat").read_text())[0] != "Z"
    return False


def fields(stat):
    """Return what /proc/<pid>/stat says after the name, which may hold spaces: state, parent …"""
    return re.sub(r"\A.*\)", "", stat, flags=re.DOTALL).split()


def eventually(is_so, seconds=PATIENCE_SECONDS):
    """Whether `is_so()` turns true before patience ends."""
    deadline = time.monotonic() + seconds
    while not (done := is_so()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return done
