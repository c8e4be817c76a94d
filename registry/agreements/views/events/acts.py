"""What the buttons of an event share: one act in one transaction, a refusal told on the page. 活动操作."""

from collections.abc import Callable

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from ....accounts.models import User
from ....core.errors import Conflict, Invalid, NotFound, Unmet
from ....core.i18n import Message
from ....core.web import once
from ....core.web.forms import Form, form_values, row_version
from ....core.web.guard import actor
from ... import queries
from ...models import Agreement, AgreementParty, SigningEvent
from ..steps import user
from . import page

REFUSALS = (Invalid, Unmet, Conflict)
Act = Callable[[SigningEvent, User], None]


def act(public_id: str, name: str, done: Message | None, do: Act, *, back: str = "events.show") -> ResponseReturnValue:
    """Do one thing to one event; `name` is the form that a refusal is told at."""
    form = Form(form_values())
    try:
        with once.transaction() as result:
            do(queries.get_event_for_change(public_id, actor(), row_version()), user())
            result.at(url_for(back, public_id=public_id))
    except REFUSALS as error:
        return page.render(queries.get_event(public_id, actor()), error, form, name)
    if done:
        flash(str(done), "success")
    return result.redirect()


def member(event: SigningEvent, public_id: str) -> Agreement:
    """An agreement of this event that the reader sees. Raises NotFound."""
    for agreement in queries.programme_of(event, actor(), lock=True).agreements:
        if agreement.public_id == public_id:
            return agreement
    raise NotFound


def party_of(agreement: Agreement, public_id: str) -> AgreementParty:
    """A party of this agreement. Raises NotFound."""
    for party in agreement.parties:
        if party.public_id == public_id:
            return party
    raise NotFound
