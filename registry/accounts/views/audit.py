"""The auditor's pages: look for events, export them, check the chain."""

from dataclasses import fields
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...audit import queries, verify
from ...audit.queries import EventFilter
from ...core.access.actions import Action
from ...core.dates import today
from ...core.db import transaction
from ...core.errors import Invalid
from ...core.i18n import msg
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.paging import PAGE_SIZE, Page, offset, page_number
from ...core.web.schema import load
from ..event_labels import action_label, change_words, reason_label, type_label
from ..schemas import EventFilterSchema
from ..services import audit_export

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
IN_MEMORY = 1024 * 1024
FIELDS = frozenset(field.name for field in fields(EventFilter))
COLUMNS = (
    msg("No."),
    msg("Time (Beijing)"),
    msg("Actor"),
    msg("Action"),
    msg("Action code"),
    msg("Succeeded"),
    msg("Kind of record"),
    msg("Record"),
    msg("Record id"),
    msg("Changes"),
    msg("Reason"),
    msg("Address"),
    msg("Request"),
    msg("Hash"),
)


@blueprint.get("")
@needs(Action.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """Events, newest first."""
    form = Form({name: value for name, value in request.args.items() if name in FIELDS})
    try:
        wanted = load(EventFilterSchema(), form.values)
    except Invalid as error:
        return _page(form.refused(error), Page([], 1, 0)), error.status
    number = page_number()
    rows, total = queries.list_events(wanted, offset(number), PAGE_SIZE)
    return _page(form, Page(rows, number, total))


@blueprint.post("/export")
@needs(Action.AUDIT_EXPORT)
def export() -> ResponseReturnValue:
    """All events that fit, as CSV; the export is an event itself."""
    form = Form(form_values())
    try:
        wanted = load(EventFilterSchema(), form.values)
    except Invalid as error:
        return _page(form.refused(error), Page([], 1, 0)), error.status
    file = cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - the answer closes it
    count = audit_export.write_events(wanted, COLUMNS, file)
    with transaction():
        audit_export.note_export(actor(), wanted, count)
    file.seek(0)
    name = _("audit-%(day)s.csv", day=today().isoformat())
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)


@blueprint.post("/check")
@needs(Action.AUDIT_VIEW)
def check() -> ResponseReturnValue:
    """Walk the whole chain and compare it with the signed checkpoints."""
    verdict = verify.verify()
    with transaction():
        audit_export.note_check(actor(), verdict)
    return render_template("accounts/audit/check.html", verdict=verdict)


def _page(form: Form, page: Page) -> str:
    return render_template(
        "accounts/audit/index.html",
        form=form,
        page=page,
        actions=[(code, action_label(code)) for code in queries.distinct_actions()],
        action_label=action_label,
        type_label=type_label,
        change_words=change_words,
        reason_label=reason_label,
    )
