"""Reports of a run, all made from the hub's own: for eyes, for continuous integration, for mail."""

ACTS = {
    1: "Walk-in, match, intake and the six questions",
    2: "Referral to adult basic education",
    3: "The other agency edits the record",
    4: "Enrollment and attendance",
    5: "Scores and credentials",
    6: "Second referral: truck-driving training",
    7: "Exit, and back months later",
    8: "New goals, the plan linked anew",
}
"""Act of the journey → what happens in it."""
ORDER = ("SUITE-ERROR", "CONFIG", "FAIL", "NOT-EXERCISED", "WARN", "N/A", "PASS")
"""The verdicts, what needs work first."""
