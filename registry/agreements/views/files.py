"""Uploads of a party's papers, and downloads."""

from io import BytesIO

from flask import Response, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.db import transaction
from ...core.errors import Invalid, NotFound
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from ...documents import store, uploads
from ...documents.models import StoredFile
from .. import queries
from ..inputs import PaperDetails
from ..models import Agreement, AgreementDocument, AgreementParty
from ..schemas.actions import UploadSchema
from ..services import files, incoming
from . import page
from .blueprint import blueprint
from .known import Known
from .steps import act, party_of, reason, user


@blueprint.post("/agreements/<public_id>/files")
@needs(Action.AGREEMENT_RECORD_SIGNATURE)
def upload(public_id: str) -> ResponseReturnValue:
    """A paper of one party or several: checked, matched and stored before the transaction, filed in it."""
    form = Form(form_values(lists=("parties",)))
    agreement = queries.get_visible(public_id, actor())
    decide(actor(), Action.AGREEMENT_RECORD_SIGNATURE, agreement).enforce()
    try:
        details = load(UploadSchema(), form.values)
        paper = incoming.take(agreement, _parties(agreement, details), details, *given_file(), user())
        with once.transaction() as result:
            agreement = queries.get_for_change(public_id, actor(), row_version())
            files.attach(agreement, _parties(agreement, details), paper, user())
            result.at(url_for("agreements.show", public_id=public_id))
    except page.REFUSALS as error:
        return page.render(queries.get_visible(public_id, actor()), error, form, "upload")
    flash(str(msg("The file is stored")), "success")
    for note in paper.notes:
        flash(str(note), "warning")
    return result.redirect()


def _parties(agreement: Agreement, details: PaperDetails) -> list[AgreementParty]:
    return [party_of(agreement, public_id) for public_id in dict.fromkeys(details.parties)]


def given_file() -> tuple[bytes, str]:
    """Bytes and name of the uploaded file.

    Raises Invalid where none was chosen.
    """
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid({"file": [msg("Choose a file")]})
    return given.read(), given.filename


def store_upload() -> tuple[uploads.Upload, store.Kept]:
    """The uploaded file, looked at and kept. Raises Invalid."""
    data, filename = given_file()
    checked = uploads.inspect(data, filename)
    return checked, store.put(data, checked.media_type)


@blueprint.post("/agreements/<public_id>/source")
@needs(Action.AGREEMENT_EDIT)
def upload_source(public_id: str) -> ResponseReturnValue:
    """The source of a historic entry, as a scan or a page of a newspaper."""
    form = Form(form_values())
    decide(actor(), Action.AGREEMENT_EDIT, queries.get_visible(public_id, actor())).enforce()
    try:
        checked, kept = store_upload()
        with once.transaction() as result:
            agreement = queries.get_for_change(public_id, actor(), row_version())
            files.attach_source(agreement, store.register(kept), checked.filename, user())
            result.at(url_for("agreements.show", public_id=public_id))
    except page.REFUSALS as error:
        return page.render(queries.get_visible(public_id, actor()), error, form, "source")
    flash(str(msg("The file is stored")), "success")
    return result.redirect()


@blueprint.post("/agreements/<public_id>/files/<document_id>/remove")
@needs(Action.AGREEMENT_RECORD_SIGNATURE)
def remove_file(public_id: str, document_id: str) -> ResponseReturnValue:
    """Take a wrong scan back, with a reason; the file stays and is marked void."""
    return act(
        public_id,
        f"remove-{document_id}",
        msg("The file is marked void"),
        lambda agreement, by: files.remove(agreement, document_of(agreement, document_id), reason(), by),
    )


@blueprint.get("/agreements/<public_id>/files/<document_id>")
@needs(Action.AGREEMENT_DOWNLOAD)
def download(public_id: str, document_id: str) -> Response:
    """The file as an attachment that no browser runs; the download is an audit event."""
    agreement = queries.get_visible(public_id, actor())
    document = document_of(agreement, document_id)
    return sent_file(agreement, document.file, document.filename)


def sent_file(agreement: Agreement, file: StoredFile, name: str) -> Response:
    """A stored file under its name, and the audit event of it."""
    data, media_type = store.read(file), file.media_type
    with transaction():
        record(actor(), Action.AGREEMENT_DOWNLOAD, agreement, {"file": (None, name)})
    response = send_file(BytesIO(data), media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def document_of(agreement: Agreement, public_id: str) -> AgreementDocument:
    """A file of this agreement; somebody else's file does not exist here."""
    for document in Known(agreement, actor()).documents:
        if document.public_id == public_id:
            return document
    raise NotFound
