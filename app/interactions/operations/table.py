"""All operations that the hub offers, by the type they are on."""

from app.interactions.operations import (
    Operation,
    build,
    match,
    merge,
    pin,
    preview,
    publication,
    questionnaire,
    report_card,
    schema_check,
    unmerge,
    usage,
    worklist,
)

OPERATIONS: tuple[Operation, ...] = (
    build.OPERATION,
    match.OPERATION,
    merge.OPERATION,
    *pin.OPERATIONS,
    preview.OPERATION,
    *publication.OPERATIONS,
    questionnaire.OPERATION,
    report_card.OPERATION,
    *schema_check.OPERATIONS,
    unmerge.OPERATION,
    usage.OPERATION,
    worklist.OPERATION,
)
