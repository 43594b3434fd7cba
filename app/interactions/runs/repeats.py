"""Steps that are asked for again: what a product then does twice is not its own fault."""

from app.interactions.runs import Row
from app.interactions.runs.ghosts import Led, changed
from conformance.exchange import PARTNER


def asked_again(desk: Led, run: Row) -> Row:
    """Keep that a step is asked for again in which the product was seen at work; return the run.

    With it goes the number of the last exchange before: what comes later may be a repetition.
    """
    key, known = run["step"], run["world"].get("again", {})
    seen = desk.runs.exchanges(run["id"])
    if key in known or not any(each["step"] == key and each["who"] == PARTNER for each in seen):
        return run
    told = {**known, key: seen[-1]["number"]}
    return changed(desk, run["id"], lambda now: {"world": {**now["world"], "again": told}})
