"""A running hub seals its audit trail by itself and leaves checkpoints."""

import json
import stat

from app.checkpoints import NAME
from live import eventually


def test_what_a_running_hub_does_is_sealed_within_seconds_and_checked_by_command(live):
    caller = live.caller()
    reply = caller("GET", "/Agency?_count=1", headers={"X-Request-Id": "sealed-soon"})
    assert reply.status == 200

    def verified():
        return json.loads(live.run("audit", "verify", "--json"))

    (event,) = [
        each["resource"]
        for each in caller("GET", "/AuditEvent?_count=50").json["entry"]
        if "sealed-soon" in json.dumps(each)
    ]
    assert eventually(lambda: verified()["rows"] > 1)
    report = verified()
    kept = live.folder / NAME

    assert event["subtype"][0]["code"] == "search-type"
    assert report["whole"]
    assert report["checkpoints"] >= 1
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
