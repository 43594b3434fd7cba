"""Child processes that end with their parent, whatever ends the parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal a process is sent when the thread that started it ends."""


class CannotStart(Exception):
    """Something the hub needs does not start; the text is for the person who started it."""


def spawn(
    command: Sequence[str],
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    log: IO[bytes] | None = None,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` with no input, its output in `log`; call it from the main thread only.

    The child has a process group of its own, so that Ctrl-C reaches only the parent, which then
    stops its children in order. `folder` is where it runs, `keep` are file descriptors it inherits.
    """
    return subprocess.Popen(  # nosec B603  # noqa: S603 - the command is ours, never a client's
        command,
        env=environ,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=keep,
        process_group=0,
        preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - the only way to set it; no threads here
    )


def stop(child: subprocess.Popen[bytes], grace: float) -> None:
    """Ask `child` to end and wait; kill it when it has not ended after `grace` seconds."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def die_with(parent: int) -> Callable[[], None] | None:
    """Return what a fresh child runs to be killed when `parent` ends; None where none can."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return bind
