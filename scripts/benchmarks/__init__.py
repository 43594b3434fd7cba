"""The performance harness: several servers, the same people, the same requests, one table."""
