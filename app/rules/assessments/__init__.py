"""The Individual Service Assessment: from six answers to referrals."""
