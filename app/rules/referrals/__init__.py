"""The life cycle of a referral, its deadlines and its evidence."""
