"""Facts that ship with the hub and that rules rest on: questionnaires, codes, labour market.

They are data, versioned with the hub; `app/data/reference` holds them, the top floor reads them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Reference:
    """JSON documents and tables by name, such as `isa_rules` and `occupations`; equal to itself."""

    documents: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)


NO_REFERENCE = Reference()
