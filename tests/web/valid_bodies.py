"""Makes bodies that their schema accepts and nobody expects: odd parts, borders, wrong rows.

Each is one of the published examples in which some elements are left out, repeated or made anew
from a small alphabet. References name rows that exist, mostly of the wrong person or agency.
"""

import copy
import json

from app import seed
from builders import FOLDER

TYPES = (
    "ParticipantCredential",
    "ParticipantProfile",
    "ParticipantScore",
    "ParticipantServiceAssessment",
    "ParticipantServiceEnrollment",
    "ParticipantSuccessPlan",
    "Referral",
)
"""The types with rules beyond their schema."""
ALPHABET = {
    "string": ("x", "E", "Form 11M", "'; --", "\u0130\u00df\ud55c", "a" * 50),
    "markdown": ("x", "a\nb"),
    "code": ("reading", "mathematics", "essay", "isa-q1", "ISA-R2", "10", "07", "~", "{}"),
    "id": ("x",),
    "itemId": ("item-1", "item-2", "challenge-1", "."),
    "date": ("1000-01-01", "1999-12-31", "2024-02-29", "2026-01-05", "2026-11-22", "9999-12-31"),
    "dateTime": (
        "1000-01-01T00:00:00+14:00",
        "2024-02-29T23:59:59.999999999Z",
        "2026-01-05T15:00:00-06:00",
        "2026-11-22T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
    ),
    "uri": ("urn:x", "https://fuzz.example/ids"),
    "decimal": (-1e300, -1, 0, 0.5, 7, 499, 500, 1e300),
    "usd": (0, 0.01, 99_999_999.99),
    "socCode": ("53-3032", "00-0000", "99-9999", "53-0000"),
    "onetSocCode": ("53-3032", "49-3031.00", "00-0000.00", "99-9999.99", "53-0000"),
    "cipCode": ("49.0205", "00.0000"),
    "naicsCode": ("48-49", "11"),
    "countyFips": ("28049", "00000", "99999"),
    "stateCode": ("MS", "ZZ"),
    "postalCode": ("39201", "00000-0000"),
    "phone": ("601-555-0101",),
    "languageCode": ("en",),
    "pirlElement": ("1303", "900A"),
}
"""Data type → values at its borders."""
PATTERNS = ("x", "0", "000", "0000", "000000", "0000000", "000000001", "900000001", "TEST00000001")
"""What is tried where a pattern alone says what a text is."""
KEYS = ("identifier", "partnerIdentifiers", "pirlUniqueId", "ssn", "status")
"""What is refused before any rule where it is as in an example: taken keys, and how it begins."""
OFTEN = 0.8
TRIES = 40
MANY = 3
"""How many entries a list usually has at most."""


class Bodies:
    """Makes bodies for one registry; `draw` is a random.Random, so that a seed repeats them."""

    def __init__(self, registry, draw):
        self.registry = registry
        self.draw = draw
        shared = json.loads((FOLDER / "datatypes/1.0.0/schema.json").read_text("utf-8"))
        self.types = shared["$defs"]
        self.examples = {
            name: [json.loads(text) for text in registry.examples[name, "1.0.0"]] for name in TYPES
        }
        self.rows = {}
        for key in seed.rows("demo"):
            self.rows.setdefault(key.type, []).append(str(key))

    def body(self, kind):
        """Return a new body of a type that its schema accepts."""
        found = self.odd(kind, self.draw.choice(self.examples[kind]))
        for name in KEYS:
            if self.draw.random() < OFTEN:
                found = {**found, **self._fresh(kind, name)}
        return {k: v for k, v in found.items() if k not in ("id", "meta") and v is not None}

    def _fresh(self, kind, name):
        """Return what takes the place of an element that would be refused before any rule."""
        status = self.registry.type(kind).schema["properties"]["status"]
        if name == "status" and "x-initial" in status:
            return {name: self.draw.choice(status["x-initial"])}
        if name == "pirlUniqueId" and kind == "ParticipantProfile":
            return {name: f"FUZZ{self.draw.randrange(10**8):08d}"}
        return {name: None} if name in ("identifier", "ssn", "partnerIdentifiers") else {}

    def odd(self, kind, body):
        """Return a body of a type with some elements altered, still accepted by its schema."""
        published = self.registry.type(kind)
        for _ in range(self.draw.choice((1, 1, 2, 3, 5))):
            body = self.altered(published, body)
        return body

    def altered(self, published, body):
        """Return a body that differs in one element, still accepted where a few tries allow it."""
        names = sorted({*published.schema["properties"]} - {"resourceType", "id", "meta"})
        for _ in range(TRIES):
            made, name = copy.deepcopy(body), self.draw.choice(names)
            if name in made and self.draw.random() < 0.3:
                del made[name]
            elif isinstance(made.get(name), dict) and self.draw.random() < 0.5:
                self._inside(published.schema["properties"][name], made[name])
            else:
                made[name] = self.value(published.schema["properties"][name])
            if not published.given_faults(published.given(made)):
                return made
        return body

    def _inside(self, schema, value):
        properties = self.resolved(schema).get("properties", {})
        if not properties:
            return
        name = self.draw.choice([*properties])
        if name in value and self.draw.random() < 0.4:
            del value[name]
        else:
            value[name] = self.value({"x-target": schema.get("x-target"), **properties[name]})

    def resolved(self, schema):
        """Return a schema with what it refers to."""
        while "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**self.types[name], "type-name": name, **rest}
        return schema

    def value(self, schema):
        """Return a value for a schema; one with conditions may not fit."""
        schema = self.resolved(schema)
        if schema.get("type-name") == "Reference":
            return self.reference(schema.get("x-target") or [*self.rows])
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.draw.choice(schema["enum"])
        if schema.get("type-name") in ALPHABET and "maximum" not in schema:
            return self.draw.choice(ALPHABET[schema["type-name"]])
        return getattr(self, f"_{schema.get('type', 'object')}")(schema)

    def reference(self, targets):
        """Return a reference to one of few rows of these types, or to one that never was."""
        known = [self.rows.get(name, []) for name in targets]
        rows = [each for many in known for each in (*many[:4], *many[-4:])]
        if not rows or self.draw.random() < 0.05:
            rows = [f"{targets[0]}/01920000-0000-7000-8000-00000000dead"]
        return {"reference": self.draw.choice(rows)}

    def _string(self, schema):
        return self.draw.choice(PATTERNS if "pattern" in schema else ALPHABET["string"])

    def _boolean(self, _schema):
        return self.draw.random() < 0.5

    def _number(self, schema):
        least, most = schema.get("minimum", -1e300), schema.get("maximum", 1e300)
        return self.draw.choice((least, most, max(least, min(most, 1))))

    def _integer(self, schema):
        least, most = schema.get("minimum", 0), schema.get("maximum", 2**53)
        return self.draw.choice((least, most, max(least, min(most, 1))))

    def _array(self, schema):
        most = schema.get("maxItems", MANY)
        least = min(schema.get("minItems", 0), most)
        size = most if self.draw.random() < 0.1 else self.draw.randint(least, min(MANY, most))
        inherited = {"x-target": schema["x-target"]} if "x-target" in schema else {}
        made = [self.value({**inherited, **schema["items"]}) for _ in range(size)]
        if schema.get("uniqueItems"):
            made = list({json.dumps(each, sort_keys=True): each for each in made}.values())
        return made

    def _object(self, schema):
        required = schema.get("required", ())
        names = [
            name
            for name in schema.get("properties", {})
            if name in required or self.draw.random() < 0.3
        ]
        return {name: self.value(schema["properties"][name]) for name in names}
