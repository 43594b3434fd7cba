"""The success plan: built, followed, and its pathway."""
