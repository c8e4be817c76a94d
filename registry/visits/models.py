"""Tables of visits: who saw whom, the figures, what was found. 走访."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.access.scope import scoped
from ..core.db import Identified, Model, Stamped, enum_type
from ..core.errors import Conflict
from ..core.figures.columns import FigureColumns
from ..core.i18n import Either, msg
from ..organisations import uscc
from ..organisations.models import Organisation
from ..records.models import Shared, VisibilityRow, seen_through, visibility_args
from ..tasks.enums import TaskState
from ..tasks.models import Task
from .enums import DROPPED, Direction, EmployerNature, FigureCode, LeadLevel, Rating, VisitKind, VisitState


class VisitVisibility(VisibilityRow, Model):
    """Which organisation sees which visit."""

    __tablename__ = "visit_visibility"
    __table_args__ = visibility_args("visit_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)


class Visit(Shared, Model):
    """Somebody sees a university, an enterprise or a partner, or receives them.

    `employer_key` says which organisation was visited, whether the directory knows it or not: different keys are
    different employers wherever employers are counted. `next_on` was counted as `follow_up_days` working days from the
    visit where these are given. The visitor of 访企拓岗 is the owner. `visited_uscc` is kept as
    it was reported, even when its check character is wrong.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("visited_id IS NOT NULL OR visited_name <> ''", name="visited"),
        CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", name="held_on"),
        CheckConstraint("state <> 'held' OR findings <> ''", name="findings"),
        CheckConstraint("(state IN ('not_held', 'cancelled')) = (reason <> '')", name="reason"),
        CheckConstraint("(subject_kind = '') = (subject_public_id = '')", name="subject"),
        Index("ix_visit_subject", "subject_kind", "subject_public_id", "state", "sort_on"),
        Index("ix_visit_employer", "employer_key", "state", "held_on"),
        Index("ix_visit_board", "visitor_id", "kind", "state", "held_on"),
        Index("ix_visit_visited", "visited_id"),
        Index("ix_visit_next", "next_on"),
        Index("ix_visit_planned", "state", "planned_on"),
        Index("ix_visit_held", "subject_kind", "state", "held_on"),
    )
    visibility = VisitVisibility
    kind_code = "visit"

    kind: Mapped[VisitKind] = mapped_column(enum_type(VisitKind))
    direction: Mapped[Direction] = mapped_column(enum_type(Direction), default=Direction.GO_OUT)
    state: Mapped[VisitState] = mapped_column(enum_type(VisitState), default=VisitState.PLANNED)
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    subject_kind: Mapped[str] = mapped_column(String(20), default="")
    subject_public_id: Mapped[str] = mapped_column(String(26), default="")
    subject_title: Mapped[str] = mapped_column(String(400), default="")
    visitor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    visited_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    visited_name: Mapped[str] = mapped_column(default="")
    visited_uscc: Mapped[str] = mapped_column(String(30), default="")
    employer_key: Mapped[str] = mapped_column(String(210))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    nature: Mapped[EmployerNature | None] = mapped_column(enum_type(EmployerNature))
    industry_code: Mapped[str | None] = mapped_column(ForeignKey("industry_section.code"))
    leader_name: Mapped[str] = mapped_column(String(60), default="")
    leader_office: Mapped[str] = mapped_column(String(100), default="")
    lead_level: Mapped[LeadLevel | None] = mapped_column(enum_type(LeadLevel))
    participants: Mapped[str] = mapped_column(String(1000), default="")
    college: Mapped[str] = mapped_column(String(100), default="")
    receiver: Mapped[str] = mapped_column(String(60), default="")
    receiver_title: Mapped[str] = mapped_column(String(100), default="")
    is_first: Mapped[bool | None]
    majors: Mapped[str] = mapped_column(String(1000), default="")
    intentions: Mapped[list[str]] = mapped_column(JSON, default=list)
    base_built: Mapped[bool | None]
    tracked: Mapped[bool | None]
    rating: Mapped[Rating | None] = mapped_column(enum_type(Rating))
    findings: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[str] = mapped_column(Text, default="")
    follow_up: Mapped[str] = mapped_column(String(1000), default="")
    follow_up_days: Mapped[int | None]
    next_on: Mapped[date | None]

    visitor: Mapped[Organisation] = relationship(foreign_keys=[visitor_id])
    visited: Mapped[Organisation | None] = relationship(foreign_keys=[visited_id])
    figures: Mapped[list["VisitFigure"]] = relationship(back_populates="visit", cascade="all, delete-orphan")
    problems: Mapped[list["VisitFinding"]] = relationship(
        back_populates="visit", order_by="VisitFinding.position", cascade="all, delete-orphan"
    )

    @property
    def state_code(self) -> str:
        """Its state."""
        return str(self.state)

    @property
    def party_ids(self) -> set[int]:
        """Who visited and who was visited, as far as the directory knows them."""
        return {one for one in (self.visitor_id, self.visited_id) if one}

    @property
    def whom(self) -> Either:
        """The visited organisation's name."""
        if self.visited:
            return Either(self.visited.name_zh, self.visited.name_en)
        return Either(self.visited_name, "")

    @property
    def has_wrong_code(self) -> bool:
        """Whether the reported credit code fails its check character: shown, never in the way."""
        return bool(self.visited_uscc) and not uscc.is_valid(self.visited_uscc)

    def figure(self, code: FigureCode) -> "VisitFigure | None":
        """One figure, if it was given."""
        return next((one for one in self.figures if one.code is code), None)

    def hold(self, day: date) -> None:
        """planned → held. Raises Conflict elsewhere."""
        self._must_be_planned()
        self.state, self.held_on = VisitState.HELD, day

    def drop(self, state: VisitState, reason: str) -> None:
        """planned → not_held or cancelled, with its reason. Raises Conflict elsewhere."""
        self._must_be_planned()
        if state not in DROPPED:
            raise Conflict(msg("Say whether the visit was cancelled or did not take place"))
        self.state, self.reason = state, reason

    def _must_be_planned(self) -> None:
        if self.state is not VisitState.PLANNED:
            raise Conflict(msg("This visit is no longer planned"))


class VisitFigure(FigureColumns, Model):
    """One figure of a visit, with how sure it is and how it was reported."""

    __tablename__ = "visit_figure"
    __table_args__ = (UniqueConstraint("visit_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    code: Mapped[FigureCode] = mapped_column(enum_type(FigureCode))

    visit: Mapped[Visit] = relationship(back_populates="figures")


class VisitFinding(Identified, Stamped, Model):
    """A problem that a visit found; `task_id` is the task that it became, the last one where one was cancelled."""

    __tablename__ = "visit_finding"
    __table_args__ = (UniqueConstraint("visit_id", "position"), Index("ix_visit_finding_task", "task_id"))

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))

    visit: Mapped[Visit] = relationship(back_populates="problems")
    task: Mapped[Task | None] = relationship()

    @property
    def is_dealt_with(self) -> bool:
        """Whether it has a task that nobody cancelled."""
        return self.task_id is not None and not (self.task and self.task.state is TaskState.CANCELLED)

    @property
    def audit_label(self) -> str:
        """Its words in the audit."""
        return self.text


scoped(Visit, seen_through(Visit, VisitVisibility))
