"""Sandboxes for conformance runs: a whole hub for each, seen and disturbed at its door."""
