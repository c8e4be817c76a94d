"""Assigning tasks, changing them, naming who does them; and what the registry does by itself. 交办。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import StandIn
from ..core.access.roles import Role
from ..core.access.scope import without_scope
from ..core.dates import today
from ..core.db import db, transaction
from ..core.errors import Invalid
from ..core.i18n import msg
from ..organisations.models import Organisation
from ..organisations.recount import recounts
from ..organisations.workdays import calendar
from ..records import kinds
from ..records.services import Changes, known_organisations, moved, write
from . import policy
from .announcements import settle
from .enums import UNFINISHED, TaskSource
from .inputs import NewTask, TaskDetails
from .models import Task, TaskUnit
from .queries import open_of_key, working_users

KIND = "task"
SETTLED, RECOUNTED = "task:settled", "task:recounted"
FIELDS = ("title_zh", "title_en", "goal", "leader")
MOST_DAYS = 1000


def assign(new: NewTask, actor: User | None, *, is_demo: bool = False) -> Task:
    """Assign a task; by the registry itself where `actor` is None. With a key, the unfinished task that has it already.

    Raises Forbidden, NotFound for a subject that the assigning organisation does not see, Invalid by field: a lead or
    supporting organisation that is not in the directory, no deadline or one in the past, an assignee of another unit.
    """
    if actor:
        policy.may_assign(actor, new.source).enforce()
    with without_scope():  # whether a key has its task is not a matter of who looks
        present = open_of_key(new.key) if new.key else None
    return present or _assign(new, actor, is_demo)


def _assign(new: NewTask, actor: User | None, is_demo: bool) -> Task:
    lead = known_organisations([new.lead], "lead")[0]
    owner = actor.organisation if actor else known_organisations([new.owner], "owner")[0] if new.owner else lead
    task = Task(
        owner=owner,
        lead=lead,
        created_by_id=actor.id if actor else None,
        origin=new.source,
        key=new.key,
        subject_kind=new.subject_kind,
        subject_public_id=new.subject_public_id,
        subject_title=_subject_title(new, owner),
        is_demo=is_demo,
    )
    write(task, new, FIELDS)
    _support(task, new.supporting, lead)
    task.set_deadline(*_deadline(new))
    task.assignee = _assignee(new.assignee, lead) if new.assignee else None
    if not _keep(task):
        return _of_key(new.key)
    told = {"title": (None, task.title_zh), "lead": (None, lead.name_zh), "due_on": (None, task.due_on)}
    settle(task, actor, Action.TASK_ASSIGN, told)
    return task


def edit(task: Task, given: TaskDetails, actor: User) -> None:
    """Change what is asked for, by whom and by when. Raises Forbidden, Conflict once it is closed, Invalid by field."""
    policy.may_edit(actor, task).enforce()
    if task.origin is TaskSource.INSTRUCTION and not given.goal.strip():
        raise Invalid({"goal": [msg("An instruction has a text")]})
    changes = write(task, given, FIELDS)
    lead = known_organisations([given.lead], "lead")[0]
    if lead.id != task.lead_id:
        changes["lead"] = (task.lead.name_zh, lead.name_zh)
        task.lead, task.assignee = lead, None
    changes |= _support(task, given.supporting, lead) | _set_deadline(task, given)
    settle(task, actor, Action.TASK_EDIT, changes)


def name_assignee(task: Task, public_id: str, actor: User) -> None:
    """The lead names who of its people does it; empty: nobody in particular. Raises Forbidden, Conflict, Invalid."""
    policy.may_name_assignee(actor, task).enforce()
    before = task.assignee.name if task.assignee else ""
    task.assignee = _assignee(public_id, task.lead) if public_id else None
    after = task.assignee.name if task.assignee else ""
    settle(task, actor, Action.TASK_NAME_ASSIGNEE, {"assignee": (before, after)})


def settle_key(key: str, words: str) -> Task | None:
    """Close the unfinished task of a key as done, by the registry itself; `words` say why. None where there is none."""
    with without_scope():
        task = open_of_key(key)
    if task is not None:
        before = task.state
        task.close(words, today(), None)
        settle(task, None, SETTLED, moved(before, task.state), words)
    return task


@recounts
def count_again() -> None:
    """Count the deadlines of unfinished tasks again: a year's working days were recorded or corrected."""
    counted = select(Task).where(Task.state.in_(UNFINISHED), Task.counted_from.is_not(None))
    counted = counted.options(selectinload(Task.units))
    with transaction():
        days = calendar()
        for task in db.session.scalars(counted):
            if task.counted_from and task.days:
                before, due_on = task.due_on, days.add(task.counted_from, task.days).day
                if due_on != before:
                    task.set_deadline(task.starts_on, due_on, task.counted_from, task.days)
                    settle(task, None, RECOUNTED, {"due_on": (before, due_on)})


