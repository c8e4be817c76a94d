"""Closed by default: an endpoint names its action, or stands on the short list of open ones. 入口把关."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ..access.actions import Action
from ..access.decision import Actor, decide
from ..access.scope import set_viewer

View = TypeVar("View", bound=Callable[..., Any])

OPEN_ENDPOINTS = frozenset(
    {
        "static",
        "bootstrap.static",
        "health.alive",
        "health.ready",
        "accounts.sign_in",
        "accounts.second_factor",
        "accounts.redeem",
        "shell.language",
        "icons.sheet",
        "styleguide.index",
        "styleguide.sent",
        "styleguide.suggest",
        "styleguide.problem",
        "samples.index",
        "samples.picture",
        "verification.show",
        "verification.check",
        "verification.begin",
        "verification.check_file",
        "verification.schema",
        # Calendar programs cannot sign in: the address itself is the secret (256 bits, hashed, bound to the person's
        # security epoch, revocable), throttled, and whatever is wrong with it is a 404.
        "calendar.feed",
    }
)


def needs(action: Action) -> Callable[[View], View]:
    """Mark a view with the action that it performs; the guard asks the policy table before it runs."""

    def mark(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def actor() -> Actor:
    """The signed-in user; only called behind the guard."""
    return cast("Actor", current_user._get_current_object())


def install(app: Flask) -> None:
    """Ask before every request."""
    app.before_request(_check)


def _check() -> Response | None:
    set_viewer(None)
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return None
    action = getattr(current_app.view_functions[endpoint], "action", None)
    if action is None:
        abort(403)
    if not current_user.is_authenticated:
        return cast("Response", current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
    g.user_id = actor().id
    decide(actor(), action).enforce()
    set_viewer(actor().organisation_id)
    return None
