"""What a type's name and an id look like in an address, so that nothing else is taken for one."""

from werkzeug.routing import BaseConverter


class TypeName(BaseConverter):
    """The name of a resource type; fixed addresses such as `metadata` begin in lower case.

    An AuditEvent is the hub's own: it is read at its own address, and nobody can write one.
    """

    regex = r"(?!AuditEvent\Z)[A-Z][A-Za-z]*"


class Id(BaseConverter):
    """A logical id (https://hl7.org/fhir/R4/datatypes.html#id); `_history` and `$…` are none."""

    regex = r"[A-Za-z0-9\-.]{1,64}"


class Part(BaseConverter):
    """One part of an address that names something; `$…` is an operation."""

    regex = r"(?!\$)[^/]+"


CONVERTERS = {"type": TypeName, "id": Id, "part": Part}
"""The names under which address rules use them."""
