"""Certificates as a run would have earned them, on a hub as a worker opens it."""

from datetime import timedelta

from app.composition import DATABASE, new_id, now, open_hub
from app.interactions.certificates.award import award
from app.interactions.certificates.minting import Mint
from app.keyring.keys import Keys
from app.keyring.seal_key import SealKey
from app.sandbox.serving import KEY

PARTNER = "Partner/mdes-mississippi-works"
YEAR = timedelta(days=365)
REPORT = {
    "verdicts": [],
    "agents": [],
    "schemas": {},
    "suite": "1.0.0",
    "registerDigest": "",
    "evidenceRoot": "",
}


def a_hub(state):
    """Return the hub of a state once more, as another worker has it."""
    keys = Keys.load_or_create(state.settings.data)
    return open_hub(state.settings, state.app.extensions[DATABASE], keys)


def a_certificate(state, level, days=365):
    """Award a certificate that ends after some days, or ended before so many."""
    key = SealKey.load_or_create(state.settings.data, KEY)
    mint = Mint(key, state.settings.origin, lambda: now() - YEAR + timedelta(days=days))
    product = {"name": "CaseTrack", "version": "7.3"}
    run = {"id": new_id(), "partner": PARTNER, "level": level, "profile": "both"}
    made = mint.issue({**run, "product": product}, REPORT)
    award(a_hub(state), made)
    return made
