"""A station's year: activities, targets, and the grade that a person decides."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import today
from ...core.errors import NotFound, RegistryError
from ...core.i18n import msg
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from ...records.views.pages import Pages, ReasonSchema
from .. import policy, queries
from ..enums import ActivityKind, ActivityState
from ..models import Workstation, WorkstationActivity
from ..queries import LISTING
from ..schemas import activity_from, targets_from, verdict_from
from ..services import activities, yearly
from .blueprint import blueprint
from .page import FIRST_YEAR, PAGES, render


@blueprint.post("/workstations/<public_id>/activities")
@needs(Action.WORKSTATION_RECORD)
def record(public_id: str) -> ResponseReturnValue:
    """Record an activity, planned or held."""

    def do(station: Workstation, by: User) -> str:
        made = activities.add(station, activity_from(form_values()), by)
        return _of_year(station, made.day.year)

    return PAGES.act(public_id, "activity", msg("The activity is recorded"), do)


@blueprint.get("/workstations/<public_id>/activities/<activity_id>")
@needs(Action.WORKSTATION_RECORD)
def activity(public_id: str, activity_id: str) -> ResponseReturnValue:
    """The form of one activity: its result, or its correction."""
    station = LISTING.get(public_id, actor())
    found = queries.activity_of(station, activity_id)
    policy.may_correct(actor(), station, found).enforce()
    return _pages(activity_id).edit(station, _stored(found))


@blueprint.post("/workstations/<public_id>/activities/<activity_id>")
@needs(Action.WORKSTATION_RECORD)
def change(public_id: str, activity_id: str) -> ResponseReturnValue:
    """Enter its result, or correct it."""

    def do(station: Workstation, values: Mapping[str, Any], by: User) -> None:
        found = queries.activity_of(station, activity_id)
        why = load(ReasonSchema(), {"reason": values.get("reason", "")})["reason"]
        activities.change(station, found, activity_from(values), why, by)

    return _pages(activity_id).save(public_id, do, msg("The activity is saved"))


@blueprint.post("/workstations/<public_id>/activities/<activity_id>/strike")
@needs(Action.WORKSTATION_RECORD)
def strike(public_id: str, activity_id: str) -> ResponseReturnValue:
    """It was entered by mistake."""

    def do(station: Workstation, by: User) -> None:
        why = load(ReasonSchema(), {"reason": form_values().get("mistake", "")})["reason"]
        activities.strike(station, queries.activity_of(station, activity_id), why, by)

    return PAGES.act(public_id, "strike", msg("The entry counts no more"), do)


@blueprint.post("/workstations/<public_id>/targets/<int:year>")
@needs(Action.WORKSTATION_SET_TARGETS)
def set_targets(public_id: str, year: int) -> ResponseReturnValue:
    """Set the targets of a year, this one or the next at the latest."""
    _check(year, today().year + 1)

    def do(station: Workstation, by: User) -> str:
        yearly.set_targets(station, targets_from(form_values(), year), by)
        return _of_year(station, year)

    return PAGES.act(public_id, "targets", msg("The targets are set"), do)


@blueprint.post("/workstations/<public_id>/assessments/<int:year>")
@needs(Action.WORKSTATION_ASSESS)
def assess(public_id: str, year: int) -> ResponseReturnValue:
    """Decide the grade of a year."""
    _check(year, today().year)

    def do(station: Workstation, by: User) -> str:
        yearly.decide_grade(station, verdict_from(form_values(), year), by)
        return _of_year(station, year)

    return PAGES.act(public_id, "assess", msg("The grade is decided"), do)


def _check(year: int, last: int) -> None:
    """Raises NotFound for a year that no page offers."""
    if not FIRST_YEAR <= year <= last:
        raise NotFound


def _of_year(station: Workstation, year: int) -> str:
    return url_for("workstations.show", public_id=station.public_id, year=year, _anchor="year")


def _pages(activity_id: str) -> Pages[Workstation]:
    """The form of one activity, with what was typed whatever is refused."""

    def form_page(form: Form, station: Workstation | None, error: RegistryError | None) -> str:
        if station is None:
            raise NotFound
        found = queries.activity_of(station, activity_id)
        states = ActivityState if found.state is ActivityState.PLANNED else (found.state, *_others(found))
        return render_template(
            "workstations/activity.html",
            form=form,
            station=station,
            activity=found,
            error=error,
            kinds=[(str(kind), kind.label) for kind in ActivityKind],
            states=[(str(one), one.label) for one in states],
            corrects=policy.may_correct(actor(), station, found),
        )

    return Pages("workstations.show", LISTING, render, form_page)


def _others(found: WorkstationActivity) -> list[ActivityState]:
    """What a correction may make of an activity that is over: held or cancelled."""
    return [one for one in (ActivityState.HELD, ActivityState.CANCELLED) if one is not found.state]


def _stored(found: WorkstationActivity) -> dict[str, Any]:
    names = ("kind", "state", "day", "number", "master_plus", "note")
    stored = {name: getattr(found, name) for name in names}
    if found.state is ActivityState.PLANNED and found.day <= today():
        stored["state"] = ActivityState.HELD
    return stored
