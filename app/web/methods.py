"""Which methods an address has, told by every OPTIONS and every 405 (RFC 9110 section 10.2.1)."""

from http import HTTPStatus

from flask import Flask, Response, current_app, request

from app.model.registry import Published, Registry


def register(app: Flask, published: Published) -> None:
    """Make every answer that names methods name those that the hub would follow."""

    @app.after_request
    def tell(answer: Response) -> Response:
        is_refused = answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        if is_refused or "Allow" in answer.headers:
            found = _routed(published.now) - ({request.method} if is_refused else set())
            answer.headers["Allow"] = ", ".join(sorted(found))
        return answer


def _routed(registry: Registry) -> set[str]:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return set()
    found = set(adapter.allowed_methods())
    if "DELETE" in found:
        _, address = adapter.match(method="DELETE")
        kind = registry.types.get(address.get("kind", ""))
        if kind is not None and kind.is_lookup:
            found.remove("DELETE")
    return found
