"""What somebody at a terminal is asked before a run in earnest, and what moves meanwhile."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from run_stand_in import HubOfRuns, a_command, settings

ASKING = "Press Enter when it is set"
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"
"""The cursor is hidden while a line moves (DECTCEM)."""


@pytest.fixture
def hub(tmp_path):
    found = HubOfRuns()
    with found.served() as base:
        (tmp_path / "secret").write_text("right")
        (tmp_path / "wcf.yaml").write_text(yaml.safe_dump(settings(base, a_command(tmp_path))))
        yield found


def at_terminal(folder, *words):
    """Run the command on a terminal, press Enter when asked; return its end and two texts.

    The first is what stood there when it asked, the second what came after.
    """
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from conformance.cli import main; main()", *words]
    where = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(Path.cwd())}
    child = subprocess.Popen(
        command, cwd=folder, env=where, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    text, before = "", None
    with suppress(OSError):  # the other end is gone
        while some := os.read(ours, 4096):
            text += some.decode("utf-8", "replace")
            if before is None and ASKING in text:
                before, text = text, ""
                os.write(ours, b"\n")
    os.close(ours)
    return child.wait(), before, text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param((), "http://127.0.0.1:9/cf/x", id="by hand"),
        pytest.param(("--settings", "s.json"), "s.json", id="from a file"),
    ],
)
def test_an_operator_is_waited_for_while_nothing_moves(tmp_path, hub, more, told):
    code, before, after = at_terminal(tmp_path, "run", "L1", "--certify", *more)

    assert told in before
    assert before.count(HIDDEN) == before.count(SHOWN)
    assert code == 0, after
    assert "L1 reached" in after
    assert len(hub.told) == 2
