"""All operations that the hub offers, by the type they are on."""

from app.interactions.operations import Operation

OPERATIONS: tuple[Operation, ...] = ()
