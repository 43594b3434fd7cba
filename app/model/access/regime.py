"""What the confidentiality laws ask beyond an agreement: consent, a right of its own, silence.

Each name is a regime of `Agency.confidentialityRegimes`, each label one of `x-sensitivity`.
"""

VOCATIONAL = "vr-34cfr361"
"""34 CFR 361.38: even that a person is known to vocational rehabilitation is protected."""
BENEFITS = frozenset({"snap-7cfr272", "tanf-42usc602"})
"""7 CFR 272.1(c), 45 CFR 205.50: by consent, unless the recipient administers them itself."""
EDUCATION = "ferpa-34cfr99"
"""34 CFR 99.30: education records of an agency under FERPA are disclosed by consent."""

OPERATIONAL = "OPS"
"""The label without which a row is not shown at all."""
BENEFIT = "SENS-BENEFIT"
SCHOOLING = "SENS-EDU"
WAGES = "SENS-WAGE"
RIGHTS = {"SENS-DISABILITY": "hub/disability", WAGES: "hub/wages"}
"""Label → the scope it takes besides: 29 CFR 38.41(b), 20 CFR 603.9(b)(1)(i)."""
SECRETS = "hub/ssn"
"""The scope that shows elements marked `x-secret` in clear."""
LABELS = frozenset({
    "PUBLIC", OPERATIONAL, "PII-DIRECT", "PII-QUASI", "SENS-DISABILITY", BENEFIT, SCHOOLING,
    "SENS-WAGE", "SENS-JUSTICE", "SENS-YOUTH",
})  # fmt: skip

REFERRAL = "Referral"
UNDER_CONSENT = frozenset({
    "status", "statusReason", "outcome", "closedOn", "movedOn", "overdue", "followUp",
    "followUpReason", "reviewBy",
})  # fmt: skip
"""What the referring partner may know of a vocational rehabilitation referral, by consent."""
NEVER_TOLD = frozenset({
    "contactAttempts", "appointments", "offerDate", "eligibilityReason", "resultEnrollment",
    "statusHistory",
})  # fmt: skip
"""What stays with vocational rehabilitation whatever the consent says."""
