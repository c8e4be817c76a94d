"""Which agreements are signed at an event, and in which order."""

from flask import request
from flask.typing import ResponseReturnValue

from ....accounts.models import User
from ....core.access.actions import Action
from ....core.errors import Invalid
from ....core.i18n import msg
from ....core.web.guard import actor, needs
from ... import queries
from ...models import SigningEvent
from ...services import events
from .acts import act, member
from .blueprint import blueprint

STEPS = {"up": -1, "down": 1}


@blueprint.post("/events/<public_id>/agreements")
@needs(Action.EVENT_EDIT)
def add(public_id: str) -> ResponseReturnValue:
    """Put an agreement at the end of the order."""

    def do(event: SigningEvent, by: User) -> None:
        chosen = request.form.get("agreement", "")
        if not chosen:
            raise Invalid({"agreement": [msg("Choose an agreement")]})
        events.add(event, queries.get_visible(chosen, actor()), by)

    return act(public_id, "add", msg("The agreement is added to the order of signing"), do)


@blueprint.post("/events/<public_id>/agreements/<agreement_id>/move")
@needs(Action.EVENT_EDIT)
def move(public_id: str, agreement_id: str) -> ResponseReturnValue:
    """One earlier or one later."""
    step = STEPS.get(request.form.get("to", ""), 0)
    return act(
        public_id,
        "move",
        None,
        lambda event, by: events.move(event, member(event, agreement_id), step, by),
    )


@blueprint.post("/events/<public_id>/agreements/<agreement_id>/remove")
@needs(Action.EVENT_EDIT)
def remove(public_id: str, agreement_id: str) -> ResponseReturnValue:
    """Take it out of the order."""
    return act(
        public_id,
        "remove",
        msg("The agreement is no longer part of this event"),
        lambda event, by: events.remove(event, member(event, agreement_id), by),
    )
