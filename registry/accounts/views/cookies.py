"""The two cookies of sign-in. `__Host-` binds them to this host and to TLS (loopback counts as such)."""

from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from ..models import User
from ..sessions import COOKIE

SECOND_STEP_COOKIE = "__Host-second-step"
SECOND_STEP_SECONDS = 300


def set_session(response: Response, token: str) -> None:
    """Hand the session's token to the browser; the second step, if there was one, is over."""
    _set(response, COOKIE, token)
    _forget(response, SECOND_STEP_COOKIE)


def forget_session(response: Response) -> None:
    """Take it back."""
    _forget(response, COOKIE)


def set_second_step(response: Response, user: User) -> None:
    """Remember, signed and for five minutes, who gave the right password; this is no session."""
    state = _serializer().dumps([user.public_id, user.security_epoch])
    _set(response, SECOND_STEP_COOKIE, str(state), SECOND_STEP_SECONDS)


def second_step() -> tuple[str, int] | None:
    """Public id and security epoch of whoever is at the second step; None when nobody is, or for too long."""
    try:
        state = _serializer().loads(request.cookies.get(SECOND_STEP_COOKIE, ""), max_age=SECOND_STEP_SECONDS)
    except BadSignature:
        return None
    public_id, epoch = state
    return str(public_id), int(epoch)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="second-step")


def _set(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    settings: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/"}
    response.set_cookie(name, value, max_age=max_age, **settings)


def _forget(response: Response, name: str) -> None:
    response.delete_cookie(name, secure=True, httponly=True, samesite="Lax", path="/")
