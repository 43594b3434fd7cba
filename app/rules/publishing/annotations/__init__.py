"""G6: what changed in search, references, life cycles and protection."""
