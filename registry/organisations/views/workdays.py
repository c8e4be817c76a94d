"""Working days: a page for each year, and recording a year from the notice, with a look at the changes first."""

from datetime import date

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.access.decision import Decision
from ...core.dates import EARLIEST, LATEST, today
from ...core.errors import Invalid, NotFound
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import arrangement, policy
from ..inputs import Arrangement
from ..models import WorkdayYear
from ..queries.directory import get_by_id
from ..queries.workdays import days_of, find_year, list_years
from ..schemas import ArrangementSchema
from ..services import workdays as services
from ..services.versions import history
from .blueprint import workdays_blueprint
from .display import present_calendar

LATEST_CHANGES = 5
WEEKDAYS = (
    msg("Monday"), msg("Tuesday"), msg("Wednesday"), msg("Thursday"), msg("Friday"), msg("Saturday"), msg("Sunday"),
)  # fmt: skip


@workdays_blueprint.get("/workdays")
@needs(Action.WORKDAY_VIEW)
def index() -> ResponseReturnValue:
    """The exceptions of one year, this one unless the address names another."""
    given = request.args.get("year", "")
    year = _checked(int(given)) if given.isdecimal() and len(given) == 4 else today().year
    row = find_year(year)
    return render_template(
        "organisations/workdays.html",
        year=year,
        row=row,
        days=days_of(year),
        basis=present_calendar().layer_of(year).basis,
        note=present_calendar().estimate(date(year, 12, 31)),
        years=sorted({*list_years(), today().year, today().year + 1, year}, reverse=True),
        weekdays=WEEKDAYS,
        changes=history(row, LATEST_CHANGES) if row else (),
        may_arrange=_may_arrange(),
    )


@workdays_blueprint.get("/workdays/<int:year>/edit")
@needs(Action.WORKDAY_ARRANGE)
def edit(year: int) -> ResponseReturnValue:
    """The year as lines, with what is recorded."""
    row = find_year(_checked(year))
    _may_arrange().enforce()
    values = {"source": row.source if row else "", "lines": arrangement.write(days_of(year))}
    return _page(year, row, restored() or Form(values))


@workdays_blueprint.post("/workdays/<int:year>/edit")
@needs(Action.WORKDAY_ARRANGE)
def save(year: int) -> ResponseReturnValue:
    """Show what would change; save it once exactly this has been seen."""
    form = Form(form_values())
    _checked(year)
    _may_arrange().enforce()
    try:
        values = load(ArrangementSchema(), form.values)
        given = Arrangement(year, values["source"], arrangement.read(year, values["lines"]))
    except Invalid as error:
        return _page(year, find_year(year), form.refused(error)), 422
    if values["seen"] != arrangement.digest(given.source, given.days):
        return _page(year, find_year(year), form, given)
    with once.transaction() as done:
        services.arrange(actor(), given, row_version())
        done.at(url_for("workdays.index", year=year))
    flash(_("The working days of %(year)s have been recorded", year=year), "ok")
    return done.redirect()


def _page(year: int, row: WorkdayYear | None, form: Form, given: Arrangement | None = None) -> str:
    """The form; with what was `given`, also what saving it would change."""
    return render_template(
        "organisations/workdays_edit.html",
        year=year,
        row=row,
        form=form,
        given=given,
        weekdays=WEEKDAYS,
        seen=arrangement.digest(given.source, given.days) if given else "",
        changes=arrangement.differences(days_of(year), given.days) if given else (),
    )


def _checked(year: int) -> int:
    """Raises NotFound for a year that no date here can have."""
    if not EARLIEST.year < year <= LATEST.year:
        raise NotFound
    return year


def _may_arrange() -> Decision:
    return policy.may_arrange(actor(), get_by_id(actor().organisation_id))
