"""The name and value of a search parameter, and whether they stood in an address."""

from typing import NamedTuple


class InBody(NamedTuple):
    """A pair from the body of a request; any other pair stood in an address, hence in logs."""

    name: str
    text: str
