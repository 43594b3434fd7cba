"""Reports of a run, all made from the hub's own: for eyes, for continuous integration, for mail."""

ORDER = ("SUITE-ERROR", "CONFIG", "FAIL", "NOT-EXERCISED", "WARN", "N/A", "PASS")
"""The verdicts, what needs work first."""
