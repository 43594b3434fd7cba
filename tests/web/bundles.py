"""Bundles to send, and what comes back, in few words."""

import base64
import json


def bundle(*entries, kind="transaction"):
    """Return a bundle of these entries."""
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def post(body, full_url=None, url=None, **request):
    """Return an entry that creates."""
    given = {"fullUrl": full_url} if full_url else {}
    asked = {"method": "POST", "url": url or body["resourceType"], **request}
    return {**given, "resource": body, "request": asked}


def put(body, url=None, **request):
    """Return an entry that updates; without a url at the id in the body."""
    address = url or f"{body['resourceType']}/{body['id']}"
    return {"resource": body, "request": {"method": "PUT", "url": address, **request}}


def patch(url, change, media="application/merge-patch+json", **request):
    """Return an entry that patches, with the patch in a Binary."""
    data = base64.b64encode(json.dumps(change).encode()).decode()
    binary = {"resourceType": "Binary", "contentType": media, "data": data}
    return {"resource": binary, "request": {"method": "PATCH", "url": url, **request}}


def ask(method, url, **request):
    """Return an entry without a resource."""
    return {"request": {"method": method, "url": url, **request}}


def send(http, *entries, kind="transaction", headers=None):
    """Post a bundle and return the reply."""
    return http.post("/v1/", json=bundle(*entries, kind=kind), headers=headers)


def statuses(reply):
    """Return the status of each entry, in order."""
    return [each["response"]["status"] for each in reply.json["entry"]]


def expressions(reply):
    """Return where each issue of a refusal lies."""
    return [each["expression"][0] for each in reply.json["issue"]]
