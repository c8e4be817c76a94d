"""What became of the findings of visits: computed from their tasks, whoever reads. 整改情况."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, select, type_coerce

from ...accounts.models import User
from ...core.db import db, enum_type
from ...organisations.models import Organisation
from ...tasks.enums import UNFINISHED, TaskState
from ...tasks.models import Task
from ..enums import Aftermath
from ..models import Visit, VisitFinding

# The table itself: that a task is open is told to whoever sees the visit, even where the task is not theirs to read.
TASK = Task.__table__


def rectifying() -> ColumnElement[bool]:
    """A finding's task is not finished."""
    rows = select(VisitFinding.id).join(TASK, TASK.c.id == VisitFinding.task_id)
    return rows.where(VisitFinding.visit_id == Visit.id, TASK.c.state.in_(UNFINISHED)).correlate(Visit).exists()


def settled() -> ColumnElement[bool]:
    """There was a task that is done, and none is unfinished; what was cancelled settles nothing."""
    rows = select(VisitFinding.id).join(TASK, TASK.c.id == VisitFinding.task_id)
    done = rows.where(VisitFinding.visit_id == Visit.id, TASK.c.state == TaskState.CLOSED)
    return done.correlate(Visit).exists() & ~rectifying()


def aftermath_column() -> ColumnElement[Any]:
    """The code for a list, or NULL."""
    code = case((rectifying(), str(Aftermath.RECTIFYING)), (settled(), str(Aftermath.SETTLED)), else_=None)
    return type_coerce(code, enum_type(Aftermath))


def aftermath_of(visit: Visit) -> Aftermath | None:
    """What one visit's findings have come to; None where none became a task."""
    return db.session.scalar(select(aftermath_column()).where(Visit.id == visit.id))


def problems_of(visit_ids: Sequence[int]) -> dict[int, list[str]]:
    """The findings of a page of visits in one query, by visit."""
    statement = (
        select(VisitFinding.visit_id, VisitFinding.text)
        .where(VisitFinding.visit_id.in_(visit_ids))
        .order_by(VisitFinding.visit_id, VisitFinding.position)
    )
    found: dict[int, list[str]] = {one: [] for one in visit_ids}
    for row in db.session.execute(statement):
        found[row.visit_id].append(row.text)
    return found


class Owed(NamedTuple):
    """Who leads a finding's task, who does it (perhaps nobody yet), and by when."""

    lead: str
    assignee: str
    due_on: date | None


def owed_of(visit_ids: Sequence[int]) -> dict[int, list[Owed]]:
    """The tasks of a page of visits' findings in one query, by visit: those that the reader sees."""
    statement = (
        select(VisitFinding.visit_id, Organisation.name_zh, User.name, Task.due_on)
        .join(Task, Task.id == VisitFinding.task_id)
        .join(Organisation, Organisation.id == Task.lead_id)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(VisitFinding.visit_id.in_(visit_ids))
        .order_by(VisitFinding.visit_id, VisitFinding.position)
    )
    found: dict[int, list[Owed]] = {one: [] for one in visit_ids}
    for visit_id, lead, assignee, due_on in db.session.execute(statement):
        found[visit_id].append(Owed(lead, assignee or "", due_on))
    return found
