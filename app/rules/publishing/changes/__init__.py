"""G5: the complete list of what changed in validation between two versions."""
