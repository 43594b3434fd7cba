"""The search for a document that one schema takes and another refuses."""
