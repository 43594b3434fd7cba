"""Systems that talk badly: L1-01 to L1-05 and L1-33."""

import ssl
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from conformance.client import patience
from conformance.client.discovery import FHIR, Capability
from conformance.client.errors import Refused
from conformance.client.hub import SECONDS, Body, Hub
from conformance.mutants import mutant


@mutant("hard-coded-paths", breaks=("L1-01",))
class HardCodedPaths(Hub):
    """Knows where tokens are from the handbook, and goes there first."""

    def ask(self, method: str, path: str, *how: Any, **more: Any) -> httpx.Response:
        """Get a token before anything else."""
        self.token()
        return super().ask(method, path, *how, **more)

    def token_url(self) -> str:
        """Return the address that was written into the code."""
        return f"{self.base}/oauth/token"


@mutant("never-renews", breaks=("L1-02",))
class NeverRenews(Hub):
    """Takes 401 for an answer."""

    def _authorized(self, method: str, path: str, *how: Any) -> httpx.Response:
        return self._sent(method, path, *how)


@mutant("anonymous", breaks=("L1-03",))
class Anonymous(Hub):
    """Leaves it to its library to say who asks."""

    def __init__(self, base: str, client_id: str, secret: str, **more: Any) -> None:
        super().__init__(base, client_id, secret, **more)
        self._named = {}


class _Unversioned(Capability):
    def media_type(self, kinds: Iterable[str]) -> str:
        del kinds
        return FHIR


@mutant("names-no-version", breaks=("L1-03",))
class NamesNoVersion(Hub):
    """Takes whatever version of a schema it is given."""

    def capability(self) -> Capability:
        """Return what the hub says of itself, without versions."""
        known = super().capability()
        known.__class__ = _Unversioned
        return known


@mutant("personal-data-in-URL", breaks=("L1-04",))
class PersonalDataInUrl(Hub):
    """Looks for people by their names in an address before it asks as it should."""

    def operation(self, path: str, inputs: Body | None = None, key: str = "") -> Body:
        """Search by name first."""
        for name in _names(inputs or {}):
            self._look(f"ParticipantProfile?last-name={quote(name)}")
        return super().operation(path, inputs, key)

    def _look(self, path: str) -> None:
        try:
            self.ask("GET", path)
        except Refused:
            return


@mutant("trusts-any-certificate", breaks=("L1-05",))
class TrustsAnyCertificate(Hub):
    """Switched the verification off because of a test server, and never on again."""

    def __init__(
        self, base: str, client_id: str, secret: str, *, http: httpx.Client | None = None
    ) -> None:
        context = ssl._create_unverified_context()  # noqa: S323, SLF001 - the bad habit itself
        anything = httpx.Client(timeout=SECONDS, trust_env=False, verify=context)
        super().__init__(base, client_id, secret, http=http or anything)


@mutant("impatient", breaks=("L1-21", "L1-33"))
class Impatient(Hub):
    """Asks a busy hub again at once."""

    def patiently(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Return an answer without a pause."""
        return patience.patiently(ask, lambda _seconds: None)


def _names(inputs: Mapping[str, Any]) -> list[str]:
    people = [inputs, *(each.get("resource", {}) for each in inputs.get("parameter", ()))]
    return [str(each["lastName"]) for each in people if each.get("lastName")]
