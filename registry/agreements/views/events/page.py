"""The page of one event, gathered once; also after an act that was refused."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ....core.access.actions import Action
from ....core.access.decision import decide
from ....core.errors import Invalid, RegistryError, Stale
from ....core.web.forms import Form, show_newest
from ....core.web.guard import actor
from ... import ceremony, queries
from ...models import SigningEvent
from ...services import batch, projection, recognition
from ..page import form_at
from ..steps import user


def render(
    event: SigningEvent, error: RegistryError | None = None, form: Form | None = None, failed: str = ""
) -> ResponseReturnValue:
    """The page; with an error it says what was refused, under the error's status."""
    refused = form or Form()
    if isinstance(error, Invalid):
        refused = refused.refused(error)
    if isinstance(error, Stale):
        show_newest()
    programme = queries.programme_of(event, actor())
    copies = queries.signing_copies(programme.agreements)
    agreements = programme.agreements
    html = render_template(
        "events/show.html",
        event=event,
        programme=programme,
        hindrances={one.id: ceremony.hindrance(one, copies.get(one.id)) for one in agreements},
        ready=sum(one.id in copies for one in agreements),
        missing={one.id: len(projection.missing_details(one)) for one in agreements},
        confirmable=batch.confirmable(agreements, user()),
        linkable=queries.linkable(actor()) if decide(actor(), Action.EVENT_EDIT, event) else (),
        hands_in=bool(decide(actor(), Action.EVENT_INTAKE)) and bool(recognition.acting_parties(agreements, user())),
        error=error,
        form=refused,
        form_for=form_at(refused, failed),
    )
    return html, error.status if error else 200
