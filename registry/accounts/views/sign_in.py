"""Sign-in, second step, sign-out."""

from flask import current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from ...core.access.actions import Action
from ...core.access.roles import LEADING
from ...core.db import transaction
from ...core.errors import Invalid, TooMany
from ...core.networks import network_of
from ...core.web.forms import Form, form_values
from ...core.web.guard import needs
from ...core.web.schema import load
from ...core.web.shell import local_target
from .. import queries
from ..models import User
from ..schemas import SecondFactorSchema, SignInSchema
from ..services import sign_in as services
from ..services.sign_in import Outcome
from . import cookies
from .blueprint import blueprint


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Account and password."""
    if request.method == "GET":
        return redirect(target()) if current_user.is_authenticated else _page("sign_in", Form())
    form = Form(form_values())
    try:
        outcome = _judge_password(form)
    except (Invalid, TooMany) as error:
        return _refused("sign_in", form, error)
    if outcome.second_step_for:
        response = redirect(url_for("accounts.second_factor", next=target()))
        cookies.set_second_step(response, outcome.second_step_for)
        return response
    return _signed_in(outcome)


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    """The code of the app, or a recovery code."""
    waiting = _whose_second_step()
    if waiting is None:
        flash(_("Please sign in again"), "warning")
        return redirect(url_for("accounts.sign_in", next=target()))
    if request.method == "GET":
        return _page("second_factor", Form())
    form = Form(form_values())
    try:
        code = load(SecondFactorSchema(), form.values)["otp_code"]
        with transaction():
            outcome = services.check_second_factor(waiting, code, _agent())
        _raise_refusal(outcome, "otp_code")
    except (Invalid, TooMany) as error:
        return _refused("second_factor", form, error)
    return _signed_in(outcome)


@blueprint.post("/sign-out")
@needs(Action.ACCOUNT_MANAGE_OWN)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    with transaction():
        services.sign_out(g.user_session)
    flash(_("You are signed out"), "success")
    response = redirect(url_for("accounts.sign_in"))
    cookies.forget_session(response)
    return response


def target() -> str:
    """Where to go after signing in: an address on this site, else the first page."""
    return local_target(request.values.get("next"), url_for("dashboards.index"))


def _judge_password(form: Form) -> Outcome:
    """Three steps: note the try, hash, decide.

    Raises Invalid and TooMany.
    """
    credentials = load(SignInSchema(), form.values)
    with transaction():
        attempt = services.begin(credentials.account, network_of(request.remote_addr or ""))
    check = services.check_password(credentials)
    with transaction():
        outcome = services.finish(attempt, check, _agent(), demo=current_app.extensions["settings"].demo)
    _raise_refusal(outcome, "")
    return outcome


def _whose_second_step() -> User | None:
    state = cookies.second_step()
    return queries.find_for_second_step(*state) if state else None


def _raise_refusal(outcome: Outcome, field: str) -> None:
    if outcome.refusal:
        raise Invalid({field: [outcome.refusal]})


def _signed_in(outcome: Outcome) -> ResponseReturnValue:
    response = redirect(_first_page(outcome))
    cookies.set_session(response, outcome.token)
    return response


def _first_page(outcome: Outcome) -> str:
    """What was asked for; without a wish leaders see the overview, everybody else what waits for them."""
    wish = target()
    leads = outcome.roles & LEADING and wish == url_for("dashboards.index")
    return url_for("dashboards.overview") if leads else wish


def _agent() -> str:
    return request.user_agent.string


def _page(name: str, form: Form) -> str:
    return render_template(f"accounts/{name}.html", form=form, next=target())


def _refused(name: str, form: Form, error: Invalid | TooMany) -> Response:
    """The form again, without the secret, with what is wrong."""
    fields = error.fields if isinstance(error, Invalid) else {"": [error.message]}
    kept = {field: value for field, value in form.values.items() if field == "account"}
    response = make_response(_page(name, Form(kept, fields)), error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
