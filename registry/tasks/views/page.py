"""The page of one task, and what can be done with it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.i18n import msg
from ...core.web.forms import form_values
from ...core.web.guard import actor, needs
from ...records.views.pages import reason
from .. import closing, queries, services, supervision
from ..models import Task
from ..queries import LISTING
from ..schemas import assignee_from, evidence_from, note_from, report_from, slip_from
from .blueprint import blueprint
from .drawn import PAGES


@blueprint.get("/tasks/<public_id>")
@needs(Action.TASK_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One task: light, people, progress, slips, close-out."""
    return PAGES.show(public_id)


@blueprint.post("/tasks/<public_id>/assignee")
@needs(Action.TASK_NAME_ASSIGNEE)
def name_assignee(public_id: str) -> ResponseReturnValue:
    """The lead names who does it."""

    def do(task: Task, by: User) -> None:
        services.name_assignee(task, assignee_from(form_values()), by)

    return PAGES.act(public_id, "assignee", msg("The task has been handed on"), do)


@blueprint.post("/tasks/<public_id>/progress")
@needs(Action.TASK_REPORT)
def report(public_id: str) -> ResponseReturnValue:
    """Report progress."""

    def do(task: Task, by: User) -> None:
        closing.report(task, report_from(form_values()), by)

    return PAGES.act(public_id, "report", msg("The progress is reported"), do)


@blueprint.post("/tasks/<public_id>/request-close")
@needs(Action.TASK_REQUEST_CLOSE)
def request_close(public_id: str) -> ResponseReturnValue:
    """Ask for the close-out."""

    def do(task: Task, by: User) -> None:
        closing.request_close(task, evidence_from(form_values()), by)

    return PAGES.act(public_id, "request_close", msg("The close-out is requested: somebody else verifies it"), do)


@blueprint.post("/tasks/<public_id>/close")
@needs(Action.TASK_CLOSE)
def close(public_id: str) -> ResponseReturnValue:
    """Verify and strike off."""

    def do(task: Task, by: User) -> None:
        closing.close(task, note_from(form_values()), by)

    return PAGES.act(public_id, "close", msg("The task is struck off"), do)


@blueprint.post("/tasks/<public_id>/send-back")
@needs(Action.TASK_SEND_BACK)
def send_back(public_id: str) -> ResponseReturnValue:
    """The evidence does not do."""
    done = msg("The task is open again")
    return PAGES.act(public_id, "send_back", done, lambda task, by: closing.send_back(task, reason(), by))


@blueprint.post("/tasks/<public_id>/reopen")
@needs(Action.TASK_REOPEN)
def reopen(public_id: str) -> ResponseReturnValue:
    """Open again what was struck off."""
    done = msg("The task is open again")
    return PAGES.act(public_id, "reopen", done, lambda task, by: closing.reopen(task, reason(), by))


@blueprint.post("/tasks/<public_id>/cancel")
@needs(Action.TASK_CANCEL)
def cancel(public_id: str) -> ResponseReturnValue:
    """It is no longer wanted."""
    done = msg("The task is cancelled")
    return PAGES.act(public_id, "cancel", done, lambda task, by: closing.cancel(task, reason(), by))


@blueprint.post("/tasks/<public_id>/slips")
@needs(Action.TASK_SUPERVISE)
def issue_slip(public_id: str) -> ResponseReturnValue:
    """Issue a supervision slip; leads to the slip."""

    def do(task: Task, by: User) -> str:
        return url_for("tasks.slip", public_id=supervision.issue(task, slip_from(form_values()), by).public_id)

    return PAGES.act(public_id, "slip", msg("The slip is issued"), do)


@blueprint.get("/tasks/slips/<public_id>")
@needs(Action.TASK_VIEW)
def slip(public_id: str) -> ResponseReturnValue:
    """One slip, to be printed."""
    found = queries.get_slip(public_id, actor())
    return render_template("tasks/slip.html", slip=found, task=LISTING.get(found.task.public_id, actor()))
