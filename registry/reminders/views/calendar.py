"""The calendar: the page where its address is made and ended, and the feed itself, which nobody signs in for."""

import logging

from flask import Blueprint, Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from ...core.access.actions import Action
from ...core.access.scope import set_viewer
from ...core.dates import now, today
from ...core.db import transaction
from ...core.errors import NotFound
from ...core.i18n import DEFAULT_LANGUAGE
from ...core.instance import settings
from ...core.web import once
from ...core.web.guard import needs
from ...core.web.throttle import slow_down
from ...records.views.pages import user
from ..feed import ics, tokens
from ..feed.entries import entries_of
from ..feed.models import CalendarFeed

# A whole office asks from one address, each calendar about once an hour; one calendar need not ask more often.
FROM_NETWORK, OF_ONE, MINUTES = 600, 20, 10
blueprint = Blueprint("calendar", __name__)
log = logging.getLogger(__name__)


@blueprint.get("/account/calendar")
@needs(Action.CALENDAR_MANAGE_OWN)
def index() -> ResponseReturnValue:
    """Whether there is an address, since when, and when it was fetched last."""
    return render_template("reminders/calendar.html", feed=tokens.of(user()), address="")


@blueprint.post("/account/calendar")
@needs(Action.CALENDAR_MANAGE_OWN)
def make() -> ResponseReturnValue:
    """A new address, shown once; the former one ends."""
    with transaction():
        token = tokens.make(user())
    address = f"{settings().public_url}{url_for('calendar.feed', token=token)}"
    return render_template("reminders/calendar.html", feed=tokens.of(user()), address=address)


@blueprint.post("/account/calendar/revoke")
@needs(Action.CALENDAR_MANAGE_OWN)
def revoke() -> ResponseReturnValue:
    """End it."""
    with once.transaction() as done:
        tokens.revoke(user())
        done.at(url_for("calendar.index"))
    flash(_("The calendar address is ended"), "success")
    return done.redirect()


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """What falls due for whose address this is. Whatever is wrong with it, there is no such page."""
    slow_down("calendar", FROM_NETWORK, MINUTES)
    found = tokens.find(token)
    if found is None:
        raise NotFound
    slow_down(f"calendar of {found.user_id}", OF_ONE, MINUTES)
    set_viewer(found.user.organisation_id)
    language = found.user.language or DEFAULT_LANGUAGE
    written = ics.written(entries_of(found.user, today()), language, now())
    _note(found)
    answer = Response(written, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private"
    answer.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return answer


def _note(found: CalendarFeed) -> None:
    """A database that takes no writes still answers."""
    if not tokens.is_due_for_note(found, now()):
        return
    user_id = found.user_id
    try:
        with transaction():
            tokens.note(user_id, now())
    except DBAPIError:
        log.warning("the use of a calendar address could not be noted", exc_info=True)
