"""Enrollments, periods of participation, exits, scores, credentials."""
