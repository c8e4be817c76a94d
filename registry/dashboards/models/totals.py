"""Tables of the figures that leaders see, kept in step with the records. 统计汇总表.

What one record gives is kept beside it (`OverviewShare`), so that a change is the difference between what it gave and
what it gives. Totals are never changed by whoever writes a record: differences are added as rows of their own
(`OverviewChange`), which no two writers contend for, and the worker folds them into `OverviewTotal`. A figure is the
sum of both, and so always exact.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Dialect, ForeignKey, Index, Numeric, PrimaryKeyConstraint, String, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from ...core.db import Model
from ...core.figures.kinds import DECIMALS, Number, neat

DIGITS = 24  # sums of millionths of a promise, too


class Amount(TypeDecorator[Number]):
    """A sum with four decimals, handed back exactly: an int where it is whole. It may be negative."""

    impl = Numeric(DIGITS, DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite knows no decimals: there they go in and out as numbers."""
        plain: Numeric[Any] = Numeric(DIGITS, DECIMALS)
        if dialect.name == "sqlite":
            plain = Numeric(DIGITS, DECIMALS, asdecimal=False)
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: Number | None, dialect: Dialect) -> Number | None:
        """Rounded alike on both databases."""
        return None if value is None else neat(round(Decimal(value), DECIMALS))

    def process_result_value(self, value: Any, dialect: Dialect) -> Number | None:
        """The decimal that was put in."""
        return None if value is None else neat(round(Decimal(str(value)), DECIMALS))


class Dimensions:
    """Mixin: whose view, what is counted, and where it belongs.

    `locality` is a region's code and `university_id` an organisation; empty and 0 stand for all of them. `month` is
    YYYYMM, YYYYMMDD for what belongs to a day, YYYY for sums of years (`facts.agreements.by_year`), 0 for a stock of
    the present. `part` divides a metric: a kind of agreement, a stage, a unit.
    """

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    metric: Mapped[str] = mapped_column(String(40))
    locality: Mapped[str] = mapped_column(String(12))
    university_id: Mapped[int]
    month: Mapped[int]
    part: Mapped[str] = mapped_column(String(80))


class Amounts:
    """Mixin: a sum, of how many figures, how many of them missing, how many to be confirmed (待核)."""

    value: Mapped[Number] = mapped_column(Amount)
    number: Mapped[int]
    missing: Mapped[int]
    doubtful: Mapped[int]


KEY = ("organisation_id", "metric", "locality", "university_id", "month", "part")
SUMS = ("value", "number", "missing", "doubtful")


class OverviewTotal(Dimensions, Amounts, Model):
    """What was folded so far. On SQLite rows lie in the order of their key: sums of a range are read in one go."""

    __tablename__ = "overview_total"
    __table_args__ = (PrimaryKeyConstraint(*KEY), {"sqlite_with_rowid": False})


class OverviewChange(Dimensions, Amounts, Model):
    """A difference that is still to be folded; amounts may be negative."""

    __tablename__ = "overview_change"
    __table_args__ = (Index("ix_overview_change_key", *KEY),)

    id: Mapped[int] = mapped_column(primary_key=True)


class OverviewShare(Model):
    """What one record gives at present (see `facts.base.Given`, without spelling out whose view and where).

    From `again_on` on it gives something else by the date alone: the daily job reads it anew.
    """

    __tablename__ = "overview_share"
    __table_args__ = (Index("ix_overview_share_again", "again_on"),)

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)
    given: Mapped[list[Any]] = mapped_column(JSON)
    again_on: Mapped[date | None]
