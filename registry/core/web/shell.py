"""The frame around every page: language switch, what templates may call. 页面外壳."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ..access.actions import Action
from ..access.decision import Decision, Subject, decide
from ..dates import SHANGHAI, prose_date
from ..i18n import LANGUAGES
from .language import COOKIE

blueprint = Blueprint("shell", __name__)
ONE_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Register the language switch and the helpers of templates."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= {"may": may, "Action": Action, "prose_date": prose_date, "LANGUAGES": LANGUAGES}
    app.jinja_env.filters |= {"moment": moment, "or_dash": or_dash}
    app.context_processor(
        lambda: {"request_id": g.get("request_id", ""), "settings": current_app.extensions["settings"]}
    )


def may(action: Action, subject: Subject | None = None) -> Decision:
    """The policy's answer for the signed-in user: templates show what is allowed, and say why not."""
    return decide(current_user, action, subject)


def moment(value: object) -> str:
    """A UTC moment as Shanghai sees it: 2026-11-22 17:05."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if hasattr(value, "astimezone") else "—"


def or_dash(value: object) -> object:
    """Missing data is a dash, never a zero."""
    return "—" if value in (None, "") else value


def local_target(given: str | None, fallback: str) -> str:
    """An address on this site to go back to; anything else is the fallback."""
    parts = urlsplit(given or "")
    safe = given and not parts.scheme and not parts.netloc and given.startswith("/") and "\\" not in given
    return str(given) if safe and not str(given).startswith("//") else fallback


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """Remember the reader's language in a cookie; signed-in users keep it in their account (accounts.preferences)."""
    response = redirect(local_target(request.form.get("next"), "/"))
    wish = request.form.get("language", "")
    if wish in LANGUAGES:
        response.set_cookie(COOKIE, wish, max_age=ONE_YEAR, secure=True, httponly=True, samesite="Lax")
    return response
