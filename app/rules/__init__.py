"""Floor 2: what the domain asks of a write beyond the schema of its body; pure.

A package for each workflow; here is what they share.
"""
