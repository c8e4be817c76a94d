"""Tells flask-login who is asking: the cookie's token, looked up in the table. 请求用户."""

import logging
from typing import Any

from flask import Flask, Request, current_app, g, redirect, request, url_for
from flask_login import UserMixin
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from ..core.dates import now
from ..core.db import transaction
from ..core.extensions import login_manager
from ..core.web.guard import OPEN_ENDPOINTS
from . import duties, sessions
from .duties import Duty
from .models import User

log = logging.getLogger(__name__)
# What somebody with a duty may still reach besides the page of that duty.
ALWAYS = frozenset({"accounts.sign_out"})
DUTY_ENDPOINTS = {
    Duty.CHANGE_PASSWORD: "accounts.password",
    Duty.SET_UP_SECOND_FACTOR: "accounts.set_up_second_factor",
}


def install(app: Flask) -> None:
    """Register with flask-login; what follows the guard in a request is put after it."""
    app.before_request(first_things_first)
    app.before_request(keep_alive)
    login_manager.request_loader(load)
    login_manager.login_view = "accounts.sign_in"
    login_manager.session_protection = None  # flask's own session holds no sign-in


def load(request: Request) -> Any:
    """The user of the request's session, or None; `g.user_session` keeps the session.

    `g.expired_user_id` tells whose session it was when it has ended: what they send now is parked (core.web.parked).
    """
    token = request.cookies.get(sessions.COOKIE, "")
    row = sessions.find(token) if token else None
    if row and row.user.is_demo and not current_app.extensions["settings"].demo:
        row = None
    g.user_session = row
    g.expired_user_id = sessions.owner_id(token) if token and row is None else None
    return row.user if row else None


def first_things_first() -> Response | None:
    """Lead people with a duty to its page, whatever they asked for."""
    row = g.get("user_session")
    if row is None or request.endpoint in OPEN_ENDPOINTS or request.endpoint in ALWAYS:
        return None
    duty = duties.due(row, current_app.extensions["settings"].password_profile, now())
    if duty is None or request.endpoint == DUTY_ENDPOINTS[duty]:
        return None
    return redirect(url_for(DUTY_ENDPOINTS[duty]), 303)


def keep_alive() -> None:
    """Note that the session was used, at most once a minute. A database that takes no writes still answers reads.

    A page that looks again by itself is nobody's use: else a screen that is left on would never be signed out.
    """
    row = g.get("user_session")
    if row is None or looks_again(request) or not sessions.is_due_for_touch(row, now()):
        return
    try:
        with transaction():
            sessions.touch(row.id, now())
    except DBAPIError:
        log.warning("the use of a session could not be noted", exc_info=True)


def looks_again(request: Request) -> bool:
    """Whether the page asks by itself: static/part.js says so, and the address of a page that reloads without it."""
    return "X-Refresh" in request.headers or request.args.get("auto") == "1"


# flask-login asks these of a user; they are not the table's business.
User.is_authenticated = UserMixin.is_authenticated
User.is_active = UserMixin.is_active
User.is_anonymous = UserMixin.is_anonymous
User.get_id = lambda self: self.public_id
