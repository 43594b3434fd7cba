"""Plays agencies' systems against a running hub, over HTTP alone: one person's story, a year."""
