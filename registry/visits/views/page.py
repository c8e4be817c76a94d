"""The page of one visit, and what can be done with it."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import NotFound
from ...core.i18n import msg
from ...core.web.forms import form_values
from ...core.web.guard import actor, needs
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records import kinds
from ...records.views.pages import Pages, Shown
from ...tasks.queries import tasks_of
from ..enums import DROPPED, FigureCode, Intention
from ..models import Visit, VisitFinding
from ..queries.aftermath import aftermath_of
from ..queries.listing import LISTING
from ..schemas import drop_from, finding_from, task_from
from ..services import entry, findings
from ..services.reminders import KIND
from .blueprint import blueprint


def render(visit: Visit, shown: Shown) -> str:
    """The page of one visit."""
    kind, subject = subject_of(visit)
    return render_template(
        "visits/show.html",
        visit=visit,
        shown=shown,
        today=today(),
        aftermath=aftermath_of(visit),
        subject=subject,
        subject_kind=kind,
        figures=[(code.label, visit.figure(code)) for code in FigureCode],
        intentions=[Intention(one).label for one in visit.intentions],
        tasks=tasks_of(KIND, visit.public_id, actor()),
        units=_units(visit),
        outcomes=[(str(one), one.label) for one in DROPPED],
    )


def subject_of(visit: Visit) -> tuple[kinds.Kind | None, Any]:
    """The record that it is about and its kind, where the reader sees it."""
    if not visit.subject_kind:
        return None, None
    try:
        return kinds.kind_of(visit.subject_kind), kinds.find(visit.subject_kind, visit.subject_public_id, actor())
    except NotFound:
        return None, None


def _units(visit: Visit) -> list[Any]:
    """Who is likely to lead a finding's task: the sides."""
    if not decide(actor(), Action.VISIT_ASSIGN, visit):
        return []
    sides = visit.party_ids | {visit.owner_id}
    return list(organisation_options(choices_where(Organisation.id.in_(sides))))


PAGES = Pages("visits.show", LISTING, render, lambda _form, _visit, _error: "")


@blueprint.get("/visits/<public_id>")
@needs(Action.VISIT_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One visit: who saw whom, the figures, what was found and what became of it."""
    return PAGES.show(public_id)


@blueprint.post("/visits/<public_id>/drop")
@needs(Action.VISIT_DROP)
def drop(public_id: str) -> ResponseReturnValue:
    """It was cancelled or did not take place."""

    def do(visit: Visit, by: User) -> None:
        entry.drop(visit, *drop_from(form_values()), by)

    return PAGES.act(public_id, "drop", msg("It is noted that the visit did not take place"), do)


@blueprint.post("/visits/<public_id>/findings")
@needs(Action.VISIT_FIND)
def find(public_id: str) -> ResponseReturnValue:
    """Note a finding."""

    def do(visit: Visit, by: User) -> None:
        findings.add_finding(visit, finding_from(form_values()), by)

    return PAGES.act(public_id, "find", msg("The finding is noted"), do)


@blueprint.post("/visits/<public_id>/findings/<finding_id>/task")
@needs(Action.VISIT_ASSIGN)
def assign(public_id: str, finding_id: str) -> ResponseReturnValue:
    """Make a task of a finding."""

    def do(visit: Visit, by: User) -> None:
        findings.assign(visit, _finding(visit, finding_id), task_from(form_values()), by)

    return PAGES.act(public_id, f"assign-{finding_id}", msg("The finding has become a task"), do)


def _finding(visit: Visit, public_id: str) -> VisitFinding:
    found = next((one for one in visit.problems if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found
