"""What lists and rates read: an organisation's periods in the order of their days, and sums by month. 履约台账."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...core.db import Model, enum_type
from ..enums import Bucket, Category, Part, PeriodState
from .period import CommitmentPeriod

MILLION = 1_000_000  # shares have six places


class PeriodStanding(Model):
    """How one period stands to one organisation in one part; a list is one range of an index.

    `waits` says that this organisation has to act: verify or consent as a beneficiary; correct, answer or consent as an
    obligor. `month` is the first of the month from which rates count the period (see `CommitmentPeriod.counts_on`).
    Shares are in millionths. `behind_on` and `far_behind_on` are the days on which its light turns if nothing more is
    done (`lights.turning_days`): a list chooses by light without working out a curve for each row.
    """

    __tablename__ = "period_standing"
    __table_args__ = (
        Index("ix_period_standing_due", "organisation_id", "part", "bucket", "due_on", "period_id"),
        Index("ix_period_standing_waits", "organisation_id", "part", "waits", "due_on", "period_id"),
        Index("ix_period_standing_state", "organisation_id", "part", "state", "due_on", "period_id"),
        Index("ix_period_standing_list", "organisation_id", "part", "due_on", "period_id"),
        Index("ix_period_standing_counts", "organisation_id", "part", "counts_on"),
        Index("ix_period_standing_period", "period_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    part: Mapped[Part] = mapped_column(enum_type(Part, "standing_part"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("commitment_period.id"), primary_key=True)
    starts_on: Mapped[date]
    due_on: Mapped[date]
    behind_on: Mapped[date | None]
    far_behind_on: Mapped[date | None]
    bucket: Mapped[Bucket] = mapped_column(enum_type(Bucket))
    waits: Mapped[bool]
    state: Mapped[PeriodState] = mapped_column(enum_type(PeriodState, "standing_state"))
    counts_on: Mapped[date]
    month: Mapped[date]
    category: Mapped[Category] = mapped_column(enum_type(Category, "standing_category"))
    verified: Mapped[int]
    reported: Mapped[int]

    period: Mapped[CommitmentPeriod] = relationship()


class CommitmentTotal(Model):
    """Sums over an organisation's periods of a month and a category: `periods` are counted, waived ones are beside.

    `verified` and `reported` are Σ of shares in millionths.
    """

    __tablename__ = "commitment_total"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    part: Mapped[Part] = mapped_column(enum_type(Part, "total_part"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    category: Mapped[Category] = mapped_column(enum_type(Category, "total_category"), primary_key=True)
    periods: Mapped[int] = mapped_column(default=0)
    verified: Mapped[int] = mapped_column(BigInteger, default=0)
    reported: Mapped[int] = mapped_column(BigInteger, default=0)
    met: Mapped[int] = mapped_column(default=0)
    waived: Mapped[int] = mapped_column(default=0)

    @property
    def verified_share(self) -> Decimal:
        """Σ of verified shares."""
        return Decimal(self.verified) / MILLION

    @property
    def reported_share(self) -> Decimal:
        """Σ of reported shares."""
        return Decimal(self.reported) / MILLION
