"""Requests on their way into a sandbox's hub, and answers on their way out."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import get_input_stream

from app.model.codec import decode, encode
from app.model.errors import Issue
from app.model.outcome import outcome

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
FORM = "application/x-www-form-urlencoded"
JSON = ("application/fhir+json", "application/json")
RAW = "hub.raw"
"""Where the environment of a request has the bytes of its body."""
UNAUTHENTICATED, THROTTLED, AWAY = 401, 429, 503
MOST = 8 * 1024 * 1024
MANY = 8192


@dataclass(frozen=True)
class Sent:
    """An answer on its way: status, headers, bytes."""

    status: str
    headers: list[tuple[str, str]]
    content: bytes

    @property
    def is_ok(self) -> bool:
        """Whether it says that what was asked is done."""
        return self.status.startswith("2")

    @property
    def value(self) -> Any:
        """Its JSON; None when it has none."""
        named = next((v for k, v in self.headers if k.lower() == "content-type"), "")
        if not self.content or named.partition(";")[0].strip() not in JSON:
            return None
        try:
            return decode(self.content)
        except ValueError:
            return None

    def with_value(self, value: Any) -> "Sent":
        """Return the same answer with other JSON."""
        content = encode(value).encode()
        kept = [pair for pair in self.headers if pair[0].lower() != "content-length"]
        headers = [*kept, ("Content-Length", str(len(content)))]
        return replace(self, headers=headers, content=content)


def header(name: str) -> str:
    """Return the name of a header in the environment of a request (PEP 3333)."""
    upper = name.upper().replace("-", "_")
    return upper if name == "content-type" else f"HTTP_{upper}"


def read(environ: Environ) -> None:
    """Read the body, whole or chunked, so that it can be read again behind the door."""
    environ[RAW] = get_input_stream(environ).read(MOST + 1)
    if "HTTP_TRANSFER_ENCODING" in environ:
        del environ["HTTP_TRANSFER_ENCODING"]
        environ["CONTENT_LENGTH"] = str(len(environ[RAW]))


def called(app: Wsgi, environ: Environ) -> Sent:
    """Return what the hub answers; a request that was read can be sent to it more than once."""
    sent = {**environ, "wsgi.input": io.BytesIO(environ[RAW])}
    content, status, headers = run_wsgi_app(app, sent, buffered=True)
    return Sent(status, list(headers.items()), b"".join(content))


def refusal(status: int, code: str, sentence: str, seconds: int = 1) -> Sent:
    """Return a refusal as the hub words it; `seconds` is how long to wait, where that helps."""
    text = encode(outcome([Issue(code, code, sentence)], "")).encode()
    headers = [("Content-Type", JSON[0]), ("Content-Length", str(len(text)))]
    if status in (THROTTLED, AWAY):
        headers.append(("Retry-After", str(seconds)))
    if status == UNAUTHENTICATED:
        headers.append(("WWW-Authenticate", 'Bearer realm="hub"'))
    return Sent(f"{status} ", headers, text)


def reordered(sent: Sent, seed: str) -> Sent:
    """Return an answer whose objects have their keys in an order that the seed decides (F9)."""
    value = sent.value
    return sent if value is None else sent.with_value(_turned(value, seed))


def told(sent: Sent, start_response: StartResponse, *, is_cut: bool) -> Iterable[bytes]:
    """Send an answer, or half of one."""
    start_response(sent.status, sent.headers)
    return _cut(sent.content) if is_cut else [sent.content]


def _cut(content: bytes) -> Iterable[bytes]:
    """Yield half of an answer, and then end the connection as a broken line would."""
    yield content[: len(content) // 2]
    raise ConnectionResetError


def _turned(value: Any, seed: str) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: _rank(seed, key))
        return {key: _turned(value[key], seed) for key in keys}
    return [_turned(each, seed) for each in value] if isinstance(value, list) else value


@lru_cache(maxsize=MANY)
def _rank(seed: str, key: str) -> bytes:
    return sha256(f"{seed} {key}".encode(errors="surrogatepass")).digest()
