"""Request ids, same-origin checks, and the headers of every answer."""

import re
from secrets import token_hex
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

from ..errors import Forbidden
from ..i18n import msg
from ..request import set_origin
from .outage import is_signed_in

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LASTING = frozenset(
    {"static", "bootstrap.static", "icons.sheet"}
)  # the same for everybody, with a version in the address
SAME_SITE = frozenset({"same-origin", "none"})
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def install(app: Flask) -> None:
    """Put the hooks in place; the request id comes first."""
    app.before_request(_begin)
    app.before_request(_limit)
    app.before_request(_same_origin)
    app.after_request(_finish)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else token_hex(8)
    set_origin(request.remote_addr or "", g.request_id)
    if "\x00" in request.path or any("\x00" in value for values in request.args.listvalues() for value in values):
        abort(400)  # no text of ours has it, and PostgreSQL refuses to be asked for it


def _limit() -> None:
    """What is not an upload may be as large as a form; werkzeug itself limits the fields of uploads only."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _same_origin() -> None:
    """Refuse unsafe requests that another site sends (beside the CSRF token)."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if (site and site not in SAME_SITE) or (origin and urlsplit(origin).netloc != request.host):
        raise Forbidden(msg("This request came from another site and was refused"))


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint in LASTING:
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif response.cache_control.private and request.method in SAFE_METHODS and response.status_code < 400:
        response.vary.add("Cookie")  # a view that says so lets the reader's own browser keep what it asks for again
    elif request.method not in SAFE_METHODS or response.status_code >= 500 or is_signed_in():
        response.headers["Cache-Control"] = "no-store"
    return response
