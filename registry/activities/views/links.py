"""Linking an activity with what came of it, by the address of its page. 活动关联页面."""

from urllib.parse import urlsplit

from flask import current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import Invalid, NotFound
from ...core.i18n import msg
from ...core.web.forms import form_values
from ...core.web.guard import needs
from ...records import kinds
from ..models import Activity, ActivityOutcome
from ..schemas import link_from
from ..services import outcomes
from .blueprint import blueprint
from .entry import PAGES


@blueprint.post("/activities/<public_id>/links")
@needs(Action.ACTIVITY_LINK)
def link(public_id: str) -> ResponseReturnValue:
    """Link the record whose page has the address given."""

    def do(activity: Activity, by: User) -> None:
        kind, subject = record_at(request.form.get("subject", ""))
        outcomes.link(activity, link_from(form_values(), kind, subject), by)

    return PAGES.act(public_id, "link", msg("The record is linked"), do)


@blueprint.post("/activities/<public_id>/links/<kind>/<subject>/remove")
@needs(Action.ACTIVITY_LINK)
def unlink(public_id: str, kind: str, subject: str) -> ResponseReturnValue:
    """Take a link back."""

    def do(activity: Activity, by: User) -> None:
        outcomes.unlink(activity, _found(activity, kind, subject), by)

    return PAGES.act(public_id, "unlink", msg("The link is taken back"), do)


def record_at(address: str) -> tuple[str, str]:
    """Kind and public id of the record whose page has this address. Raises Invalid."""
    refused = Invalid({"subject": [msg("Copy the address of the record's page, as the browser shows it")]})
    try:
        endpoint, values = current_app.url_map.bind("").match(urlsplit(address.strip()).path or "/")
    except (HTTPException, ValueError) as unknown:
        raise refused from unknown
    for kind in kinds.known():
        if kind.endpoint == endpoint and "public_id" in values:
            return kind.code, str(values["public_id"])
    raise refused


def _found(activity: Activity, kind: str, subject: str) -> ActivityOutcome:
    for one in activity.outcomes:
        if (one.subject_kind, one.subject_public_id) == (kind, subject):
            return one
    raise NotFound
