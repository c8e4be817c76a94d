"""Historic records by the batch of an event 补录一批, and confirming them."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ....accounts.models import User
from ....core.access.actions import Action
from ....core.access.decision import decide
from ....core.errors import Invalid, Stale
from ....core.i18n import msg
from ....core.web import once
from ....core.web.forms import Form, form_values, restored, row_version, show_newest
from ....core.web.guard import actor, needs
from ... import queries
from ...models import AgreementKind, SigningEvent
from ...schemas.events import batch_from
from ...services import batch
from ..steps import user
from .acts import act
from .blueprint import blueprint

WISH = "do"


@blueprint.get("/events/<public_id>/batch")
@needs(Action.EVENT_RECORD_BATCH)
def record_form(public_id: str) -> ResponseReturnValue:
    """Where lines are pasted."""
    event = _recordable(public_id)
    return _page(event, restored() or Form({"kind": str(AgreementKind.SCHOOL_LOCALITY)}))


@blueprint.post("/events/<public_id>/batch")
@needs(Action.EVENT_RECORD_BATCH)
def record_batch(public_id: str) -> ResponseReturnValue:
    """A look first; the button under the preview enters the lines, all or none."""
    event = _recordable(public_id)
    values = form_values()
    wish = values.pop(WISH, "")
    form = Form(values)
    try:
        rows = batch_from(form.values)
        if wish != "save":
            return _page(event, form, planned=batch.plan(event, rows, user()))
        with once.transaction() as done:
            made = len(
                batch.record_batch(queries.get_event_for_change(public_id, actor(), row_version()), rows, user())
            )
            done.at(url_for("events.show", public_id=public_id))
    except Invalid as error:
        return _page(_recordable(public_id), form.refused(error)), 422
    except Stale as error:
        show_newest()
        return _page(_recordable(public_id), form, stale=error), 409
    flash(
        str(msg("%(count)s records were added, %(known)s were there already", count=made, known=len(rows) - made)),
        "success",
    )
    return done.redirect()


def _recordable(public_id: str) -> SigningEvent:
    event = queries.get_event(public_id, actor())
    decide(actor(), Action.EVENT_RECORD_BATCH, event).enforce()
    return event


def _page(event: SigningEvent, form: Form, **more: object) -> str:
    return render_template("events/batch.html", event=event, form=form, kinds=AgreementKind, **more)


@blueprint.post("/events/<public_id>/confirm")
@needs(Action.EVENT_CONFIRM_BATCH)
def confirm(public_id: str) -> ResponseReturnValue:
    """Confirm one record or all that were shown; each names the version that was seen."""
    seen = dict(_seen(one) for one in request.form.getlist("seen"))

    def do(event: SigningEvent, by: User) -> None:
        batch.confirm_batch(event, seen, by)

    return act(public_id, "confirm", msg("%(count)s records are confirmed", count=len(seen)), do)


def _seen(text: str) -> tuple[str, int]:
    public_id, _, version = text.partition(":")
    return public_id[:26], int(version) if version.isdecimal() and len(version) < 10 else 0
