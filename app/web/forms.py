"""The forms that clients fill in outside resources; marshmallow reads envelopes only.

Resource bodies are never read here: their schema is the published one.
"""

from urllib.parse import parse_qsl

from flask import Request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from app.model.errors import Malformed
from app.web.body import read_bytes

FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 16 * 1024
MOST_FIELDS = 20


class TokenForm(Schema):
    """A request to the token endpoint (RFC 6749 sections 2.3.1 and 4.4.2, RFC 7521 section 4.2)."""

    class Meta:
        """Unknown parameters are ignored, as RFC 6749 section 3.2 demands."""

        unknown = EXCLUDE

    grant_type = fields.String(required=True, validate=validate.Length(max=200))
    client_id = fields.String(load_default=None, validate=validate.Length(max=200))
    client_secret = fields.String(load_default=None, validate=validate.Length(max=1000))
    client_assertion_type = fields.String(load_default=None, validate=validate.Length(max=200))
    client_assertion = fields.String(load_default=None, validate=validate.Length(max=8000))
    scope = fields.String(load_default=None)


def read_form(request: Request, form: Schema) -> dict[str, str | None]:
    """Return the fields of a form-encoded body; raise Malformed for anything ambiguous.

    Nothing is taken from the URL, a field may not be repeated, and an empty one counts as absent.
    """
    if request.mimetype != FORM:
        raise Malformed(f"The body must be {FORM}.")
    if request.query_string:
        raise Malformed("Parameters belong in the body, not in the URL.")
    found = _pairs(read_bytes(request, MOST_BYTES))
    try:
        loaded: dict[str, str | None] = form.load(found)
    except ValidationError as error:
        names = ", ".join(sorted(set(form.fields).intersection(error.messages)))
        raise Malformed(f"Missing or too long: {names}.") from None
    return loaded


def _pairs(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Malformed(f"The body is not {FORM} in UTF-8.") from None
    if len(dict(pairs)) != len(pairs):
        raise Malformed("A parameter is repeated.")
    return {name: value for name, value in pairs if value}
