"""What answers under a deprecated version say of its end."""

from datetime import UTC, datetime
from email.utils import format_datetime

from app.model.publication import Publication
from app.web.publications.addresses import Addresses


def lifecycle_headers(one: Publication, origin: str) -> list[tuple[str, str]]:
    """Return what every answer under a deprecated version says; nothing for any other.

    Deprecation is RFC 9745, Sunset RFC 8594.
    """
    if not one.deprecated_at:
        return []
    addresses = Addresses(origin)
    at = datetime.fromisoformat(one.deprecated_at)
    found = [("Deprecation", f"@{int(at.timestamp())}")]
    links = [("deprecation", addresses.exact(one, "docs"))]
    if one.sunset:
        until = datetime.fromisoformat(one.sunset).replace(tzinfo=UTC)
        found.append(("Sunset", format_datetime(until, usegmt=True)))
        links.append(("sunset", addresses.exact(one, "status")))
    if one.alternative:
        links.append(("successor-version", addresses.alternative(one)))
    return [*found, *(("Link", f'<{address}>; rel="{rel}"') for rel, address in links)]
