"""Rules beyond the policy table. Pure. 任务规则."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide, no
from ..core.access.roles import Role
from ..core.i18n import msg
from .enums import Light, TaskSource, TaskState
from .lights import fitting_slips
from .models import Task


def may_assign(actor: Actor, source: TaskSource) -> Decision:
    """Whoever assigns tasks; an instruction is a leader's."""
    return decide(actor, Action.TASK_INSTRUCT if source is TaskSource.INSTRUCTION else Action.TASK_ASSIGN)


def may_edit(actor: Actor, task: Task) -> Decision:
    """The assigning organisation; what a leader instructed only a leader of it."""
    return _as_instructed(actor, Action.TASK_EDIT, task)


def may_cancel(actor: Actor, task: Task) -> Decision:
    """Nobody takes back an instruction over the leader's head."""
    return _as_instructed(actor, Action.TASK_CANCEL, task)


def may_name_assignee(actor: Actor, task: Task) -> Decision:
    """The lead says who of its people does it."""
    return _by_lead(actor, Action.TASK_NAME_ASSIGNEE, task)


def may_report(actor: Actor, task: Task) -> Decision:
    """Lead and supporting organisations report; the share that is done is the lead's to say."""
    decision = decide(actor, Action.TASK_REPORT, task)
    if decision and actor.organisation_id not in task.party_ids:
        return no(msg("Progress is reported by the organisations that do the task"))
    return decision


def may_attach(actor: Actor, task: Task) -> Decision:
    """Evidence is put beside it by whoever reports, papers by whoever assigned it; nothing while it is verified."""
    reports = may_report(actor, task)
    return reports if reports or reports.wrong_state else decide(actor, Action.TASK_EDIT, task)


def may_request_close(actor: Actor, task: Task) -> Decision:
    """The lead asks, with its evidence."""
    return _by_lead(actor, Action.TASK_REQUEST_CLOSE, task)


def may_close(actor: Actor, task: Task) -> Decision:
    """A section head or leader of the assigning organisation verifies: nobody their own work or their own asking."""
    return _verified(actor, task, Action.TASK_CLOSE)


def may_send_back(actor: Actor, task: Task) -> Decision:
    """Whoever may verify may also find the evidence wanting."""
    return _verified(actor, task, Action.TASK_SEND_BACK)


def may_supervise(actor: Actor, task: Task, light: Light) -> Decision:
    """Slips are issued while something is amiss."""
    decision = decide(actor, Action.TASK_SUPERVISE, task)
    if decision and not fitting_slips(light):
        return Decision(False, msg("The task is on schedule: there is nothing to chase"), wrong_state=True)
    return decision


def _as_instructed(actor: Actor, action: Action, task: Task) -> Decision:
    decision = decide(actor, action, task)
    if decision and task.origin is TaskSource.INSTRUCTION and Role.LEADER not in actor.roles:
        return no(msg("A leader's instruction is changed or taken back by a leader only"))
    return decision


def _by_lead(actor: Actor, action: Action, task: Task) -> Decision:
    decision = decide(actor, action, task)
    return decision if not decision or task.is_led_by(actor) else no(msg("This is for the lead organisation to do"))


def _verified(actor: Actor, task: Task, action: Action) -> Decision:
    decision = decide(actor, action, task)
    if not decision:
        return decision
    if task.requested_by_id == actor.id:
        return no(msg("Whoever asked for the close-out cannot verify it"))
    if task.assignee_id == actor.id:
        return no(msg("Whoever is responsible for a task cannot verify it"))
    return decision


def is_verifier(actor: Actor, task: Task) -> bool:
    """Whether the close-out waits for this person."""
    return task.state is TaskState.CLOSE_REQUESTED and bool(may_close(actor, task))
