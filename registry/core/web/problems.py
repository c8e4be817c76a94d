"""Errors become pages, or problem+json (RFC 9457) for programs, in this one place. 错误页面."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from .. import refusals
from ..errors import Conflict, Forbidden, Invalid, NotFound, RegistryError, Stale, TooMany, Unavailable
from ..i18n import Message, msg
from ..refusals import Refusal
from . import outage
from .guard import actor
from .headers import SAFE_METHODS

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
    app.register_error_handler(TimeoutError, _database)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(Exception, _unknown)


def _known(error: RegistryError) -> Response:
    if isinstance(error, Forbidden | NotFound) and request.method not in SAFE_METHODS:
        _tell(error)
    response = problem(error.status, error.message, error)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _tell(error: RegistryError) -> None:
    """Let the audit know what a signed-in person tried to change and was refused."""
    if request.endpoint and current_user.is_authenticated:
        action = getattr(current_app.view_functions[request.endpoint], "action", request.endpoint)
        subject = str((request.view_args or {}).get("public_id", ""))
        refusals.tell(Refusal(actor(), str(action), subject, error.message))


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


def _database(error: DBAPIError | TimeoutError | OSError) -> Response:
    """No connection, a lock that never came free, a full disk: 503, try again. A wrong statement is a fault: 500."""
    found = outage.outage(error)
    if found is None:
        return _unknown(error)
    log.error("database error", exc_info=error)
    outage.leave_transaction()
    return _known(found)


def _system(error: OSError) -> Response:
    """A file could not be written since the disk is full."""
    return _database(error) if outage.takes_no_writes(error) else _unknown(error)


def _unknown(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    outage.leave_transaction()
    return problem(500, RegistryError.title)


def problem(status: int, message: Message, error: RegistryError | None = None) -> Response:
    """The error as a page, or as problem+json where the caller prefers JSON."""
    if status >= 500:
        _forget_reader()
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify(_as_json(status, message, error))
        response.mimetype = "application/problem+json"
    else:
        try:
            response = make_response(
                render_template("errors/problem.html", status=status, message=message, error=error, back=_back(error))
            )
        except DBAPIError as failed:
            if status >= 500:
                raise
            return _database(failed)
    response.status_code = status
    return response


def _forget_reader() -> None:
    """Draw the page as for a stranger: menu and counts would ask the database that has just failed."""
    g._login_user = AnonymousUserMixin()  # where flask-login looks first


def _back(error: RegistryError | None) -> str:
    """Where the reader may go on: what the error names, else the page of ours that they came from."""
    came_from = urlsplit(request.referrer or "")
    known = getattr(error, "location", "")
    if known or came_from.netloc != request.host or came_from.path == request.path:
        return str(known)
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def _as_json(status: int, message: Message, error: RegistryError | None) -> dict[str, object]:
    body: dict[str, object] = {"status": status, "title": str(message), "request_id": g.get("request_id", "")}
    if isinstance(error, Invalid):
        body["errors"] = {name: [str(text) for text in texts] for name, texts in error.fields.items()}
    return body
