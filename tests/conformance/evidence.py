"""Evidence written by hand: what the hub would have seen, as short as a story.

`seen(get("ParticipantProfile/1"), put("ParticipantProfile/1", a_profile(), if_match='W/"1"'))`
numbers the exchanges from 1, a second apart. All are the partner's, of step `A1-register`, unless
they say otherwise; `during("A3-update", …)` says it for many at once.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from conformance.exchange import PARTNER, Evidence, Exchange
from conformance.scenario.people import of
from conformance.stage import World

STEP = "A1-register"
START = 1_700_000_000.0
CREATED, OK = 201, 200


def seen(*exchanges: Exchange | Iterable[Exchange]) -> Evidence:
    """Return evidence of exchanges in their order, numbered; lists among them are laid flat."""
    flat = [one for each in exchanges for one in ([each] if isinstance(each, Exchange) else each)]
    return Evidence(
        [
            replace(each, number=number, at=each.at or START + number)
            for number, each in enumerate(flat, start=1)
        ]
    )


def during(step: str, *exchanges: Exchange) -> list[Exchange]:
    """Return exchanges as those of a step."""
    return [replace(each, step=step) for each in exchanges]


def by(ghost: str, *exchanges: Exchange) -> list[Exchange]:
    """Return exchanges as those of a ghost."""
    return [replace(each, who=ghost) for each in exchanges]


def met(fault: str, exchange: Exchange) -> Exchange:
    """Return an exchange that the hub did something to."""
    return replace(exchange, fault=fault)


def sent(
    method: str, path: str, body: Any = None, status: int = OK, answer: Any = None, **headers: str
) -> Exchange:
    """Return one exchange; headers are keywords: `if_match`, `idempotency_key`, `user_agent`.

    Those that begin with `answer_` are of the answer: `answer_etag`, `answer_retry_after`.
    A query is part of the path.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    came = {n.removeprefix("answer-"): v for n, v in named.items() if n.startswith("answer-")}
    gave = {name: value for name, value in named.items() if not name.startswith("answer-")}
    place, _, query = path.partition("?")
    return Exchange(
        number=0,
        at=0.0,
        step=STEP,
        who=PARTNER,
        method=method,
        path=place,
        query=query,
        headers=gave,
        body=body,
        status=status,
        answer_headers=came,
        answer=answer,
    )


def get(
    path: str, answer: Any = None, status: int = OK, etag: str = "", **headers: str
) -> Exchange:
    """Return a read; its ETag is that of the answer's `meta.versionId` unless it is given."""
    return sent("GET", path, None, status, answer, **_tagged(answer, etag), **headers)


def put(
    path: str, body: Any = None, status: int = OK, answer: Any = None, **headers: str
) -> Exchange:
    """Return an update: `if_match` is its tag, none when missing; `answer_etag` that of the answer.

    Without it the answer carries the tag of its `meta.versionId`.
    """
    return sent("PUT", path, body, status, answer, **(_tagged(answer, "") | headers))


def post(
    path: str, body: Any = None, status: int = CREATED, answer: Any = None, **headers: str
) -> Exchange:
    """Return a creation, an operation or a search by POST."""
    return sent("POST", path, body, status, answer, **headers)


def match(*ids: str, grade: str = "certain", body: Any = None) -> Exchange:
    """Return a `$match` that finds profiles of these ids."""
    entries = [
        {
            "resource": {"resourceType": "ParticipantProfile", "id": each},
            "search": {"extension": [{"url": "…/match-grade", "valueCode": grade}]},
        }
        for each in ids
    ]
    answer = {"resourceType": "Bundle", "type": "searchset", "total": len(ids), "entry": entries}
    return post("ParticipantProfile/$match", body or {}, OK, answer)


def a_profile(id: str = "", version: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a profile; with an id and a version it is as the hub answers it."""
    body: dict[str, Any] = {
        "resourceType": "ParticipantProfile",
        "firstName": "Aldric",
        "lastName": "Applewhite",
        "birthDate": "1984-02-29",
        "pirlUniqueId": "CF0000000001",
        "employmentStatus": "0",
        "educationLevel": "0",
        "status": "active",
    }
    body |= {"id": id} if id else {}
    body |= {"meta": {"versionId": str(version)}} if version else {}
    return body | changes


def a_world(**more: Any) -> World:
    """Return the world of the seed `test`, and what is added to it."""
    return {"seed": "test", **of("test"), **more}


def _tagged(answer: Any, etag: str) -> dict[str, str]:
    version = answer.get("meta", {}).get("versionId") if isinstance(answer, dict) else None
    tag = etag or (f'W/"{version}"' if version else "")
    return {"answer_etag": tag} if tag else {}
