"""The public pages for checking a paper: by the code on it, or by the file alone; and the schema of the record.

Nobody signs in here, so nothing else is told: no text, no contacts. Unknown codes get one constant answer.
"""

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...core.errors import Invalid
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.throttle import slow_down
from ...documents.inspection.kinds import LARGEST_BYTES
from .. import comparison, record, verification
from ..verification import PublicRecord

blueprint = Blueprint("verification", __name__)
LOOKUPS, FILES, MINUTES = 60, 40, 10
A_DAY = 24 * 60 * 60


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)


@blueprint.get("/verify")
def begin() -> ResponseReturnValue:
    """Where to type a code or drop a file; a typed code leads to its page."""
    code = verification.plain_code(request.args.get("code", ""))
    if code and code.isascii() and code.isalnum():
        return redirect(url_for("verification.show", code=code[: verification.LONGEST_CODE]), 303)
    form = Form({"code": request.args.get("code", "")[: verification.LONGEST_CODE]})
    if "code" in request.args:
        form = form.refused(Invalid({"code": [msg("A code consists of letters and digits only")]}))
    return _verify_page(form), 422 if form.has_errors else 200


@blueprint.post("/verify")
def check_file() -> ResponseReturnValue:
    """The verdict on a file without a code."""
    slow_down("verification-file", FILES, MINUTES)
    try:
        verdict = comparison.judge_alone(_given_file())
    except Invalid as error:
        return _verify_page(Form().refused(error)), 422
    return _verify_page(Form(), verdict=verdict)


@blueprint.get("/v/<code>")
def show(code: str) -> ResponseReturnValue:
    """What the registry says of a code; a page's own code says which revision and page was scanned."""
    slow_down("verification", LOOKUPS, MINUTES)
    found = verification.find(code)
    return _code_page(code, found, Form()), 200 if found else 404


@blueprint.post("/v/<code>")
def check(code: str) -> ResponseReturnValue:
    """The verdict on a file: is it a registered paper of this agreement, unaltered?"""
    slow_down("verification-file", FILES, MINUTES)
    found = verification.find(code)
    try:
        verdict = comparison.judge(_given_file(), found)
    except Invalid as error:
        return _code_page(code, found, Form().refused(error)), 422
    return _code_page(code, found, Form(), verdict), 200 if found else 404


@blueprint.get(record.SCHEMA_PATH)
def schema() -> Response:
    """The JSON Schema of the machine-readable record, the same for everybody."""
    response = Response(record.schema_bytes(), mimetype="application/schema+json")
    response.cache_control.public, response.cache_control.max_age = True, A_DAY
    response.add_etag()
    response.make_conditional(request)
    return response


def _given_file() -> bytes:
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid({"file": [msg("Choose a file")]})
    data = bytes(given.read(LARGEST_BYTES + 1))
    if len(data) > LARGEST_BYTES:
        raise Invalid({"file": [msg("At most %(limit)s MB can be checked here", limit=20)]})
    return data


def _verify_page(form: Form, verdict: comparison.Judgement | None = None) -> str:
    return render_template("agreements/verify.html", form=form, verdict=verdict)


def _code_page(code: str, found: PublicRecord | None, form: Form, verdict: comparison.Judgement | None = None) -> str:
    said = verification.told_of_page(found, _number("r"), _number("p")) if found else None
    return render_template(
        "agreements/verify_code.html", code=code, found=found, form=form, verdict=verdict, page_said=said
    )


def _number(name: str) -> int | None:
    """A small positive number of the address; anything else counts as not given."""
    given = request.args.get(name, "")
    usable = given.isascii() and given.isdigit() and len(given) < 5
    return int(given) if usable and int(given) else None
