"""The one place that knows each refusal's HTTP status; every error is an OperationOutcome."""

import logging
from http import HTTPStatus

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from app.model import conflicts, errors
from app.model.outcome import of_error
from app.web.headers import FHIR, json_reply

STATUS: dict[type[errors.HubError], int] = {
    errors.Malformed: 400,
    errors.BadParameter: 400,
    errors.TooCostly: 400,
    errors.InvalidScope: 400,
    errors.Unauthenticated: 401,
    errors.InvalidClient: 401,
    errors.Forbidden: 403,
    errors.LevelMissing: 403,
    errors.NotFound: 404,
    errors.UnknownType: 404,
    errors.NotAllowed: 405,
    errors.NotAcceptable: 406,
    conflicts.Conflict: 409,
    conflicts.ReferenceMissing: 409,
    conflicts.StillReferenced: 409,
    conflicts.Duplicate: 409,
    conflicts.Matched: 409,
    conflicts.AlreadyDone: 409,
    conflicts.LostRace: 409,
    errors.Deleted: 410,
    errors.Expired: 410,
    conflicts.VersionConflict: 412,
    conflicts.MultipleMatches: 412,
    errors.NoMatch: 412,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.Invalid: 422,
    errors.RuleBroken: 422,
    conflicts.KeyReused: 422,
    errors.PreconditionRequired: 428,
    errors.TooManyRequests: 429,
    errors.Unreadable: 500,
    errors.Unavailable: 503,
}
"""Error class → HTTP status; every class of `app.model.errors` has its row."""

_FROM_STATUS: dict[int, type[errors.HubError]] = {
    400: errors.Malformed,
    404: errors.NotFound,
    405: errors.NotAllowed,
    406: errors.NotAcceptable,
    413: errors.TooLarge,
    415: errors.UnsupportedMedia,
}
_log = logging.getLogger("hub.error")


class Defect(errors.HubError):
    """A fault of the hub itself; the log has it under the correlation id."""

    code = "exception"
    detail = "defect"


def register(app: Flask) -> None:
    """Make `app` answer every error as an OperationOutcome."""
    app.register_error_handler(errors.HubError, reply)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _defect)


def reply(error: errors.HubError) -> Response:
    """Return the answer to a refusal, with the headers its status asks for."""
    status = STATUS.get(type(error), 500)
    g.refusal = error.detail
    root = (request.view_args or {}).get("kind", "")
    answer = json_reply(of_error(error, g.get("correlation", ""), root), status, _media())
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="hub"'
    if isinstance(error, errors.Unavailable | errors.TooManyRequests):
        answer.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, conflicts.VersionConflict) and error.current:
        answer.headers["ETag"] = error.current
    return answer


def beside(error: errors.HubError) -> Response:
    """Return the answer to a refusal where no room of an application is asked."""
    status = STATUS.get(type(error), 500)
    answer = json_reply(of_error(error, ""), status, FHIR)
    if isinstance(error, errors.Unavailable):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _media() -> str:
    plain = request.headers.get("Accept", "").startswith("application/json")
    return g.get("media") or ("application/json" if plain else FHIR)


def _http(error: HTTPException) -> Response:
    kind = _FROM_STATUS.get(error.code or 500, errors.Malformed)
    if (error.code or 500) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _defect(error)
    answer = reply(kind(f"{error.name}."))
    answer.status_code = error.code or answer.status_code
    return answer


def _defect(error: Exception) -> Response:
    _log.error(
        "defect",
        extra={"fields": {"id": g.get("correlation", ""), "error": type(error).__name__}},
        exc_info=error,
    )
    return reply(
        Defect("The hub failed to answer; the operator finds it under the id of this outcome.")
    )
