"""Adding files to a record and removing them; a script asks for JSON and sends one file at a time. 附件上传与移除."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from flask import flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import Conflict, Invalid, RegistryError, Stale
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import intake, policy, queries, services
from ..intake import Looked, Refused
from ..schemas import CaptionSchema, ReasonSchema
from ..subjects import Kind, kind_of
from .blueprint import blueprint

PLACE = "attachments"  # of the list on the record's page


@blueprint.get("/<kind>/<public_id>")
@needs(Action.ATTACHMENT_VIEW)
def index(kind: str, public_id: str) -> ResponseReturnValue:
    """All files of a record on a page of their own."""
    known = kind_of(kind)
    return _page(known, known.find(public_id, actor()), restored() or Form())


@blueprint.post("/<kind>/<public_id>")
@needs(Action.ATTACHMENT_ADD)
def add(kind: str, public_id: str) -> ResponseReturnValue:
    """Several files: good ones are kept, each bad one is told by its name and its reason."""
    known = kind_of(kind)
    policy.may_add(actor(), known, known.find(public_id, actor())).enforce()
    form = Form(form_values())
    try:
        caption = load(CaptionSchema(), form.values)["attachment_caption"]
        looked = intake.look(_given())
        if not (looked.taken or looked.refused):
            raise Invalid({"attachments": [msg("Choose at least one file")]})
    except Invalid as error:
        return _refused(known, public_id, error, form)
    added, refused = _keep(known, public_id, looked, caption) if looked.taken else ([], looked.refused)
    return _answer(known, public_id, added, refused)


def _given() -> Iterator[tuple[str, bytes]]:
    """One after another, so that no two are in memory."""
    return ((one.filename, one.read()) for one in request.files.getlist("attachments") if one.filename)


def _keep(kind: Kind, public_id: str, looked: Looked, caption: str) -> tuple[list[str], Sequence[Refused]]:
    """The names of what was added, and everything that was refused."""
    with once.transaction() as result:
        record = kind.find(public_id, actor())
        added, late = services.add(kind.code, record, looked.taken, _user(), caption)
        names = [one.filename for one in added]
        result.at(place_of(kind, public_id))
    return names, (*looked.refused, *late)


def _answer(kind: Kind, public_id: str, added: list[str], refused: Sequence[Refused]) -> ResponseReturnValue:
    told = [msg("%(file)s: %(reason)s", file=one.filename, reason=one.reason) for one in refused]
    if _wants_json():
        body = {"added": added, "refused": [{"name": one.filename, "reason": str(one.reason)} for one in refused]}
        return jsonify(body), 200 if added else 422
    if added:
        flash(str(msg("Files attached: %(count)s", count=len(added))), "success")
    if told:
        return _page(kind, kind.find(public_id, actor()), Form({}, {"attachments": told})), 422
    return _redirect(kind, public_id)


def _refused(kind: Kind, public_id: str, error: Invalid, form: Form) -> ResponseReturnValue:
    if _wants_json():
        raise error
    return _page(kind, kind.find(public_id, actor()), form.refused(error)), 422


@blueprint.post("/<public_id>/remove")
@needs(Action.ATTACHMENT_REMOVE)
def remove(public_id: str) -> ResponseReturnValue:
    """Take a file out of sight, with a reason."""
    known = queries.get(public_id, actor())
    form = Form(form_values())
    try:
        reason = load(ReasonSchema(), form.values)["reason"]
        with once.transaction() as result:
            found = queries.get_for_change(public_id, actor(), row_version())
            services.remove(found, reason, _user())
            result.at(place_of(known.kind, known.record.public_id))
    except (Invalid, Conflict) as error:
        return _not_removed(public_id, error, form)
    flash(str(msg("The attachment is removed; it can still be found below the list")), "success")
    return result.redirect()


def _not_removed(public_id: str, error: RegistryError, form: Form) -> ResponseReturnValue:
    found = queries.get(public_id, actor())
    if isinstance(error, Stale):
        show_newest()
    refused = form.refused(error) if isinstance(error, Invalid) else form
    return _page(found.kind, found.record, Form(), error=error, failed=(public_id, refused)), error.status


def place_of(kind: Kind, public_id: str) -> str:
    """The list on the page of a record."""
    return url_for(kind.address, public_id=public_id, _anchor=PLACE)


def _redirect(kind: Kind, public_id: str) -> ResponseReturnValue:
    done = once.Done()
    done.at(place_of(kind, public_id))
    return done.redirect()


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _user() -> User:
    return cast("User", actor())


def _page(kind: Kind, record: Any, form: Form, **more: Any) -> str:
    return render_template(
        "attachments/index.html",
        kind=kind,
        record=record,
        back=place_of(kind, record.public_id),
        rows=queries.attachments_of(kind.code, record),
        form=form,
        **more,
    )
