"""What several steps need: the code of a service, the key of an act.

What the hub answered once is kept, until it turns out to be old.
"""

from typing import Any
from uuid import uuid4

from conformance.client.errors import NeedsPerson, Refused
from conformance.client.product import CaseTrack

Body = dict[str, Any]
PARTNER = "Partner/mdes-mississippi-works"
"""The partner that the product writes for; its installation says which."""


def to(reference: str) -> Body:
    """Return a reference element."""
    return {"reference": reference}


def service(product: CaseTrack, name: str, program: str, *, fresh: bool = False) -> str:
    """Return the code of a service in a program, looked up in the hub unless it is known."""
    codes = product.memory.setdefault("services", {})
    at = f"{name} in {program}"
    if fresh or at not in codes:
        rows = product.hub.search(
            "Service", **{"name:exact": name, "status": "active", "programs": program}
        )
        if len(rows) != 1:
            raise NeedsPerson("No service, or more than one, has this name in the program.")
        codes[at] = f"Service/{rows[0]['id']}"
    return str(codes[at])


def act_key(product: CaseTrack, act: str) -> str:
    """Return the Idempotency-Key of a business act, the same whenever it is tried again."""
    keys = product.memory.setdefault("acts", {})
    return str(keys.setdefault(act, str(uuid4())))


def create_once(product: CaseTrack, act: str, kind: str, body: Body) -> str:
    """Create what a business act asks for, once, and return its reference; raise Refused.

    What is sent is kept before it is sent, and sent as it was when it is tried again, even by
    another process: under one key the hub does one thing.
    """
    outbox = product.memory.setdefault("outbox", {})
    sent = outbox.setdefault(act, {"key": str(uuid4()), "body": body})
    product.remember()
    try:
        return f"{kind}/{product.hub.create(kind, sent['body'], sent['key'])['id']}"
    except Refused:
        del outbox[act]  # the corrected one is sent under a key of its own
        raise
