"""Lets `python -m app.cli` be the `hub` command."""

from app.cli import main

main()
