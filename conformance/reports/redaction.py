"""Takes out of exchanges what is nobody's business: credentials, elements of persons, hosts."""

import re
from typing import Any

HEADERS = frozenset({"authorization", "cookie", "set-cookie", "host", "forwarded", "server"})
ELEMENTS = frozenset(
    {
        *(
            "ssn",
            "birthdate",
            "firstname",
            "lastname",
            "middlename",
            "phone",
            "email",
            "identifier",
        ),
        *("clientsecret", "clientassertion", "accesstoken"),
    }
)
"""Elements and parameters, in small letters without `-` and `_`."""
GONE = "…"
_FORM = re.compile(r"(?<![\w-])([\w-]+)(:\w+)?=([^&\s]*)")
_HOST = re.compile(r"(https?://)(?![\w.-]*\.example\b)[^/\s\"'|<>]+")


def redacted(value: Any) -> Any:
    """Return JSON without credentials, persons and host names, at any depth."""
    if isinstance(value, dict):
        return {key: GONE if _is_hidden(key) else redacted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [redacted(each) for each in value]
    return hostless(_FORM.sub(_field, value)) if isinstance(value, str) else value


def hostless(text: str) -> str:
    """Return a text in which every address is one of `hub.example`; invented hosts stay."""
    return _HOST.sub(r"\1hub.example", text)


def _is_hidden(key: str) -> bool:
    return key.lower() in HEADERS or key.lower().replace("-", "").replace("_", "") in ELEMENTS


def _field(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2] or ''}={GONE}" if _is_hidden(found[1]) else found[0]
