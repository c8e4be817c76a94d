"""The public page behind the QR code: status, parties, dates, digests; and the verdict on a file dropped on it.

Nobody signs in here, so nothing else is told: no text, no contacts. Unknown codes get one constant answer.
"""

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from ...core.errors import Invalid
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.throttle import slow_down
from .. import verification

blueprint = Blueprint("verification", __name__)
LOOKUPS, MINUTES = 60, 10


def install(app: Flask) -> None:
    """Register the page."""
    app.register_blueprint(blueprint)


@blueprint.get("/v/<code>")
def show(code: str) -> ResponseReturnValue:
    """What the registry says of a code."""
    slow_down("verification", LOOKUPS, MINUTES)
    found = verification.find(code)
    return render_template("agreements/verify.html", code=code, found=found, form=Form()), 200 if found else 404


@blueprint.post("/v/<code>")
def check(code: str) -> ResponseReturnValue:
    """The verdict on a file: is it the registered one, unaltered?"""
    slow_down("verification", LOOKUPS, MINUTES)
    found = verification.find(code)
    given = request.files.get("file")
    form, verdict, status = Form(), None, 200 if found else 404
    try:
        if given is None or not given.filename:
            raise Invalid({"file": [msg("Choose a file")]})
        verdict = verification.judge(given.read(), found)
    except Invalid as error:
        form, status = form.refused(error), 422
    return render_template("agreements/verify.html", code=code, found=found, verdict=verdict, form=form), status
