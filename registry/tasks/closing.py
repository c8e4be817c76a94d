"""From the first report to the close-out: reporting, 销号, sending back, reopening, cancelling. 办理与销号。"""

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import decide
from ..core.access.scope import without_scope
from ..core.dates import today
from ..core.errors import Conflict, Invalid
from ..core.i18n import msg
from ..records.services import Changes, moved, require_reason
from . import policy
from .announcements import settle
from .inputs import Report
from .models import Task, TaskProgress
from .queries import open_of_key


def report(task: Task, given: Report, actor: User) -> TaskProgress:
    """Add to its progress; the share is the lead's to say. Raises Forbidden, Conflict, Invalid."""
    policy.may_report(actor, task).enforce()
    if given.percent is not None and not task.is_led_by(actor):
        raise Invalid({"percent": [msg("How much is done is for the lead organisation to say")]})
    before = task.percent
    task.percent = before if given.percent is None else given.percent
    entry = TaskProgress(
        note=given.note,
        percent=task.percent,
        problems=given.problems,
        help_needed=given.help_needed,
        reported_by_id=actor.id,
        organisation_id=actor.organisation_id,
    )
    task.progress.append(entry)
    changes: Changes = {"percent": (before, task.percent)} if before != task.percent else {}
    settle(task, actor, Action.TASK_REPORT, changes | {"note": (None, given.note)})
    return entry


def request_close(task: Task, evidence: str, actor: User) -> None:
    """Ask for the close-out, with evidence in words. Raises Forbidden, Conflict, Invalid without evidence."""
    policy.may_request_close(actor, task).enforce()
    if not evidence.strip():
        raise Invalid({"evidence": [msg("Say what shows that it is done")]})
    before = task.state
    task.request_close(evidence, today(), actor.id)
    settle(task, actor, Action.TASK_REQUEST_CLOSE, moved(before, task.state) | {"evidence": (None, evidence)})


def close(task: Task, note: str, actor: User) -> None:
    """Verify and strike off. Raises Forbidden for whoever asked for it, Conflict."""
    policy.may_close(actor, task).enforce()
    before = task.state
    task.close(note, today(), actor.id)
    settle(task, actor, Action.TASK_CLOSE, moved(before, task.state), note)


def send_back(task: Task, reason: str, actor: User) -> None:
    """The evidence does not do: open again. Raises Forbidden, Conflict, Invalid without a reason."""
    policy.may_send_back(actor, task).enforce()
    require_reason(reason)
    before = task.state
    task.send_back(reason)
    settle(task, actor, Action.TASK_SEND_BACK, moved(before, task.state), reason)


def reopen(task: Task, reason: str, actor: User) -> None:
    """Open a task again that was struck off; counted. Raises Forbidden, Conflict, Invalid without a reason.

    A task of a key that has got another unfinished task meanwhile stays closed: Conflict.
    """
    decide(actor, Action.TASK_REOPEN, task).enforce()
    require_reason(reason)
    if task.key:
        with without_scope():  # whether a key has its task is not a matter of who looks
            anew = open_of_key(task.key)
        if anew is not None:
            raise Conflict(msg("The registry has opened this task anew already"))
    before = task.state
    task.reopen(reason)
    settle(task, actor, Action.TASK_REOPEN, moved(before, task.state) | {"reopened": (None, task.reopened)}, reason)


def cancel(task: Task, reason: str, actor: User) -> None:
    """It is no longer wanted. Raises Forbidden, Conflict, Invalid without a reason."""
    policy.may_cancel(actor, task).enforce()
    require_reason(reason)
    before = task.state
    task.cancel(reason)
    settle(task, actor, Action.TASK_CANCEL, moved(before, task.state), reason)
