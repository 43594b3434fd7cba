"""The README's first five minutes, line for line, against a running hub."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def five_minutes():
    """Return the chapter's commands and the output that it promises."""
    readme = (ROOT / "README.md").read_text("utf-8")
    chapter = readme.split("## For agency developers")[1].split("\n## ")[0]
    found = re.findall(r"```(bash|text)\n(.*?)```", chapter, re.DOTALL)
    commands = "".join(text for kind, text in found if kind == "bash")
    promised = "".join(text for kind, text in found if kind == "text")
    return commands, promised


def test_the_first_five_minutes_do_what_the_readme_says(live, tmp_path):
    commands, promised = five_minutes()
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")

    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", commands.replace("http://127.0.0.1:8080", live.origin)],
        cwd=tmp_path,
        env={**os.environ, "HUB_DATA": str(live.folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    lines = promised.replace("http://127.0.0.1:8080", live.origin).splitlines()
    said = [line.strip() for line in done.stdout.splitlines()]
    assert len(said) == len(lines), done.stdout
    for line, pattern in zip(said, lines, strict=True):
        assert re.fullmatch(re.escape(pattern).replace("…", ".+"), line), (line, pattern)
