"""The list of signing events, the page of one, entering and changing one."""

from collections.abc import Iterator
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ....attachments.queries import count_of
from ....core.access.actions import Action
from ....core.access.decision import decide
from ....core.errors import Invalid, Stale
from ....core.i18n import msg
from ....core.web import once
from ....core.web.forms import Form, form_values, restored, row_version, show_newest
from ....core.web.guard import actor, needs
from ....core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ....core.web.words import legal_date
from ....records.views.export import Column, in_pages, send
from ... import queries
from ...models import SigningEvent
from ...schemas.events import event_from, programme_text
from ...services import events
from ..steps import user
from . import page
from .blueprint import blueprint

EXPORTED = "event:export"
TEXTS = ("title_zh", "title_en", "place", "source", "source_url")


@blueprint.get("/events")
@needs(Action.EVENT_VIEW)
def index() -> ResponseReturnValue:
    """Events within the reader's scope, the newest first."""
    number = page_number()
    rows = queries.list_events(actor(), offset(number), PAGE_SIZE)
    ids = [row.id for row in rows]
    return render_template(
        "events/index.html",
        page=Page(rows, number, queries.count_events(actor(), COUNT_LIMIT)),
        counts=queries.agreements_in(actor(), ids),
        files=count_of("event", ids),
    )


@blueprint.post("/events/export")
@needs(Action.EVENT_VIEW)
def export() -> ResponseReturnValue:
    """The list as XLSX or CSV; the export is an event itself."""
    counts: dict[int, int] = {}
    columns = [
        Column(msg("Signing event"), lambda row: row.title_zh),
        Column(msg("Date"), lambda row: legal_date(row.held_on, row.held_precision)),
        Column(msg("Place"), lambda row: row.place),
        Column(msg("Host"), lambda row: row.owner_zh),
        Column(msg("Agreements in your scope"), lambda row: counts.get(row.id, 0)),
        Column(msg("Source"), lambda row: row.source),
    ]
    return send(msg("Signing events"), columns, _rows(counts), EXPORTED, {})


def _rows(counts: dict[int, int]) -> Iterator[Row[Any]]:
    for rows in in_pages(lambda start, most: queries.list_events(actor(), start, most)):
        counts.update(queries.agreements_in(actor(), [row.id for row in rows]))
        yield from rows


@blueprint.get("/events/new")
@needs(Action.EVENT_ADD)
def new() -> ResponseReturnValue:
    """An empty form, or what was typed when the session ended."""
    return _form_page(restored() or Form())


@blueprint.post("/events/new")
@needs(Action.EVENT_ADD)
def create() -> ResponseReturnValue:
    """Enter an event."""
    form = Form(form_values())
    try:
        given = event_from(form.values)
        with once.transaction() as done:
            event = events.create(given, user())
            done.at(url_for("events.show", public_id=event.public_id))
    except Invalid as error:
        return _form_page(form.refused(error)), 422
    flash(str(msg("The signing event is saved")), "success")
    return done.redirect()


@blueprint.get("/events/<public_id>")
@needs(Action.EVENT_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One event with those of its agreements that the reader sees."""
    return page.render(queries.get_event(public_id, actor()))


@blueprint.get("/events/<public_id>/edit")
@needs(Action.EVENT_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of an event."""
    event = _editable(public_id)
    return _form_page(restored() or Form(_stored(event)), event=event)


@blueprint.post("/events/<public_id>/edit")
@needs(Action.EVENT_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change an event."""
    form = Form(form_values())
    _editable(public_id)
    try:
        given = event_from(form.values)
        with once.transaction() as done:
            events.edit(queries.get_event_for_change(public_id, actor(), row_version()), given, user())
            done.at(url_for("events.show", public_id=public_id))
    except Invalid as error:
        return _form_page(form.refused(error), event=_editable(public_id)), 422
    except Stale as error:
        show_newest()
        return _form_page(form, event=_editable(public_id), stale=error), 409
    flash(str(msg("The signing event is saved")), "success")
    return done.redirect()


def _editable(public_id: str) -> SigningEvent:
    event = queries.get_event(public_id, actor())
    decide(actor(), Action.EVENT_EDIT, event).enforce()
    return event


def _stored(event: SigningEvent) -> dict[str, Any]:
    return {
        **{name: getattr(event, name) for name in TEXTS},
        "held_on": legal_date(event.held_on, event.held_precision).replace("—", ""),
        "programme": programme_text(event.programme),
    }


def _form_page(form: Form, **more: Any) -> str:
    return render_template("events/form.html", form=form, **more)
