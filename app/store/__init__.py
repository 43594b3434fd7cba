"""Floor 4: the only folder that talks to MongoDB."""
