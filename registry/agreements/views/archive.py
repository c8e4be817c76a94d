"""Filing signed papers, their archive package, and the organisation's terms of retention."""

from io import BytesIO

from flask import Response, flash, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.db import transaction
from ...core.errors import Conflict, Invalid, NotFound
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from ...documents import store
from .. import policy, queries
from ..models import Agreement, AgreementKind, ArchiveSettings, Retention
from ..retention import retention_for
from ..schemas.archive import ArchiveSchema, RetentionSchema
from ..services import archiving
from .blueprint import blueprint
from .known import Known
from .steps import act, user


@blueprint.post("/agreements/<public_id>/archive/<entry_id>")
@needs(Action.AGREEMENT_ARCHIVE)
def archive(public_id: str, entry_id: str) -> ResponseReturnValue:
    """File a signed paper."""

    def do(agreement: Agreement, by: User) -> None:
        details = load(ArchiveSchema(), form_values())
        archiving.archive(queries.entry_of(agreement, entry_id), details, by)

    return act(public_id, f"archive-{entry_id}", msg("The papers are archived; the archive package is being made"), do)


@blueprint.post("/agreements/<public_id>/archive/<entry_id>/remake")
@needs(Action.AGREEMENT_REMAKE)
def remake_archive(public_id: str, entry_id: str) -> ResponseReturnValue:
    """Make the package (again)."""
    return act(
        public_id,
        f"archive-{entry_id}",
        msg("The document is being made"),
        lambda agreement, by: archiving.remake_package(queries.entry_of(agreement, entry_id), by),
    )


@blueprint.get("/agreements/<public_id>/archive/<entry_id>.zip")
@needs(Action.AGREEMENT_DOWNLOAD)
def archive_package(public_id: str, entry_id: str) -> Response:
    """The package; an audit event like any download."""
    agreement = queries.get_visible(public_id, actor())
    entry = queries.entry_of(agreement, entry_id)
    policy.may_take_archive(actor(), agreement, sees_owner=Known(agreement, actor()).sees_owner).enforce()
    if entry.package is None:
        raise NotFound
    data, name = store.read(entry.package), f"{entry.number}-归档包.zip"
    with transaction():
        record(actor(), Action.AGREEMENT_DOWNLOAD, agreement, {"file": (None, name)})
    response = send_file(BytesIO(data), "application/zip", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@blueprint.get("/agreements/retention")
@needs(Action.ARCHIVE_CONFIGURE)
def retention() -> ResponseReturnValue:
    """The terms that the reader's organisation proposes for each kind of agreement."""
    row = queries.settings_of(user().organisation)
    return _retention_page(
        row, restored() or Form({str(kind): str(retention_for(kind, row)) for kind in AgreementKind})
    )


@blueprint.post("/agreements/retention")
@needs(Action.ARCHIVE_CONFIGURE)
def set_retention() -> ResponseReturnValue:
    """Change them."""
    form = Form(form_values())
    try:
        wanted = load(RetentionSchema(), form.values)
        with once.transaction() as done:
            archiving.set_retentions(wanted, user(), row_version())
            done.at(url_for("agreements.retention"))
    except Invalid as error:
        return _retention_page(queries.settings_of(user().organisation), form.refused(error)), 422
    except Conflict as error:
        refused = form.refused(Invalid({"": [error.message]}))
        return _retention_page(queries.settings_of(user().organisation), refused), 409
    flash(str(msg("The terms of retention are saved")), "success")
    return done.redirect()


def _retention_page(row: ArchiveSettings | None, form: Form) -> str:
    return render_template(
        "agreements/retention.html", form=form, version=row.row_version if row else 0, kinds=AgreementKind,
        retentions=Retention,
    )  # fmt: skip
