"""Scans handed in after the ceremony. 扫描件批量上传。"""

from io import BytesIO

from flask import Response, flash, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from ....audit.services import record
from ....core.access.actions import Action
from ....core.db import transaction
from ....core.errors import Invalid, NotFound, RegistryError
from ....core.i18n import Message, msg
from ....core.web import once
from ....core.web.forms import Form, form_values
from ....core.web.guard import actor, needs
from ....documents import store
from ... import queries
from ...models import Agreement, AgreementParty, AgreementStatus, ScanState, SigningEvent
from ...services import intake, recognition
from ..page import form_at
from ..steps import reason, user
from .acts import REFUSALS, member
from .blueprint import blueprint


@blueprint.get("/events/<public_id>/scans")
@needs(Action.EVENT_INTAKE)
def scans(public_id: str) -> ResponseReturnValue:
    """What was handed in, and what became of each file."""
    return _render(queries.get_event(public_id, actor()))


@blueprint.post("/events/<public_id>/scans")
@needs(Action.EVENT_INTAKE)
def hand_in(public_id: str) -> ResponseReturnValue:
    """Several files: each is read and stored before the transaction, and filed in it."""
    event = queries.get_event(public_id, actor())
    form = Form(form_values())
    try:
        looked, refused = _look_at_all(event)
        if looked:
            with once.transaction() as result:
                filed = intake.file(queries.get_event(public_id, actor()), looked, user())
                waiting = sum(row.state is ScanState.WAITING for row in filed)
                result.at(url_for("events.scans", public_id=public_id))
    except REFUSALS as error:
        return _render(queries.get_event(public_id, actor()), error, form, "hand_in")
    if refused:
        return _render(queries.get_event(public_id, actor()), Invalid({"files": refused}), form, "hand_in")
    flash(str(msg("%(count)s files were filed", count=len(filed) - waiting)), "success")
    if waiting:
        flash(str(msg("%(count)s files wait to be chosen by hand", count=waiting)), "warning")
    return result.redirect()


def _look_at_all(event: SigningEvent) -> tuple[list[recognition.Looked], list[Message | str]]:
    """One refused file does not keep the others out: it is named with its reason."""
    given = [one for one in request.files.getlist("files") if one.filename]
    if not given:
        raise Invalid({"files": [msg("Choose at least one file")]})
    if len(given) > intake.MOST_FILES:
        raise Invalid({"files": [msg("At most %(most)s files at once", most=intake.MOST_FILES)]})
    looked: list[recognition.Looked] = []
    refused: list[Message | str] = []
    for one in given:
        try:
            looked.append(recognition.look(event, one.read(), one.filename or "", user()))
        except Invalid as error:
            reasons = [told for messages in error.fields.values() for told in messages]
            refused += [msg("%(file)s: %(reason)s", file=one.filename, reason=told) for told in reasons]
    return looked, refused


@blueprint.post("/events/<public_id>/scans/<scan_id>/assign")
@needs(Action.EVENT_INTAKE)
def assign(public_id: str, scan_id: str) -> ResponseReturnValue:
    """Choose the agreement and the parties of a file by hand, after comparing it by eye."""
    form = Form(form_values(lists=("parties",)))
    event = queries.get_event(public_id, actor())
    scan = queries.get_scan(event, scan_id, actor())
    try:
        chosen = _chosen(event, form)
        paper = intake.choose(scan, chosen, _parties(chosen, form), user())
        with once.transaction() as result:
            event = queries.get_event(public_id, actor())
            agreement = _chosen(event, form)
            scan = queries.get_scan(event, scan_id, actor())
            intake.assign(event, scan, agreement, _parties(agreement, form), paper, user())
            result.at(url_for("events.scans", public_id=public_id))
    except REFUSALS as error:
        return _render(queries.get_event(public_id, actor()), error, form, f"assign-{scan_id}")
    flash(str(msg("The file is filed")), "success")
    return result.redirect()


def _chosen(event: SigningEvent, form: Form) -> Agreement:
    """The agreement of the first party that was ticked; all have to be of one agreement."""
    chosen = [str(one).partition(":")[0] for one in form.value("parties", [])]
    if not chosen or len(set(chosen)) > 1:
        raise Invalid({"parties": [msg("Choose parties of one agreement")]})
    if "compared" not in form.values:
        raise Invalid({"compared": [msg("Compare the file with the signing copy first, then tick this box")]})
    return member(event, chosen[0])


def _parties(agreement: Agreement, form: Form) -> list[AgreementParty]:
    wanted = {str(one).partition(":")[2] for one in form.value("parties", [])}
    found = [party for party in agreement.parties if party.public_id in wanted]
    if len(found) != len(wanted):
        raise NotFound
    return found


@blueprint.post("/events/<public_id>/scans/<scan_id>/set-aside")
@needs(Action.EVENT_INTAKE)
def set_aside(public_id: str, scan_id: str) -> ResponseReturnValue:
    """Put a wrong file aside, with a reason."""
    form = Form(form_values())
    event = queries.get_event(public_id, actor())
    queries.get_scan(event, scan_id, actor())
    try:
        with once.transaction() as result:
            event = queries.get_event(public_id, actor())
            intake.set_aside(event, queries.get_scan(event, scan_id, actor()), reason(), user())
            result.at(url_for("events.scans", public_id=public_id))
    except REFUSALS as error:
        return _render(queries.get_event(public_id, actor()), error, form, f"aside-{scan_id}")
    flash(str(msg("The file is set aside")), "success")
    return result.redirect()


@blueprint.get("/events/<public_id>/scans/<scan_id>")
@needs(Action.EVENT_INTAKE)
def download(public_id: str, scan_id: str) -> Response:
    """A file as it was handed in, as an attachment that no browser runs; an audit event."""
    event = queries.get_event(public_id, actor())
    scan = queries.get_scan(event, scan_id, actor())
    data, media_type, name = store.read(scan.file), scan.file.media_type, scan.filename
    with transaction():
        record(actor(), Action.EVENT_DOWNLOAD, event, {"file": (None, name)})
    response = send_file(BytesIO(data), media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _render(
    event: SigningEvent, error: RegistryError | None = None, form: Form | None = None, failed: str = ""
) -> ResponseReturnValue:
    refused = form or Form()
    if isinstance(error, Invalid):
        refused = refused.refused(error)
    agreements = queries.programme_of(event, actor()).agreements
    rows = queries.scans_of_event(event, actor())
    open_ones = [one for one in agreements if one.status is AgreementStatus.SIGNING]
    waiting = any(row.state is ScanState.WAITING for row in rows)
    acting = recognition.acting_parties(open_ones, user())
    html = render_template(
        "events/scans.html",
        event=event,
        rows=rows,
        names={one.public_id: one for one in agreements},
        acting=[(one, acting[one.id]) for one in open_ones if waiting and one.id in acting],
        may_hand_in=bool(acting),
        most=intake.MOST_FILES,
        error=error,
        form_for=form_at(refused, failed),
    )
    return html, error.status if error else 200
