"""Drives a run: the hub names the steps and judges, an adapter has the product do them."""
