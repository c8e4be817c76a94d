"""Everybody's own account: who one is, the password, the second factor, the signed-in browsers."""

from flask import current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...core.access.actions import Action
from ...core.dates import now
from ...core.db import transaction
from ...core.errors import Conflict, Invalid, RegistryError, TooMany
from ...core.web.forms import Form, form_values
from ...core.web.guard import needs
from ...core.web.schema import load
from .. import duties, queries, second_factor
from ..browsers import browser_name
from ..duties import Duty
from ..models import User, UserSession
from ..password_rules import DENGBAO3
from ..schemas import NewPasswordSchema, PasswordChangeSchema, RecoveryCodesSchema
from ..services import own
from . import cookies
from .blueprint import blueprint


@blueprint.get("/account")
@needs(Action.ACCOUNT_MANAGE_OWN)
def profile() -> ResponseReturnValue:
    """Who one is, and what one may do."""
    return _profile(Form())


@blueprint.route("/account/password", methods=["GET", "POST"])
@needs(Action.ACCOUNT_MANAGE_OWN)
def password() -> ResponseReturnValue:
    """Change it."""
    if request.method == "GET":
        return _password_page(Form())
    form = Form(form_values())
    try:
        change = load(PasswordChangeSchema(), form.values)
        attempt = prove(change.current_password)
        hashed = own.judge_new_password(me(), change.new_password, change.repeat_password, profile_of_passwords())
        with transaction():
            token = own.change_password(me(), hashed, present(), attempt)
    except (Invalid, TooMany) as error:
        return refusal(_password_page(told(error)), error)
    flash(_("Your password is changed; other browsers are signed out"), "success")
    response = redirect(url_for("accounts.profile"), 303)
    cookies.set_session(response, token)
    return response


@blueprint.post("/account/recovery-codes")
@needs(Action.ACCOUNT_MANAGE_OWN)
def renew_recovery_codes() -> ResponseReturnValue:
    """Ten new ones, shown once."""
    try:
        given = load(RecoveryCodesSchema(), form_values())
        attempt = prove_twice(given["current_password"])
        with transaction():
            codes = own.renew_recovery_codes(me(), given["present_otp_code"], attempt)
    except (Invalid, TooMany) as error:
        return refusal(_profile(told(error)), error)
    return render_template("accounts/recovery_codes.html", codes=codes)


@blueprint.get("/account/sessions")
@needs(Action.ACCOUNT_MANAGE_OWN)
def sessions() -> ResponseReturnValue:
    """The browsers in which one is signed in."""
    rows = queries.list_sessions(me())
    return render_template("accounts/sessions.html", sessions=rows, present=present(), browser_name=browser_name)


@blueprint.post("/account/sessions/<public_id>/end")
@needs(Action.ACCOUNT_MANAGE_OWN)
def end_session(public_id: str) -> ResponseReturnValue:
    """Sign one of them out."""
    with transaction():
        own.end_session(me(), queries.get_session(me(), public_id))
    flash(_("The session is ended"), "success")
    return redirect(url_for("accounts.sessions"), 303)


@blueprint.post("/account/sessions/end-others")
@needs(Action.ACCOUNT_MANAGE_OWN)
def end_other_sessions() -> ResponseReturnValue:
    """Sign all but this one out."""
    with transaction():
        others = [row for row in queries.list_sessions(me()) if row.id != present().id]
        count = own.end_other_sessions(me(), others)
    flash(_("%(count)s other sessions are ended", count=count), "success")
    return redirect(url_for("accounts.sessions"), 303)


@blueprint.route("/set-password/<token>", methods=["GET", "POST"])
def redeem(token: str) -> ResponseReturnValue:
    """Set a password with a one-time link. A dead link says so, whatever was wrong with it."""
    found = queries.find_by_token(token)
    if found is None:
        raise Conflict(own.DEAD_LINK)
    if request.method == "GET":
        return _redeem_page(found, Form())
    try:
        new = load(NewPasswordSchema(), form_values())
        hashed = own.judge_new_password(found, new.new_password, new.repeat_password, profile_of_passwords())
    except Invalid as error:
        return refusal(_redeem_page(found, told(error)), error)
    with transaction():
        own.redeem(token, hashed)
    flash(_("Your password is set; please sign in"), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def me() -> User:
    """Whose session this is."""
    user: User = g.user_session.user
    return user


def present() -> UserSession:
    """The session of this browser."""
    row: UserSession = g.user_session
    return row


def prove(given: str) -> int:
    """Make sure that it is still the same person; returns the number of the try.

    Raises Invalid and TooMany.
    """
    with transaction():
        attempt = own.note_own_password(me())
    own.judge_own_password(me(), given)
    return attempt


def prove_twice(given: str) -> int:
    """The same, and note a try at a code of the second factor, which the service judges; returns that try's number.

    Who has no second factor is asked for the password only.

    Raises Invalid and TooMany.
    """
    attempt = prove(given)
    if not me().has_second_factor:
        return attempt
    with transaction():
        own.accept_own_password(attempt)
    with transaction():  # apart: a locked code must not turn the right password into a failure
        return own.note_own_code(me())


def profile_of_passwords() -> str:
    """The configured set of rules."""
    name: str = current_app.extensions["settings"].password_profile
    return name


def told(error: Invalid | TooMany) -> Form:
    """A form of secrets comes back empty, with what was wrong."""
    return Form({}, error.fields if isinstance(error, Invalid) else {"": [error.message]})


def refusal(page: str, error: RegistryError) -> Response:
    """The page with the error's status."""
    response = make_response(page, error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _profile(form: Form) -> str:
    unused = second_factor.unused_recovery_codes(me())
    return render_template("accounts/profile.html", user=me(), form=form, unused_codes=unused)


def _password_page(form: Form) -> str:
    duty = duties.due(present(), profile_of_passwords(), now()) is Duty.CHANGE_PASSWORD
    classes = profile_of_passwords() == DENGBAO3
    return render_template("accounts/password.html", form=form, user=me(), classes=classes, duty=duty)


def _redeem_page(user: User, form: Form) -> str:
    return render_template("accounts/redeem.html", form=form, user=user, classes=profile_of_passwords() == DENGBAO3)
