"""All operations that the hub offers, by the type they are on."""

from app.interactions.operations import (
    Operation,
    build,
    match,
    merge,
    preview,
    questionnaire,
    report_card,
    unmerge,
    worklist,
)

OPERATIONS: tuple[Operation, ...] = (
    build.OPERATION,
    match.OPERATION,
    merge.OPERATION,
    preview.OPERATION,
    questionnaire.OPERATION,
    report_card.OPERATION,
    unmerge.OPERATION,
    worklist.OPERATION,
)
