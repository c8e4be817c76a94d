"""Tables of tasks, the units that support them, their progress, and supervision slips. 任务与督办."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.access.decision import Actor
from ..core.access.scope import scoped
from ..core.db import Identified, Model, Stamped, enum_type
from ..core.errors import Conflict
from ..core.i18n import msg
from ..organisations.models import Organisation
from ..records.models import Shared, VisibilityRow, seen_through, visibility_args
from .enums import UNFINISHED, SlipColour, TaskSource, TaskState

ONE_OPEN = text("task_key <> '' AND state IN ('open', 'close_requested')")


class TaskVisibility(VisibilityRow, Model):
    """Which organisation sees which task."""

    __tablename__ = "task_visibility"
    __table_args__ = visibility_args("task_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)


class Task(Shared, Model):
    """Work that one organisation (the owner) assigned to another, or to itself.

    `due_on` was counted as `days` working days from `counted_from` where these are given. `key` names what a reminder
    speaks of: at most one unfinished task has it. `subject_*` point at the record that the task is about.
    """

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("starts_on <= due_on", name="days_in_order"),
        CheckConstraint("(days IS NULL) = (counted_from IS NULL)", name="counted"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="cancel_reason"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on"),
        CheckConstraint("state <> 'close_requested' OR evidence <> ''", name="evidence"),
        Index("uq_task_open_key", "task_key", unique=True, sqlite_where=ONE_OPEN, postgresql_where=ONE_OPEN),
        Index("ix_task_lead", "lead_id", "state", "due_on"),
        Index("ix_task_due", "state", "due_on"),
        Index("ix_task_owner_state", "owner_id", "state", "due_on"),
        Index("ix_task_assignee", "assignee_id", "state", "due_on"),
        Index("ix_task_subject", "subject_kind", "subject_public_id", "due_on"),
    )
    visibility = TaskVisibility

    state: Mapped[TaskState] = mapped_column(enum_type(TaskState, "task_state"), default=TaskState.OPEN)
    origin: Mapped[TaskSource] = mapped_column(enum_type(TaskSource, "task_source"))
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_public_id: Mapped[str] = mapped_column(String(26), default="")
    subject_title: Mapped[str] = mapped_column(String(400), default="")
    goal: Mapped[str] = mapped_column(Text, default="")
    leader: Mapped[str] = mapped_column(default="")
    lead_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    starts_on: Mapped[date]
    due_on: Mapped[date]
    counted_from: Mapped[date | None]
    days: Mapped[int | None]
    percent: Mapped[int] = mapped_column(default=0)
    key: Mapped[str] = mapped_column("task_key", default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    requested_on: Mapped[date | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    return_reason: Mapped[str] = mapped_column(String(1000), default="")
    closed_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closing_note: Mapped[str] = mapped_column(String(1000), default="")
    reopened: Mapped[int] = mapped_column(default=0)
    cancel_reason: Mapped[str] = mapped_column(String(1000), default="")
    slip_count: Mapped[int] = mapped_column(default=0)

    lead: Mapped[Organisation] = relationship(foreign_keys=[lead_id])
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])
    requested_by: Mapped[User | None] = relationship(foreign_keys=[requested_by_id])
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])
    units: Mapped[list["TaskUnit"]] = relationship(
        back_populates="task", order_by="TaskUnit.position", cascade="all, delete-orphan"
    )
    progress: Mapped[list["TaskProgress"]] = relationship(back_populates="task", order_by="TaskProgress.id.desc()")
    slips: Mapped[list["SupervisionSlip"]] = relationship(back_populates="task", order_by="SupervisionSlip.id.desc()")

    @property
    def state_code(self) -> str:
        """Its state."""
        return str(self.state)

    @property
    def party_ids(self) -> set[int]:
        """The lead and the supporting organisations."""
        return {self.lead_id, *(unit.organisation_id for unit in self.units)}

    @property
    def is_unfinished(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in UNFINISHED

    def is_led_by(self, actor: Actor) -> bool:
        """Whether the actor's organisation answers for it."""
        return actor.organisation_id == self.lead_id

    def set_deadline(self, starts_on: date, due_on: date, counted_from: date | None, days: int | None) -> None:
        """First day and deadline; lists are in the order of deadlines."""
        self.starts_on, self.due_on, self.sort_on = starts_on, due_on, due_on
        self.counted_from, self.days = counted_from, days

    def request_close(self, evidence: str, day: date, by_id: int) -> None:
        """open → close_requested. Raises Conflict elsewhere."""
        self._require(TaskState.OPEN)
        self.state, self.evidence, self.return_reason = TaskState.CLOSE_REQUESTED, evidence, ""
        self.requested_on, self.requested_by_id = day, by_id

    def close(self, note: str, day: date, by_id: int | None) -> None:
        """Unfinished → closed; `by_id` None where the registry itself found it done. Raises Conflict elsewhere."""
        self._require(*UNFINISHED)
        self.state, self.closed_on, self.verified_by_id, self.closing_note = TaskState.CLOSED, day, by_id, note

    def send_back(self, reason: str) -> None:
        """close_requested → open: the evidence does not do. Raises Conflict elsewhere."""
        self._require(TaskState.CLOSE_REQUESTED)
        self.state, self.return_reason = TaskState.OPEN, reason

    def reopen(self, reason: str) -> None:
        """closed → open, counted. Raises Conflict elsewhere."""
        self._require(TaskState.CLOSED)
        self.state, self.closed_on, self.verified_by_id, self.closing_note = TaskState.OPEN, None, None, ""
        self.return_reason, self.reopened = reason, self.reopened + 1

    def cancel(self, reason: str) -> None:
        """Unfinished → cancelled. Raises Conflict elsewhere."""
        self._require(*UNFINISHED)
        self.state, self.cancel_reason = TaskState.CANCELLED, reason

    def _require(self, *states: TaskState) -> None:
        if self.state not in states:
            raise Conflict(msg("This is not possible in the present state"))


