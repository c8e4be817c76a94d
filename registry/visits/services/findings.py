"""Findings of a held visit, and the tasks that they become. 走访问题整改。"""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ...records.services import settle
from ...tasks.enums import TaskSource
from ...tasks.inputs import NewTask
from ...tasks.models import Task
from ...tasks.services import assign as assign_task
from .. import policy
from ..inputs import FindingTask
from ..models import Visit, VisitFinding
from .entry import MOST_PROBLEMS
from .reminders import KIND

TITLE_LENGTH = 200


def add_finding(visit: Visit, text: str, actor: User) -> VisitFinding:
    """Note a problem that the visit found.

    Raises Forbidden, Conflict unless it was held or where there are too many, Invalid without a text.
    """
    decide(actor, Action.VISIT_FIND, visit).enforce()
    if not text.strip():
        raise Invalid({"text": [msg("Say what was found")]})
    if len(visit.problems) >= MOST_PROBLEMS:
        raise Conflict(msg("A visit has at most %(most)s findings", most=MOST_PROBLEMS))
    finding = VisitFinding(position=len(visit.problems) + 1, text=text.strip())
    visit.problems.append(finding)
    settle(visit, actor, Action.VISIT_FIND, {"problems": (None, finding.text)})
    return finding


def assign(visit: Visit, finding: VisitFinding, given: FindingTask, actor: User) -> Task:
    """Make a task of a finding, with its lead and its deadline in working days.

    Raises Forbidden, Conflict when it has become one, Invalid by field.
    """
    policy.may_assign(actor, visit, finding).enforce()
    new = NewTask(
        title_zh=(given.title_zh or finding.text)[:TITLE_LENGTH],
        source=TaskSource.FINDING,
        lead=given.lead,
        days=given.days,
        assignee=given.assignee,
        goal=finding.text,
        subject_kind=KIND,
        subject_public_id=visit.public_id,
    )
    task = assign_task(new, actor)
    finding.task = task
    settle(visit, actor, Action.VISIT_ASSIGN, {"task": (None, task.title_zh)})
    return task
