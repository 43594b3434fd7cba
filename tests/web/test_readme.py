"""The README's first five minutes, line for line, against a running hub."""

import os
import re
import subprocess
from pathlib import Path

from live import serving

ROOT = Path(__file__).parents[2]
PRINTED = "http://127.0.0.1:8080"
"""The origin that the README shows."""


def five_minutes():
    """Return the chapter's commands and the output that it promises."""
    readme = (ROOT / "README.md").read_text("utf-8")
    chapter = readme.split("## For agency developers")[1].split("\n## ")[0]
    found = re.findall(r"```(bash|text)\n(.*?)```", chapter, re.DOTALL)
    commands = "".join(text for kind, text in found if kind == "bash")
    promised = "".join(text for kind, text in found if kind == "text")
    return commands, promised


def test_the_first_five_minutes_do_what_the_readme_says(tmp_path):
    commands, promised = five_minutes()
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "hub").write_text(f'exec {ROOT}/scripts/hub "$@"')
    (tmp_path / "scripts" / "hub").chmod(0o755)
    with serving(tmp_path / "hub", seed="demo") as hub:
        origin = hub.url.removesuffix("/v1")

        done = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", commands.replace(PRINTED, origin)],
            cwd=tmp_path,
            env={**os.environ, "HUB_DATA": str(hub.folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    assert done.returncode == 0, done.stderr
    lines = promised.replace(PRINTED, origin).splitlines()
    said = [line.strip() for line in done.stdout.splitlines()]
    assert len(said) == len(lines), done.stdout
    for line, pattern in zip(said, lines, strict=True):
        assert re.fullmatch(re.escape(pattern).replace("…", ".+"), line), (line, pattern)
