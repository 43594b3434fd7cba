"""Floor 1: the words of the hub, pure; it imports nothing of ours."""
