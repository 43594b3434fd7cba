"""Floor 2: figures and accounts, one file per report; pure."""