def _keep(task: Task) -> bool:
    """Add it; False where somebody else opened one of its key at the same moment.

    It is added inside the savepoint: what waits before is written before it begins, and would fail outside.
    """
    if not task.key:
        db.session.add(task)
        return True
    try:
        with db.session.begin_nested():
            db.session.add(task)
    except IntegrityError:
        return False
    return True


def _of_key(key: str) -> Task:
    with without_scope():
        found = open_of_key(key)
    if found is None:
        raise RuntimeError("the task of a key can neither be opened nor found")
    return found


def _set_deadline(task: Task, given: TaskDetails) -> Changes:
    before = (task.starts_on, task.due_on)
    task.set_deadline(*_deadline(given, task))
    after = (task.starts_on, task.due_on)
    names = ("starts_on", "due_on")
    return {name: (old, new) for name, old, new in zip(names, before, after, strict=True) if old != new}


def _deadline(given: NewTask | TaskDetails, task: Task | None = None) -> tuple[date, date, date | None, int | None]:
    """First day, deadline, and from where how many working days were counted. Raises Invalid."""
    starts_on = given.starts_on or (task.starts_on if task else today())
    if given.due_on is None and given.days is None:
        raise Invalid({"due_on": [msg("Give a deadline: a day, or a number of working days")]})
    if given.due_on is None and given.days is not None:
        if not 1 <= given.days <= MOST_DAYS:
            raise Invalid({"days": [msg("Between 1 and %(most)s working days", most=MOST_DAYS)]})
        kept = task.counted_from if task and (task.days, task.starts_on) == (given.days, starts_on) else None
        start = kept or max(starts_on, today())
        return starts_on, calendar().add(start, given.days).day, start, given.days
    due_on = given.due_on or starts_on
    if due_on < starts_on or (due_on < today() and (task is None or due_on != task.due_on)):
        raise Invalid({"due_on": [msg("The deadline lies neither in the past nor before the first day")]})
    return starts_on, due_on, None, None


def _support(task: Task, public_ids: Sequence[str], lead: Organisation) -> Changes:
    named = known_organisations(public_ids, "supporting")
    if lead in named:
        raise Invalid({"supporting": [msg("The lead organisation does not support itself")]})
    before = [unit.organisation.name_zh for unit in task.units]
    after = [one.name_zh for one in named]
    if before != after:
        del task.units[len(named) :]
        for position, organisation in enumerate(named, start=1):
            if position <= len(task.units):
                task.units[position - 1].organisation = organisation
            else:
                task.units.append(TaskUnit(position=position, organisation=organisation))
    return {"supporting": (before, after)} if before != after else {}


def _assignee(public_id: str, lead: Organisation) -> User:
    found = {user.public_id: user for user in working_users(lead.id)}
    if public_id not in found:
        raise Invalid({"assignee": [msg("Choose somebody of the lead organisation who may do tasks")]})
    return found[public_id]


@dataclass(frozen=True)
class _Reader:
    """The assigning organisation, where the registry looks a subject up for it."""

    organisation_id: int
    id: int = 0
    name: str = ""
    roles: frozenset[Role] = frozenset()
    standing_in: tuple[StandIn, ...] = ()


def _subject_title(new: NewTask, owner: Organisation) -> str:
    """The title that the subject has now. Raises NotFound where the assigning organisation does not see it."""
    if not new.subject_kind:
        return ""
    subject = kinds.find(new.subject_kind, new.subject_public_id, _Reader(owner.id))
    return str(getattr(subject, "title_zh", "") or subject.audit_label)[:400]
