"""Tasks that the reader sees. 任务查询."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, not_, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from ..accounts.models import User, UserRole, UserStatus
from ..core.access.decision import Actor
from ..core.dates import today
from ..core.db import db
from ..core.errors import NotFound
from ..organisations.models import Organisation
from ..organisations.queries.localities import stands_for
from ..organisations.workdays import calendar
from ..records.queries import Listing, titled
from .enums import UNFINISHED, WORKING, Light, TaskSource, TaskState
from .lights import NEAR_DAYS, URGENT_DAYS, Horizon, horizon
from .models import SupervisionSlip, Task, TaskProgress, TaskUnit, TaskVisibility
from .sql import days_between

MOST_OF_SUBJECT = 50
LEAD = aliased(Organisation, name="lead")
ASSIGNEE = aliased(User, name="assignee")
VERIFIER = aliased(User, name="verifier")
STANDING = (Task.starts_on, Task.due_on, Task.counted_from, Task.percent, Task.origin)
COLUMNS = (
    *STANDING,
    Task.state.label("stage"),
    Task.goal,
    Task.leader,
    Task.requested_on,
    Task.closed_on,
    Task.reopened,
    Task.slip_count,
    select(LEAD.name_zh).where(LEAD.id == Task.lead_id).correlate(Task).scalar_subquery().label("lead_zh"),
    select(LEAD.name_en).where(LEAD.id == Task.lead_id).correlate(Task).scalar_subquery().label("lead_en"),
    select(ASSIGNEE.name).where(ASSIGNEE.id == Task.assignee_id).correlate(Task).scalar_subquery().label("assignee"),
    select(VERIFIER.name).where(VERIFIER.id == Task.verified_by_id).correlate(Task).scalar_subquery().label("verifier"),
    Organisation.name_zh.label("owner_zh"),
    Organisation.name_en.label("owner_en"),
)
# By the reader's own rows, whose index has the state: most tasks of an old register are closed.
IS_UNFINISHED = TaskVisibility.state.in_(UNFINISHED)
# A leader wrote an instruction, or a slip was issued, and it is not struck off yet (督办未销号).
IS_SUPERVISED = and_(IS_UNFINISHED, or_(Task.origin == TaskSource.INSTRUCTION, Task.slip_count > 0))
LISTING = Listing(
    Task,
    TaskVisibility,
    COLUMNS,
    options=(
        joinedload(Task.owner),
        joinedload(Task.lead),
        joinedload(Task.assignee),
        joinedload(Task.requested_by),
        joinedload(Task.verified_by),
        selectinload(Task.units).joinedload(TaskUnit.organisation),
        selectinload(Task.progress).options(
            joinedload(TaskProgress.reported_by), joinedload(TaskProgress.organisation)
        ),
        selectinload(Task.slips).joinedload(SupervisionSlip.issued_by),
    ),
    sorts={"due": Task.due_on, "percent": Task.percent},
    ascending=True,
)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing.

    `whose`: mine (the reader's own), unit (led or supported by the reader's organisation), assigned (by it). `lead` is
    the leading organisation's public id, `region` the reporting locality that it stands for.
    """

    text: str = ""
    state: TaskState | None = None
    whose: str = ""
    light: Light | None = None
    overdue: bool = False
    supervised: bool = False
    source: TaskSource | None = None
    lead: str = ""
    region: str = ""


