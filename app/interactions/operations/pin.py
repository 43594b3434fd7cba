"""SchemaVersion/$pin and $pins: which version of a type a client is given that names none."""

from app.interactions.operations import Answer, Call, Operation
from app.interactions.publishing.usage import Use
from app.interactions.records import begin
from app.model.codec import Resource
from app.model.errors import BadParameter
from app.model.operation import Input, Signature, parameters
from app.model.publication import SCHEMA_VERSION
from app.model.version import instant

PIN = Signature(
    SCHEMA_VERSION,
    "pin",
    "Pin your client to a version of a type, or let it follow the current one.",
    (
        Input("type", "code", "The type.", is_required=True),
        Input("version", "string", "A version that is served; none to follow the current one."),
    ),
    writes=True,
)
PINS = Signature(
    SCHEMA_VERSION,
    "pins",
    "List the versions that your client is pinned to and those that it uses.",
    method="GET",
)


def pin(call: Call) -> Answer:
    """Pin the calling client; raise BadParameter for what is not served."""
    _begin(call)
    kind, version = call.inputs["type"], call.inputs.get("version")
    live = call.hub.registry.live.get(kind)
    if live is None:
        allowed = sorted(call.hub.registry.live)
        raise BadParameter("No such type is published here.", "type", allowed=allowed)
    if version is not None and version not in live:
        raise BadParameter("No such version is served.", "version", allowed=sorted(live))
    call.hub.usage.set_pin(call.client.id, kind, version)
    return Answer(_told(call))


def pins(call: Call) -> Answer:
    """Return the pins and uses of the calling client."""
    _begin(call)
    return Answer(_told(call))


def _begin(call: Call) -> None:
    records = begin(call.hub, call.client, "read", SCHEMA_VERSION)
    records.decide("read", SCHEMA_VERSION)


def _told(call: Call) -> Resource:
    usage, client = call.hub.usage, call.client.id
    usage.flush()
    pinned = [
        {"name": "pin", "part": [_text("type", kind), _text("version", version)]}
        for kind, version in sorted(usage.pins(client).items())
    ]
    return parameters(*pinned, *map(told_use, usage.of(client=client)))


def told_use(each: Use) -> Resource:
    """Return a use as a parameter of an answer."""
    return {
        "name": "use",
        "part": [
            _text("client", each.client),
            _text("type", each.type),
            _text("version", each.version),
            {"name": "count", "valueInteger": each.count},
            {"name": "last", "valueInstant": instant(each.last)},
        ],
    }


def _text(name: str, value: str) -> Resource:
    return {"name": name, "valueString": value}


OPERATIONS = (Operation(PIN, pin), Operation(PINS, pins))
