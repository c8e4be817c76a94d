"""Errors become pages, or problem+json (RFC 9457) for programs, in this one place. 错误页面."""

import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from ..errors import Conflict, Forbidden, Invalid, NotFound, RegistryError, Stale, TooMany, Unavailable
from ..i18n import Message, msg

log = logging.getLogger(__name__)
RETRY_SECONDS = 5
HTTP_TITLES: dict[int, Message] = {
    400: msg("The request could not be understood"),
    403: Forbidden.title,
    404: NotFound.title,
    405: msg("This address does not take that kind of request"),
    413: msg("The upload is too large"),
    429: TooMany.title,
}


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(RegistryError, _known)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _unknown)


def _known(error: RegistryError) -> Response:
    response = problem(error.status, error.message, error)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    return problem(status, HTTP_TITLES.get(status, RegistryError.title))


def _csrf(_error: CSRFError) -> Response:
    return problem(403, msg("This form is too old or was opened elsewhere; reload the page and send it again"))


def _stale(_error: StaleDataError) -> Response:
    return _known(Stale())


def _integrity(error: IntegrityError) -> Response:
    log.warning("integrity error", exc_info=error)
    return _known(Conflict(msg("Somebody did this at the same moment; look at the record and try again")))


def _database(error: DBAPIError) -> Response:
    log.error("database error", exc_info=error)
    response = _known(Unavailable())
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _unknown(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return problem(500, RegistryError.title)


def problem(status: int, message: Message, error: RegistryError | None = None) -> Response:
    """The error as a page, or as problem+json where the caller prefers JSON."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify(_as_json(status, message, error))
        response.mimetype = "application/problem+json"
    else:
        page = render_template("errors/problem.html", status=status, message=message, error=error)
        response = make_response(page)
    response.status_code = status
    return response


def _as_json(status: int, message: Message, error: RegistryError | None) -> dict[str, object]:
    body: dict[str, object] = {"status": status, "title": str(message), "request_id": g.get("request_id", "")}
    if isinstance(error, Invalid):
        body["errors"] = {name: [str(text) for text in texts] for name, texts in error.fields.items()}
    return body
