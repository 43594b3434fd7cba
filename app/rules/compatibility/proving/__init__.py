"""Our own proof that one schema takes all that another takes, rule by rule."""