class TaskUnit(Model):
    """An organisation that supports the lead, in its order."""

    __tablename__ = "task_unit"
    __table_args__ = (UniqueConstraint("task_id", "position"), Index("ix_task_unit_organisation", "organisation_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    task: Mapped[Task] = relationship(back_populates="units")
    organisation: Mapped[Organisation] = relationship()


class TaskProgress(Identified, Stamped, Model):
    """What somebody reported; never changed."""

    __tablename__ = "task_progress"
    __table_args__ = (Index("ix_task_progress_task", "task_id"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    note: Mapped[str] = mapped_column(Text)
    percent: Mapped[int]
    problems: Mapped[str] = mapped_column(Text, default="")
    help_needed: Mapped[str] = mapped_column(Text, default="")
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    task: Mapped[Task] = relationship(back_populates="progress")
    reported_by: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


class SupervisionSlip(Identified, Stamped, Model):
    """A supervision slip (督办单), numbered by issuer and year without gaps; never changed."""

    __tablename__ = "supervision_slip"
    __table_args__ = (
        UniqueConstraint("issuer_id", "year", "sequence"),
        Index("ix_supervision_slip_task", "task_id"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    sequence: Mapped[int]
    colour: Mapped[SlipColour] = mapped_column(enum_type(SlipColour, "slip_colour"))
    issued_on: Mapped[date]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    demand: Mapped[str] = mapped_column(Text)
    answer_by: Mapped[date | None]
    percent: Mapped[int]
    due_on: Mapped[date]

    task: Mapped[Task] = relationship(back_populates="slips")
    issuer: Mapped[Organisation] = relationship()
    issued_by: Mapped[User] = relationship()

    @property
    def number(self) -> str:
        """As printed: 督〔2026〕3号."""
        return f"督〔{self.year}〕{self.sequence}号"


class SlipCounter(Model):
    """The last number that an organisation gave to a slip of a year."""

    __tablename__ = "slip_counter"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


scoped(Task, seen_through(Task, TaskVisibility))
