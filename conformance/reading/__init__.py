"""What the hub saw, read as it was meant: entries of bundles, patches, plans, referrals."""
