"""An import from the dropped file to its end: what each row would do, what names mean, entering, taking back. 导入."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, cast

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import Conflict, Invalid, RegistryError, Stale
from ...core.i18n import Message, msg
from ...core.web import once
from ...core.web.forms import Form, form_values, row_version, show_newest
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...jobs import reasons
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from .. import notes, policy, queries
from ..enums import AT_WORK, BatchState, RowState
from ..models import ImportBatch
from ..reading.workbook import find_ledger, open_book
from ..schemas import decisions_from, filename_from, mapping_from
from ..services import batches, undoing
from ..services.batches import Dropped
from ..targets.base import REPORTED, Target
from ..targets.catalogue import target
from .blueprint import blueprint

MOST_CHOICES = 400


@blueprint.get("/ledgers/<code>/import")
@needs(Action.LEDGER_IMPORT)
def new(code: str) -> ResponseReturnValue:
    """Where a file is dropped."""
    where = target(code)
    policy.may_import(actor(), where).enforce()
    return render_template("ledgers/new.html", target=where, form=Form())


@blueprint.post("/ledgers/<code>/import")
@needs(Action.LEDGER_IMPORT)
def create(code: str) -> ResponseReturnValue:
    """Take the file in; what cannot be read is told beside the field."""
    where = target(code)
    policy.may_import(actor(), where).enforce()
    try:
        dropped = _dropped(where)
        with once.transaction() as result:
            batch = batches.begin(dropped, where, _user())
            result.at(url_for("ledgers.show", public_id=batch.public_id))
    except Invalid as error:
        return render_template("ledgers/new.html", target=where, form=Form().refused(error)), 422
    return result.redirect()


def _dropped(where: Target) -> Dropped:
    """The file, looked at and stored. Raises Invalid."""
    given: FileStorage | None = request.files.get("file")
    data = given.read() if given else b""
    found = find_ledger(open_book(data), where.ledger)
    if found is None:
        raise Invalid({"file": [msg("No sheet of this file has the headings of this ledger")]})
    name = filename_from(given.filename or "") if given else ""
    return Dropped(name, sha256(data).hexdigest(), batches.keep(data), found)


@blueprint.get("/ledgers/imports/<public_id>")
@needs(Action.LEDGER_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """Every row with what it would do, and what is still to be decided."""
    return _page(queries.get(public_id, actor()))


@blueprint.get("/ledgers/imports/<public_id>/columns")
@needs(Action.LEDGER_CHANGE)
def columns(public_id: str) -> ResponseReturnValue:
    """Which field each column is."""
    batch = queries.get(public_id, actor())
    policy.may_change(actor(), batch, target(batch.ledger)).enforce()
    stored = {f"column-{one['place']}": batch.mapping.get(str(one["place"]), one["field"]) for one in batch.headings}
    return _columns_page(batch, Form(stored))


@blueprint.post("/ledgers/imports/<public_id>/columns")
@needs(Action.LEDGER_CHANGE)
def remap(public_id: str) -> ResponseReturnValue:
    """Say otherwise what columns are; everything is checked anew."""
    form = Form(form_values())
    try:
        with once.transaction() as result:
            batch = queries.get_for_change(public_id, actor(), row_version())
            batches.remap(batch, mapping_from(form.values), target(batch.ledger), _user())
            result.at(url_for("ledgers.show", public_id=public_id))
    except Invalid as error:
        return _columns_page(queries.get(public_id, actor()), form.refused(error)), 422
    return result.redirect()


def _columns_page(batch: ImportBatch, form: Form) -> str:
    where = target(batch.ledger)
    options = [(column.field, column.label) for column in where.ledger.columns]
    return render_template("ledgers/columns.html", batch=batch, target=where, form=form, options=options)


@blueprint.post("/ledgers/imports/<public_id>/names")
@needs(Action.LEDGER_CHANGE)
def decide(public_id: str) -> ResponseReturnValue:
    """Say whom names mean."""
    values = form_values()
    return _act(
        public_id, lambda batch: batches.decide_names(batch, decisions_from(values), target(batch.ledger), _user())
    )


@blueprint.post("/ledgers/imports/<public_id>/again")
@needs(Action.LEDGER_CHANGE)
def again(public_id: str) -> ResponseReturnValue:
    """Check the same file anew."""
    return _act(public_id, lambda batch: batches.check_again(batch, target(batch.ledger), _user()))


@blueprint.post("/ledgers/imports/<public_id>/abandon")
@needs(Action.LEDGER_CHANGE)
def abandon(public_id: str) -> ResponseReturnValue:
    """Go no further."""
    return _act(
        public_id, lambda batch: batches.abandon(batch, target(batch.ledger), _user()), msg("The import is abandoned")
    )


@blueprint.post("/ledgers/imports/<public_id>/confirm")
@needs(Action.LEDGER_ENTER)
def confirm(public_id: str) -> ResponseReturnValue:
    """Enter the new rows."""
    return _act(public_id, lambda batch: batches.confirm(batch, target(batch.ledger), _user()))


@blueprint.post("/ledgers/imports/<public_id>/undo")
@needs(Action.LEDGER_UNDO)
def undo(public_id: str) -> ResponseReturnValue:
    """Take all of it back."""
    done = msg("Everything that this import entered is taken back")
    return _act(public_id, lambda batch: undoing.undo(batch, target(batch.ledger), _user()), done)


def _act(public_id: str, do: Callable[[ImportBatch], None], done: Message | None = None) -> ResponseReturnValue:
    try:
        with once.transaction() as result:
            do(queries.get_for_change(public_id, actor(), row_version()))
            result.at(url_for("ledgers.show", public_id=public_id))
    except (Invalid, Conflict) as error:
        if isinstance(error, Stale):
            show_newest()
        return _page(queries.get(public_id, actor()), error), error.status
    if done:
        flash(str(done), "success")
    return result.redirect()


def _page(batch: ImportBatch, error: RegistryError | None = None) -> str:
    where = target(batch.ledger)
    state = _wanted_state()
    number = page_number()
    rows = queries.rows_of(batch, state, offset(number), PAGE_SIZE)
    total = batch.count(state) if state else batch.total if batch.state not in AT_WORK else batch.done
    may_change = policy.may_change(actor(), batch, where)
    asked = queries.asked_names(batch) if may_change and batch.state is BatchState.CHECKED else {}
    return render_template(
        "ledgers/show.html",
        batch=batch,
        target=where,
        error=error,
        page=Page(rows, number, min(total, COUNT_LIMIT + 1)),
        chips=[(str(one), one.label, batch.count(one)) for one in RowState if batch.count(one)],
        columns=_shown(batch, where),
        told=notes.read,
        asked=asked,
        choices=_choices(asked),
        form=Form(),
        failure=reasons.read(batch.error) if batch.error else "",
        before=_before(batch),
        at_work=batch.state in AT_WORK,
        RowState=RowState,
        REPORTED=REPORTED,
        may_change=may_change,
        may_enter=policy.may_enter(_user(), batch, where),
        may_undo=policy.may_undo(actor(), batch, where),
    )


def _before(batch: ImportBatch) -> ImportBatch | None:
    """An earlier import of the same bytes that counts."""
    if batch.state is not BatchState.CHECKED:
        return None
    return queries.entered_before(batch.sha256, batch.ledger, actor())


def _shown(batch: ImportBatch, where: Target) -> list[Any]:
    """The columns of the sheet that are read, without the running number."""
    fields = [batch.mapping.get(str(one["place"]), one["field"]) for one in batch.headings]
    return [where.ledger.column(field) for field in fields if field and field != "seq"]


def _choices(asked: dict[str, list[str]]) -> dict[str, Any]:
    """The organisations that may be meant, by public id; one query."""
    wanted = {public_id for proposals in asked.values() for public_id in proposals}
    found = choices_where(Organisation.public_id.in_(wanted), MOST_CHOICES) if wanted else []
    return {one.public_id: one for one in found}


def _wanted_state() -> RowState | None:
    given = request.args.get("row", "")
    return RowState(given) if given in set(RowState) else None


def _user() -> User:
    return cast("User", actor())
