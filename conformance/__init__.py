"""The conformance suite: a partner's system proves what it can by being seen doing it."""
