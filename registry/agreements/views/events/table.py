"""The page at the table: agreements × parties, one tap each. 签约现场."""

from collections.abc import Callable

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ....accounts.models import User
from ....core.access.actions import Action
from ....core.errors import Invalid, RegistryError
from ....core.web import once
from ....core.web.forms import Form, form_values
from ....core.web.guard import actor, needs
from ... import queries
from ...models import AgreementStatus, SigningEvent
from ...services import ticks
from ..page import form_at
from ..steps import reason, user
from .acts import REFUSALS, member, party_of
from .blueprint import blueprint


@blueprint.get("/events/<public_id>/table")
@needs(Action.EVENT_VIEW)
def table(public_id: str) -> ResponseReturnValue:
    """Who has signed at the table so far."""
    return _render(queries.get_event(public_id, actor()))


@blueprint.post("/events/<public_id>/table/<agreement_id>/<party_id>")
@needs(Action.EVENT_TICK)
def tick(public_id: str, agreement_id: str, party_id: str) -> ResponseReturnValue:
    """Signed at the table, now."""

    def do(event: SigningEvent, by: User) -> None:
        agreement = member(event, agreement_id)
        ticks.tick(event, agreement, party_of(agreement, party_id), by)

    return _act(public_id, f"tick-{party_id}", do)


@blueprint.post("/events/<public_id>/table/<agreement_id>/<party_id>/undo")
@needs(Action.EVENT_TICK)
def undo_tick(public_id: str, agreement_id: str, party_id: str) -> ResponseReturnValue:
    """Take a tick back, with a reason."""

    def do(event: SigningEvent, by: User) -> None:
        agreement = member(event, agreement_id)
        ticks.undo(event, agreement, party_of(agreement, party_id), reason(), by)

    return _act(public_id, f"undo-{party_id}", do)


def _act(public_id: str, name: str, do: Callable[[SigningEvent, User], None]) -> ResponseReturnValue:
    """Without a version: two people tick side by side, and a second tap finds the first."""
    form = Form(form_values())
    try:
        with once.transaction() as result:
            do(queries.get_event(public_id, actor()), user())
            result.at(url_for("events.table", public_id=public_id))
    except REFUSALS as error:
        return _render(queries.get_event(public_id, actor()), error, form, name)
    return result.redirect()


def _render(
    event: SigningEvent, error: RegistryError | None = None, form: Form | None = None, failed: str = ""
) -> ResponseReturnValue:
    refused = form or Form()
    if isinstance(error, Invalid):
        refused = refused.refused(error)
    agreements = [
        one for one in queries.programme_of(event, actor()).agreements if one.status is AgreementStatus.SIGNING
    ]
    rows = queries.signatories_by_agreement(agreements)
    standing = queries.ticks_of(event, agreements)
    html = render_template(
        "events/table.html",
        event=event,
        agreements=agreements,
        rows=rows,
        ticks=standing,
        done=len(standing),
        of=sum(len(one) for one in rows.values()),
        error=error,
        form_for=form_at(refused, failed),
    )
    return html, error.status if error else 200
