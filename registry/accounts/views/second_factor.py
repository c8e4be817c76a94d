"""Setting up the second factor: the secret as a picture and as text, proven by a first code."""

import segno
from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ...core.access.actions import Action
from ...core.dates import now
from ...core.db import transaction
from ...core.errors import Invalid, TooMany
from ...core.i18n import msg
from ...core.web.forms import Form, form_values
from ...core.web.guard import needs
from ...core.web.schema import load
from .. import duties, second_factor
from ..duties import Duty
from ..inputs import FactorSetup
from ..schemas import SecondFactorChangeSchema, SecondFactorSetupSchema
from ..services import own
from . import cookies
from .blueprint import blueprint
from .own import me, present, profile_of_passwords, prove_twice, refusal, told

SETUP_SECONDS = 1800
TOO_OLD = msg("This page was open for too long; a new secret is shown, please scan it again")


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@needs(Action.ACCOUNT_MANAGE_OWN)
def set_up_second_factor() -> ResponseReturnValue:
    """Show a secret, take it when a code proves that the app has it and the present factor, if any, agrees."""
    if request.method == "GET":
        return _page(Form(), second_factor.new_secret())
    secret = _secret_of(request.form.get("secret_state", ""))
    if secret is None:
        error = Invalid({"": [TOO_OLD]})
        return refusal(_page(told(error), second_factor.new_secret()), error)
    try:
        schema = SecondFactorChangeSchema() if me().has_second_factor else SecondFactorSetupSchema()
        given = load(schema, form_values())
        setup = FactorSetup(secret, given["otp_code"], given.get("present_otp_code", ""))
        attempt = prove_twice(given["current_password"])
        with transaction():
            token, codes = own.enrol_second_factor(me(), setup, present(), attempt)
    except (Invalid, TooMany) as wrong:
        return refusal(_page(told(wrong), secret), wrong)
    response = make_response(render_template("accounts/recovery_codes.html", codes=codes))
    cookies.set_session(response, token)
    return response


def _page(form: Form, secret: str) -> str:
    picture = segno.make(second_factor.address(secret, me().account), error="m").png_data_uri(scale=5, border=4)
    state = _serializer().dumps([secret, me().public_id])
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    duty = duties.due(present(), profile_of_passwords(), now()) is Duty.SET_UP_SECOND_FACTOR
    return render_template(
        "accounts/second_factor_setup.html",
        form=form,
        picture=picture,
        secret=grouped,
        state=state,
        duty=duty,
        has_second_factor=me().has_second_factor,
    )


def _secret_of(state: str) -> str | None:
    """The secret of a page that this person was shown in the last half hour."""
    try:
        secret, public_id = _serializer().loads(state, max_age=SETUP_SECONDS)
    except BadSignature:
        return None
    return str(secret) if public_id == me().public_id else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="second-factor")
