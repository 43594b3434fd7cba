"""Where each publication is found below `[origin]/schemas`."""

from app.model.publication import Publication


class Addresses:
    """The addresses of the publications of a hub with this public origin."""

    def __init__(self, origin: str) -> None:
        self.root = f"{origin}/schemas"

    def type(self, name: str) -> str:
        """Return where the current version of a type is."""
        return f"{self.root}/{name}"

    def exact(self, one: Publication, part: str = "") -> str:
        """Return where a version is, or a part of what is said of it (`status`, `docs`, …)."""
        address = f"{self.root}/{one.type}/{one.version}"
        return f"{address}/{part}" if part else address

    def alternative(self, one: Publication) -> str:
        """Return where the version is that follows a deprecated one, empty when none is named."""
        return f"{self.root}/{one.type}/{one.alternative}" if one.alternative else ""
