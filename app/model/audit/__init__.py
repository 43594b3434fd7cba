"""What was done with whose facts: the events of the audit trail, and their seals."""