def conditions(wanted: Filter, actor: Actor, sky: Horizon) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions of the listing."""
    if wanted.text:
        led = select(LEAD.id).where(LEAD.id == Task.lead_id, LEAD.name_zh.icontains(wanted.text, autoescape=True))
        yield or_(titled(Task, wanted.text), led.correlate(Task).exists())
    if wanted.state:
        yield TaskVisibility.state == wanted.state
    if wanted.whose in WHOSE:
        yield WHOSE[wanted.whose](actor)
    if wanted.light:
        yield shows(wanted.light, sky)
    if wanted.overdue:
        yield and_(IS_UNFINISHED, Task.due_on < sky.today)
    if wanted.supervised:
        yield IS_SUPERVISED
    if wanted.source:
        yield Task.origin == wanted.source
    if wanted.lead:
        yield Task.lead_id.in_(select(Organisation.id).where(Organisation.public_id == wanted.lead))
    if wanted.region:
        yield led_from(wanted.region)


def led_from(code: str) -> ColumnElement[bool]:
    """By a bureau, centre or zone of the reporting locality."""
    return Task.lead_id.in_(select(Organisation.id).where(stands_for(code)))


def _of_unit(actor: Actor) -> ColumnElement[bool]:
    own = TaskUnit.organisation_id == actor.organisation_id
    supports = select(TaskUnit.id).where(TaskUnit.task_id == Task.id, own).correlate(Task)
    return or_(Task.lead_id == actor.organisation_id, supports.exists())


WHOSE: dict[str, Callable[[Actor], ColumnElement[bool]]] = {
    "mine": lambda actor: Task.assignee_id == actor.id,
    "unit": _of_unit,
    "assigned": lambda actor: Task.owner_id == actor.organisation_id,
}


def shows(light: Light, sky: Horizon) -> ColumnElement[bool]:
    """The rule of `lights.judge` as a condition: the first that fits."""
    if light is Light.CLOSED:
        return TaskVisibility.state == TaskState.CLOSED
    tests = _tests(sky)
    before = tests[: [name for name, _test in tests].index(light)]
    fitting = dict(tests)[light]
    return and_(IS_UNFINISHED, fitting, *(not_(test) for _name, test in before))


def is_red(day: date) -> ColumnElement[bool]:
    """What `shows` says of a red light, which asks for no working days."""
    return and_(IS_UNFINISHED, Task.starts_on <= day, _is_far_behind(day))


def _is_far_behind(day: date) -> ColumnElement[bool]:
    return or_(Task.due_on < day, _done() < 60 * _elapsed(day))


def _elapsed(day: date) -> Any:
    return days_between(literal(day), Task.starts_on)


def _done() -> Any:
    return Task.percent * days_between(Task.due_on, Task.starts_on)


def _tests(sky: Horizon) -> list[tuple[Light, ColumnElement[bool]]]:
    """In their order; whole numbers on both sides, so that nothing is rounded."""
    return [
        (Light.GREY, Task.starts_on > sky.today),
        (Light.RED, _is_far_behind(sky.today)),
        (Light.YELLOW, or_(_done() < 90 * _elapsed(sky.today), Task.due_on < sky.beyond(URGENT_DAYS))),
        (Light.BLUE, and_(Task.due_on < sky.beyond(NEAR_DAYS), Task.percent < 100)),
        (Light.GREEN, literal(value=True)),
    ]


def horizon_now() -> Horizon:
    """Today and the working days ahead; one query."""
    return horizon(calendar(), today())


def light_of(row: Any, sky: Horizon) -> Light | None:
    """The light of a task or a row of one; None for one that was cancelled."""
    if row.state == TaskState.CANCELLED:
        return None
    closed = row.state == TaskState.CLOSED
    return sky.light(row.starts_on, row.due_on, row.percent, is_closed=closed)


@dataclass(frozen=True)
class TaskLine:
    """A task on the page of the record that it is about."""

    public_id: str
    title_zh: str
    title_en: str
    state: TaskState
    origin: TaskSource
    lead_zh: str
    lead_en: str
    due_on: date
    counted_from: date | None
    percent: int
    light: Light | None


def tasks_of(subject_kind: str, subject_public_id: str, actor: Actor) -> list[TaskLine]:
    """Tasks about one record that the actor sees, unfinished ones first; at most MOST_OF_SUBJECT."""
    return tasks_of_several(subject_kind, [subject_public_id], actor).get(subject_public_id, [])


def tasks_of_several(subject_kind: str, subject_public_ids: Sequence[str], actor: Actor) -> dict[str, list[TaskLine]]:
    """The same for several records of a kind, in no more queries; MOST_OF_SUBJECT altogether."""
    statement = (
        select(
            Task.subject_public_id,
            Task.public_id,
            Task.title_zh,
            Task.title_en,
            Task.state,
            *STANDING,
            LEAD.name_zh.label("lead_zh"),
            LEAD.name_en.label("lead_en"),
        )
        .join(TaskVisibility, TaskVisibility.record_id == Task.id)
        .join(LEAD, LEAD.id == Task.lead_id)
        .where(
            Task.subject_kind == subject_kind,
            Task.subject_public_id.in_(subject_public_ids),
            TaskVisibility.organisation_id == actor.organisation_id,
        )
        .order_by(Task.state.in_(UNFINISHED).desc(), Task.due_on, Task.id)
        .limit(MOST_OF_SUBJECT)
    )
    rows = db.session.execute(statement).all()
    found: dict[str, list[TaskLine]] = {}
    for row, line in zip(rows, _lines(rows, horizon_now()) if rows else (), strict=True):
        found.setdefault(row.subject_public_id, []).append(line)
    return found


def _lines(rows: Sequence[Row[*tuple[Any, ...]]], sky: Horizon) -> list[TaskLine]:
    return [
        TaskLine(
            row.public_id,
            row.title_zh,
            row.title_en,
            row.state,
            row.origin,
            row.lead_zh,
            row.lead_en,
            row.due_on,
            row.counted_from,
            row.percent,
            light_of(row, sky),
        )
        for row in rows
    ]


def supporting(task_ids: Sequence[int]) -> dict[int, list[str]]:
    """Names of the supporting organisations of a page of tasks in one query, by task."""
    statement = (
        select(TaskUnit.task_id, Organisation.name_zh)
        .join(Organisation, Organisation.id == TaskUnit.organisation_id)
        .where(TaskUnit.task_id.in_(task_ids))
        .order_by(TaskUnit.task_id, TaskUnit.position)
    )
    found: dict[int, list[str]] = {one: [] for one in task_ids}
    for row in db.session.execute(statement):
        found[row.task_id].append(row.name_zh)
    return found


def latest_reports(task_ids: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """The latest report on each of a page of tasks in one query, by task."""
    latest = select(func.max(TaskProgress.id)).where(TaskProgress.task_id.in_(task_ids)).group_by(TaskProgress.task_id)
    columns = (TaskProgress.task_id, TaskProgress.note, TaskProgress.problems, TaskProgress.help_needed)
    rows = db.session.execute(select(*columns).where(TaskProgress.id.in_(latest)))
    return {row.task_id: row for row in rows}


def open_of_key(key: str) -> Task | None:
    """The unfinished task of a key, if any; for the registry itself, which sees all."""
    return db.session.scalar(select(Task).where(Task.key == key, Task.state.in_(UNFINISHED)))


def working_users(organisation_id: int) -> Sequence[User]:
    """Active people of an organisation who may do a task."""
    working = select(UserRole.user_id).where(UserRole.role.in_(WORKING))
    statement = select(User).where(
        User.organisation_id == organisation_id, User.status == UserStatus.ACTIVE, User.id.in_(working)
    )
    return db.session.scalars(statement.order_by(User.name)).all()


def get_slip(public_id: str, actor: Actor) -> SupervisionSlip:
    """One slip of a task that the actor sees. Raises NotFound."""
    statement = (
        select(SupervisionSlip)
        .join(TaskVisibility, TaskVisibility.record_id == SupervisionSlip.task_id)
        .where(SupervisionSlip.public_id == public_id, TaskVisibility.organisation_id == actor.organisation_id)
        .options(joinedload(SupervisionSlip.issuer), joinedload(SupervisionSlip.issued_by))
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found
