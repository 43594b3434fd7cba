"""Which workflow each type has; a type that is not named here has no rules beyond its schema."""

from app.rules.workflow import NO_RULES, Workflow, Workflows

WORKFLOWS: Workflows = {}


def workflow(kind: str) -> Workflow:
    """Return the workflow of a type, one without rules for most."""
    return WORKFLOWS.get(kind, NO_RULES)
