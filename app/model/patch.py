"""The difference between two versions as JSON Patch (RFC 6902)."""

from jsonpatch import make_patch

from app.model.codec import Resource, encode


def difference(old: Resource, new: Resource) -> str:
    """Return the JSON Patch text that turns `old` into `new`, leaving out what the hub writes."""
    return encode(make_patch(_content(old), _content(new)).patch)


def _content(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name not in ("id", "meta")}
