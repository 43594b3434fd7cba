"""Many callers of a running hub who start at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def at_once(hub, count, work):
    """Run `work(call)` in `count` threads that start together; return what they return."""
    barrier, token = Barrier(count), hub.token()

    def one(call):
        barrier.wait()
        return work(call)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, [hub.caller(token) for _ in range(count)]))
