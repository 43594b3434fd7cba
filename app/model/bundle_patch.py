"""The patch that a bundle entry carries, as FHIR says: a Binary.

https://hl7.org/fhir/R4/http.html#patch
"""

from base64 import b64decode
from typing import Any

from app.model.codec import Resource
from app.model.errors import Malformed
from app.model.patch import Change, json_patch, merge_patch
from app.model.strict_json import parse

JSON_PATCH = "application/json-patch+json"
MEDIA = (
    JSON_PATCH,
    "application/merge-patch+json",
    "application/json",
    "application/fhir+json",
)
"""The media types of a patch; a plain JSON object is a merge patch."""


def patch_of(binary: Resource) -> tuple[str, Any]:
    """Return the media type and the JSON value of a patch in a Binary; raise Malformed."""
    media, data = binary.get("contentType"), binary.get("data")
    if binary.get("resourceType") != "Binary" or not isinstance(data, str):
        raise Malformed("A patch in a bundle is the data of a Binary.", "")
    if media not in MEDIA:
        raise Malformed("This is not the media type of a patch.", "/contentType", allowed=MEDIA)
    try:
        text = b64decode(data, validate=True)
    except ValueError:
        raise Malformed("The data is not base64.", "/data") from None
    return str(media), parse(text)


def change_of(media: str, value: Any) -> Change:
    """Return the change that a patch asks: a merge patch unless its media type says JSON Patch."""
    if media == JSON_PATCH:
        return json_patch(value)
    if not isinstance(value, dict):
        raise Malformed("A merge patch is one JSON object.")
    return merge_patch(value)
