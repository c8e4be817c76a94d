"""Tells flask-login who is asking: the cookie's token, looked up in the table. 请求用户."""

from typing import Any

from flask import Flask, Request, g
from flask_login import UserMixin

from ..core.extensions import login_manager
from . import sessions
from .models import User


def install(_app: Flask) -> None:
    """Register with flask-login."""
    login_manager.request_loader(load)
    login_manager.login_view = "accounts.sign_in"
    login_manager.session_protection = None  # flask's own session holds no sign-in


def load(request: Request) -> Any:
    """The user of the request's session, or None; `g.user_session` keeps the session."""
    token = request.cookies.get(sessions.COOKIE, "")
    row = sessions.find(token) if token else None
    g.user_session = row
    return row.user if row else None


# flask-login asks these of a user; they are not the table's business.
User.is_authenticated = UserMixin.is_authenticated
User.is_active = UserMixin.is_active
User.is_anonymous = UserMixin.is_anonymous
User.get_id = lambda self: self.public_id
