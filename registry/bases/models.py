"""Tables of bases, and who sees them. 见习与实习基地数据表."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.access.scope import scoped
from ..core.dates import Precision
from ..core.db import Model, enum_type
from ..core.errors import Conflict
from ..core.i18n import Either, msg
from ..organisations.models import Organisation
from ..records.models import Shared, VisibilityRow, seen_through, visibility_args
from .enums import BaseKind, BaseLevel, BaseState


class BaseVisibility(VisibilityRow, Model):
    """Which organisation sees which base."""

    __tablename__ = "base_visibility"
    __table_args__ = visibility_args("base_visibility")

    record_id: Mapped[int] = mapped_column(ForeignKey("internship_base.id"), primary_key=True)


class InternshipBase(Shared, Model):
    """Where an employer takes graduates as trainees or students as interns, alone or with a university.

    `retained` of `completed` stayed with the employer: the share is worked out, nobody types it.
    """

    __tablename__ = "internship_base"
    __table_args__ = (
        CheckConstraint("employer_id IS NOT NULL OR employer_as_reported <> ''", name="employer_named"),
        CheckConstraint("retained IS NULL OR completed IS NULL OR retained <= completed", name="part_of_completed"),
        CheckConstraint("(state = 'closed') = (close_reason <> '')", name="close_reason"),
        Index("ix_internship_base_employer", "employer_id"),
        Index("ix_internship_base_university", "university_id"),
    )
    visibility = BaseVisibility
    kind_code = "base"

    kind: Mapped[BaseKind] = mapped_column(enum_type(BaseKind, "base_kind"))
    level: Mapped[BaseLevel | None] = mapped_column(enum_type(BaseLevel, "base_level"))
    state: Mapped[BaseState] = mapped_column(enum_type(BaseState, "base_state"), default=BaseState.ACTIVE)
    close_reason: Mapped[str] = mapped_column(String(1000), default="")
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    employer_as_reported: Mapped[str] = mapped_column(default="")
    uscc: Mapped[str] = mapped_column(String(30), default="")
    university_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    approval_no: Mapped[str] = mapped_column(String(100), default="")
    approved_on: Mapped[date | None]
    approved_precision: Mapped[Precision] = mapped_column(
        enum_type(Precision, "approved_precision"), default=Precision.UNKNOWN
    )
    expires_on: Mapped[date | None]
    posts: Mapped[int | None]
    on_post: Mapped[int | None]
    completed: Mapped[int | None]
    retained: Mapped[int | None]
    remark: Mapped[str] = mapped_column(String(1000), default="")

    employer: Mapped[Organisation | None] = relationship(foreign_keys=[employer_id])
    university: Mapped[Organisation | None] = relationship(foreign_keys=[university_id])

    @property
    def state_code(self) -> str:
        """Its state."""
        return str(self.state)

    @property
    def is_kept_up(self) -> bool:
        """Whether it was not given up."""
        return self.state is BaseState.ACTIVE

    @property
    def party_ids(self) -> set[int]:
        """Employer and university, as far as they are organisations of the directory."""
        return {one for one in (self.employer_id, self.university_id) if one}

    @property
    def whose(self) -> Either:
        """The employer's name."""
        return (
            Either(self.employer.name_zh, self.employer.name_en)
            if self.employer
            else Either(self.employer_as_reported, "")
        )

    def close(self, reason: str) -> None:
        """active → closed. Raises Conflict elsewhere."""
        if self.state is not BaseState.ACTIVE:
            raise Conflict(msg("This base was given up already"))
        self.state, self.close_reason = BaseState.CLOSED, reason


def retention(completed: int | None, retained: int | None) -> str:
    """留用率: retained of completed in per cent, to one decimal; empty where either is unknown or nobody completed."""
    if not completed or retained is None:
        return ""
    share = (Decimal(100 * retained) / Decimal(completed)).quantize(Decimal("0.1"))
    return f"{share:f}".removesuffix(".0")


scoped(InternshipBase, seen_through(InternshipBase, BaseVisibility))
