"""Figures of an activity: entering, checking, correcting. 活动数字页面."""

from flask import url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.i18n import msg
from ...core.web.forms import form_values
from ...core.web.guard import needs
from ...records.views.pages import Pages
from ..models import Activity
from ..queries.listing import LISTING
from ..schemas import correction_from, figures_from, reading_from
from ..services import figures
from .blueprint import blueprint
from .entry import PAGES
from .form import form_page
from .shown import figure_of, render_figure

FIGURE_PAGES = Pages("activities.show", LISTING, render_figure, form_page)


@blueprint.post("/activities/<public_id>/figures")
@needs(Action.ACTIVITY_REPORT)
def report(public_id: str) -> ResponseReturnValue:
    """Enter further figures."""

    def do(activity: Activity, by: User) -> None:
        figures.report(activity, figures_from(form_values()), by)

    return PAGES.act(public_id, "report", msg("The figures are saved"), do)


@blueprint.post("/activities/<public_id>/check")
@needs(Action.ACTIVITY_CHECK)
def check_all(public_id: str) -> ResponseReturnValue:
    """Say of all figures that are not in doubt that they agree with their source."""
    return PAGES.act(public_id, "check", msg("The figures are checked"), figures.check_all)


@blueprint.get("/activities/<public_id>/figures/<figure_id>")
@needs(Action.ACTIVITY_VIEW)
def figure(public_id: str, figure_id: str) -> ResponseReturnValue:
    """One figure with its source and what it was before."""
    return FIGURE_PAGES.show(public_id)


@blueprint.post("/activities/<public_id>/figures/<figure_id>/check")
@needs(Action.ACTIVITY_CHECK)
def check(public_id: str, figure_id: str) -> ResponseReturnValue:
    """Say that it agrees with its source, or what it means."""

    def do(activity: Activity, by: User) -> None:
        figures.check(figure_of(activity), reading_from(form_values()), by)

    return FIGURE_PAGES.act(public_id, "check", msg("The figure is checked"), do)


@blueprint.post("/activities/<public_id>/figures/<figure_id>/correct")
@needs(Action.ACTIVITY_CORRECT)
def correct(public_id: str, figure_id: str) -> ResponseReturnValue:
    """Put another figure in its place, or none; leads to the new one."""

    def do(activity: Activity, by: User) -> str | None:
        old = figure_of(activity)
        given = correction_from(form_values(), old.code)
        new = figures.correct(old, given.line, given.reason, by)
        return url_for("activities.figure", public_id=public_id, figure_id=new.public_id) if new else None

    return FIGURE_PAGES.act(public_id, "correct", msg("The figure is corrected"), do)
