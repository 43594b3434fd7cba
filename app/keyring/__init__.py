"""The hub's own keys: what signs its tokens, wraps its data keys, seals its audit."""
