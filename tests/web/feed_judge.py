"""Follows a change feed to its end and judges what readers saw of what is stored."""

import json
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event

from app.model.bundle import SEQUENCE
from app.store.connection import connect


@dataclass
class Seen:
    """What one reader was given: (number, name of the version), in order."""

    rows: list = field(default_factory=list)
    errors: int = 0
    skipped: int = 0
    """How many rows came before the cursor it began at."""


def follow(call, path, seen, is_over):
    """Follow the next links from `path`; end at the first empty page once it is over."""
    while True:
        # Asked before the page: what is empty after the end stays so.
        is_last = is_over.is_set()
        bundle = page(call, path, seen)
        rows = list(entries(bundle))
        seen.rows += rows
        if not rows and is_last:
            return
        path = following(bundle)


def join(call, after, seen, is_over):
    """Begin after some seconds at a cursor within what there is by then, and follow on."""
    is_over.wait(after)
    first = page(call, f"/$changes?_count={1 + int(after * 10)}", seen)
    seen.skipped = len(list(entries(first)))
    follow(call, following(first), seen, is_over)


def page(call, path, seen):
    """Return a page, asked for again as long as the hub is away."""
    while True:
        try:
            reply = call("GET", path)
        except (OSError, HTTPException):
            reply = None
        if reply is not None and reply.status == 200:
            return reply.json
        assert reply is None or reply.status == 503, reply
        seen.errors += 1
        time.sleep(0.1)


def entries(bundle):
    """Yield (number, name of the version) of a page."""
    for entry in bundle.get("entry", ()):
        number = next(e["valueInteger"] for e in entry["extension"] if e["url"] == SEQUENCE)
        key = "/".join(entry["fullUrl"].split("/")[-2:])
        yield number, f"{key}/{entry['response']['etag'][3:-1]}"


def following(bundle):
    """Return the address of the next page below the base."""
    url = next(link["url"] for link in bundle["link"] if link["relation"] == "next")
    return url.partition("/v1")[2]


@contextmanager
def database(hub):
    """Yield the database itself, to compare with."""
    uri = json.loads((hub.folder / "hub.json").read_text())["mongodb_uri"]
    with connect(uri, pool=2) as client:
        yield client["hub"]


def drained(hub):
    """Whether every stored version is in the feed."""
    with suppress(Exception), database(hub) as found:
        return not list(found["versions"].find({"pending": {"$gt": ""}}, {"_id": 1}))
    return False


def judge(hub, seen):
    """Return every broken promise in words."""
    with database(hub) as found:
        stored = {each["_id"] for each in found["versions"].find({}, {"_id": 1})}
    faults = []
    for index, each in enumerate(seen):
        numbers, names = [n for n, _ in each.rows], [name for _, name in each.rows]
        if numbers != list(range(1, len(numbers) + 1)):
            faults.append(f"reader {index}: the numbers are not dense")
        if len(names) != len(set(names)):
            faults.append(f"reader {index}: something came twice")
        if set(names) != stored:
            lost, ghosts = len(stored - set(names)), len(set(names) - stored)
            faults.append(f"reader {index}: {lost} lost, {ghosts} never stored")
        last = {}
        for name in names:
            key, _, number = name.rpartition("/")
            if int(number) != last.get(key, 0) + 1:
                faults.append(f"reader {index}: {name} comes after {last.get(key)}")
            last[key] = int(number)
    if any(each.rows != seen[0].rows for each in seen):
        faults.append("readers differ")
    faults += from_anywhere(hub, seen[0].rows)
    return faults


def differing(late, rows):
    """Return in words which readers that joined under way saw anything else than the others."""
    return [
        f"a reader that joined after {each.skipped} rows saw something else"
        for each in late
        if each.rows != rows[each.skipped :]
    ]


def from_anywhere(hub, rows):
    """Yield where a reader that begins at some old cursor sees anything else."""
    call = hub.caller()
    for size in (1, 1 + len(rows) // 3, 1 + len(rows) // 2):
        rest, over = Seen(), Event()
        first = page(call, f"/$changes?_count={min(size, 1000)}", rest)
        start = len(list(entries(first)))
        over.set()
        follow(call, following(first), rest, over)
        if rest.rows != rows[start:]:
            yield f"a reader that begins after {start} rows sees something else"
