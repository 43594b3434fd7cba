"""A site whose types have several versions, each standing elsewhere."""

import json
from dataclasses import replace

from app.composition import schema_folder
from app.interactions.publishing.desk import Desk
from app.judging import Judging
from app.model.publication import Publication
from app.model.registry import registry
from app.model.shelf import shelf
from app.settings import Settings
from sites import a_site

ADDRESS = "https://hub.wioa.example/schemas"


def a_note(version, **properties):
    """Return the schema of a note, as it was written: compactly, names in any order."""
    word = {
        "description": "What the note says.",
        "$ref": f"{ADDRESS}/datatypes/1.0.0#/$defs/string",
    }
    envelope = ("id", "meta", "identifier", "extension", "status")
    said = {
        name: {"description": f"The {name} of the note.", "x-sensitivity": "OPS"}
        for name in envelope
    }
    return {
        "title": "Note",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{ADDRESS}/Note/{version}",
        "description": "A note, for nobody in particular.",
        "x-kind": "data",
        "x-level": 1,
        "x-versioning": "optional",
        "x-unique": [["text"]],
        "type": "object",
        "additionalProperties": False,
        "required": ["resourceType"],
        "properties": {
            "resourceType": {**said["id"], "const": "Note"},
            **said,
            "text": {**word, "x-search": "token", "x-sensitivity": "OPS"},
            **properties,
        },
    }


MOOD = {
    "description": "How <b>it</b> | was `meant`.",
    "enum": ["glad", "sad"],
    "x-codes": {"glad": "All is well", "sad": "<script>alert(1)</script>"},
    "x-search": "token",
    "x-sensitivity": "OPS",
    "x-standard": "PIRL 9999",
}


def a_publication(version, status="published", **facts):
    """Return a version of the note."""
    moods = {} if version.startswith("0.") or version == "1.0.0" else {"mood": MOOD}
    text = json.dumps(a_note(version, **moods)).encode()
    return Publication("Note", version, text, status, **facts)


EXAMPLE = b'{"resourceType": "Note", "text": "first"}'
COUNTEREXAMPLE = b'{"resourceType": "Note", "text": 7}'
ADDED = {"code": "property-added", "text": "The element mood was added.", "against": "1.0.0"}
YES = {"answer": "yes", "evidence": "proof"}
REPORT = {
    "isOpen": True,
    "gates": [{"code": "G5", "title": "Compatible", "isOpen": True, "findings": [ADDED]}],
    "comparisons": [{"against": "1.0.0", "write": YES, "read": YES}],
}
"""As if the gates had said so when 1.1.0 was published."""


def notes():
    """Return versions of the note: retired, deprecated, and two in force."""
    return [
        a_publication("0.9.0", "retired"),
        a_publication(
            "1.0.0",
            "deprecated",
            deprecated_at="2026-05-01T12:00:00.000Z",
            sunset="2027-05-01",
            alternative="1.1.0",
            reason="Moods are needed.",
        ),
        a_publication(
            "1.1.0",
            summary="Adds *moods*.",
            base="1.0.0",
            published_at="2026-04-01T12:00:00.000Z",
            examples=(EXAMPLE,),
            counterexamples=(COUNTEREXAMPLE,),
            names=("first", "number"),
            authors=("writer",),
            approved_by="reader",
            report=json.dumps(REPORT),
        ),
        a_publication("1.10.0"),
    ]


def a_site_of(*publications):
    """Return a site of the types that ship with the hub, and of these."""
    site = a_site()
    found = registry([*shelf(schema_folder(Settings())), *publications])
    return replace(site, hub=replace(site.hub, published=found, desk=Desk(Judging())))
