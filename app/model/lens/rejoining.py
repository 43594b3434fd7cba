"""Puts back what the sender of an older version could not see of the former resource."""

from collections.abc import Sequence
from typing import Any

from app.model.lens.gap import Gap
from app.model.lens.pairing import pairs
from app.model.lens.showing import entries, is_hidden, same, shown

NEW = -1
"""The former index of an entry that is new."""


def rejoined(gap: Gap, sent: Any, former: Any) -> Any:
    """Return what is to be kept when `sent` comes from someone who saw the former value."""
    if isinstance(sent, dict) and isinstance(former, dict):
        return _object(gap, sent, former)
    if isinstance(sent, list) and isinstance(former, list) and gap.entries:
        return _list(gap, gap.entries, sent, former)
    if isinstance(sent, str) and isinstance(former, str) and shown(gap, former) == sent:
        return former
    return sent


def _object(gap: Gap, sent: dict[str, Any], former: dict[str, Any]) -> dict[str, Any]:
    whole = {}
    for name, each in sent.items():
        inner = gap.below(name) if name in former and gap.knows(name) else None
        whole[name] = rejoined(inner, each, former[name]) if inner else each
    unseen = (name for name in former if name not in sent and is_hidden(gap, name, former[name]))
    return whole | {name: former[name] for name in unseen}


def _list(gap: Gap, inner: Gap, sent: Sequence[Any], former: Sequence[Any]) -> list[Any]:
    """Return the entries sent, each with what is its own, and the ones that were never shown.

    An entry that was not shown goes back to its former index; of entries that were shown as one,
    the others go back behind it if that one came back as it was seen, and are gone otherwise.
    """
    seen = entries(gap, former)
    kept = pairs([each.value for each in seen], sent)
    whole = [
        (seen[kept[at]].at, rejoined(inner, each, former[seen[kept[at]].at]))
        if at in kept
        else (NEW, each)
        for at, each in enumerate(sent)
    ]
    as_seen = {seen[of].at for at, of in kept.items() if same(seen[of].value) == same(sent[at])}
    leaders = {at: each.at for each in seen for at in each.alike}
    shown_once = {each.at for each in seen}
    for at, each in enumerate(former):
        leader = leaders.get(at)
        if leader in as_seen:
            behind = next(place for place, (of, _) in enumerate(whole, 1) if of == leader)
            whole.insert(max(at, behind), (at, each))
        elif leader is None and at not in shown_once:
            whole.insert(at, (at, each))
    return [each for _, each in whole]
