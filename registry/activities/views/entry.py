"""Entering, changing, showing, holding and cancelling activities. 活动办理页面."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.i18n import msg
from ...core.web.forms import form_values
from ...core.web.guard import actor, needs
from ...records.views.pages import Pages, reason, user
from ..enums import Part
from ..models import Activity
from ..queries.listing import LISTING
from ..schemas import activity_from, days_from
from ..services import entry
from .blueprint import blueprint
from .form import form_page, outcomes_asked_for, stored_values
from .shown import render

PAGES = Pages("activities.show", LISTING, render, form_page)


@blueprint.get("/activities/new")
@needs(Action.ACTIVITY_ADD)
def new() -> ResponseReturnValue:
    """An empty form; the reader's own organisation organises. The address may name what it belongs to."""
    given = {name: request.args[name] for name in ("parent", "signing_event", "kind") if name in request.args}
    own = {"party-0-organisation": user().organisation.public_id, "party-0-part": str(Part.ORGANISER)}
    return PAGES.new(own | given)


@blueprint.post("/activities/new")
@needs(Action.ACTIVITY_ADD)
def create() -> ResponseReturnValue:
    """Enter an activity, with its figures and with what the address links it to."""

    def make(values: Mapping[str, Any], by: User) -> Activity:
        return entry.enter(activity_from(values, outcomes_asked_for()), by)

    return PAGES.create(make, msg("The activity is saved"))


@blueprint.get("/activities/<public_id>/edit")
@needs(Action.ACTIVITY_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of an activity; figures have pages of their own."""
    activity = LISTING.get(public_id, actor())
    decide(actor(), Action.ACTIVITY_EDIT, activity).enforce()
    return PAGES.edit(activity, stored_values(activity))


@blueprint.post("/activities/<public_id>/edit")
@needs(Action.ACTIVITY_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change an activity."""

    def change(activity: Activity, values: Mapping[str, Any], by: User) -> None:
        entry.edit(activity, activity_from(values), by)

    return PAGES.save(public_id, change, msg("The activity is saved"))


@blueprint.get("/activities/<public_id>")
@needs(Action.ACTIVITY_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One activity: figures, what they add up to, parts, who took part, what came of it."""
    return PAGES.show(public_id)


@blueprint.post("/activities/<public_id>/hold")
@needs(Action.ACTIVITY_HOLD)
def hold(public_id: str) -> ResponseReturnValue:
    """Say that it was held, and when."""

    def do(activity: Activity, by: User) -> None:
        entry.hold(activity, days_from(form_values()), by)

    return PAGES.act(public_id, "hold", msg("The activity was held: enter its figures"), do)


@blueprint.post("/activities/<public_id>/cancel")
@needs(Action.ACTIVITY_CANCEL)
def cancel(public_id: str) -> ResponseReturnValue:
    """Cancel it with a reason."""
    cancelled = msg("The activity is cancelled")
    return PAGES.act(public_id, "cancel", cancelled, lambda one, by: entry.cancel(one, reason(), by))
