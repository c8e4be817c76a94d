"""Tasks whose deadline comes near or has passed, for their assignee, else for the unit that leads them. 任务到期.

What another rule tells of already is left out, though it is a task as well.
"""

from sqlalchemy import and_, func, or_, select

from ...agreements.models import Agreement
from ...relationships.models import Relationship
from ...tasks.enums import TaskSource, TaskState
from ...tasks.models import Task, TaskVisibility
from ...tasks.services import KIND
from ..rules import Rule
from . import dormancy, silence, visits
from .agreements import IS_SUSPENDED
from .base import Source

COVERED = (silence.COVERED_TASKS, dormancy.COVERED_TASKS, visits.COVERED_TASKS)
# Of a relationship without any known day no other rule can tell.
_undated = select(Relationship.id).where(
    Relationship.public_id == Task.subject_public_id, Relationship.last_active_on.is_(None)
)
_told_of = and_(
    ~_undated.correlate(Task).exists(),
    Task.origin == TaskSource.REMINDER,
    or_(*(Task.key.like(pattern) for pattern in COVERED)),
)
_about = and_(Task.subject_kind == "agreement", Agreement.public_id == Task.subject_public_id)
_seen = and_(TaskVisibility.record_id == Task.id, TaskVisibility.organisation_id == Task.lead_id)

SOURCE = Source(
    rule=Rule.TASK,
    kind=KIND,
    statement=select(
        Task.public_id,
        Task.title_zh,
        Task.title_en,
        Task.assignee_id.label("person_id"),
        Agreement.id.label("agreement_id"),
        func.coalesce(IS_SUSPENDED, False).label("suspended"),
    )
    .join(TaskVisibility, _seen)
    .outerjoin(Agreement, _about)
    .where(Task.state == TaskState.OPEN, ~_told_of),
    anchor=Task.due_on,
    number=Task.id,
    organisation_id=Task.lead_id,
    public_id=Task.public_id,
)
