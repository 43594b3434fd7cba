"""G0: what makes a candidate safe to look at, before everything else."""
