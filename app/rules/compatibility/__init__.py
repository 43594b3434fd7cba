"""Whether one schema accepts all that another does: by proof, by witness, or not known."""
