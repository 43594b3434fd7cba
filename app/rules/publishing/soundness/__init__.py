"""G1 to G4: whether a candidate is sound in itself and in what it points at."""
