"""What once shipped never changes: whoever changes a schema gives it a new version."""

import json
from pathlib import Path

from app.composition import schema_folder
from app.model.shelf import shelf
from app.settings import Settings

KNOWN = json.loads((Path(__file__).parent / "published_digests.json").read_text("utf-8"))


def test_every_version_that_ships_has_the_bytes_it_was_published_with():
    shipped = {each.id: each.digest for each in shelf(schema_folder(Settings()))}

    assert shipped == KNOWN
