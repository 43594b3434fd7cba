"""CaseTrack, a small case management system that talks to the hub as the rules ask.

It is sample code: read `hub.py` first, then `product.py` and the steps.
"""
