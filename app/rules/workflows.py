"""Which workflow each type has; a type that is not named here has no rules beyond its schema."""

from app.rules.assessments import individual_service_assessment
from app.rules.participation import credential, enrollment, score
from app.rules.persons import profile
from app.rules.plans import success_plan
from app.rules.publishing import schema_version
from app.rules.referrals import referral
from app.rules.workflow import NO_RULES, Workflow, Workflows

WORKFLOWS: Workflows = {
    "ParticipantCredential": credential.WORKFLOW,
    "ParticipantProfile": profile.WORKFLOW,
    "ParticipantScore": score.WORKFLOW,
    "ParticipantServiceAssessment": individual_service_assessment.WORKFLOW,
    "ParticipantServiceEnrollment": enrollment.WORKFLOW,
    "Referral": referral.WORKFLOW,
    "ParticipantSuccessPlan": success_plan.WORKFLOW,
    "SchemaVersion": schema_version.WORKFLOW,
}


def workflow(kind: str) -> Workflow:
    """Return the workflow of a type, one without rules for most."""
    return WORKFLOWS.get(kind, NO_RULES)
