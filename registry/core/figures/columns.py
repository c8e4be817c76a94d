"""Columns of a table whose rows are figures. 数字字段."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Dialect, Numeric, String, Table, TypeDecorator, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column
from sqlalchemy.types import TypeEngine

from ..db import enum_type
from .kinds import DECIMALS, TOO_LARGE, Number, Qualifier, Unit, neat
from .reading import LONGEST, ReadFigure

# One more than TOO_LARGE leaves, so that the CHECK refuses and not the type, alike on both databases.
DIGITS = 16
# Alike on both databases; a row without a number says how it stood and waits for somebody to look.
CHECKS = {
    "figure_range": f"value IS NULL OR (value >= 0 AND value < {TOO_LARGE})",
    "figure_said": "value IS NOT NULL OR as_reported <> ''",
    "figure_checked": "value IS NOT NULL OR needs_check",
}


class FigureValue(TypeDecorator[Number]):
    """NUMERIC with four decimals, handed back exactly: an int where it is whole."""

    impl = Numeric(DIGITS, DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite knows no decimals: there they go in and out as numbers."""
        plain: Numeric[Any] = Numeric(DIGITS, DECIMALS)
        if dialect.name == "sqlite":
            plain = Numeric(DIGITS, DECIMALS, asdecimal=False)
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: Number | None, dialect: Dialect) -> Number | None:
        """Rounded here, since PostgreSQL would and SQLite would not."""
        return None if value is None else neat(round(Decimal(value), DECIMALS))

    def process_result_value(self, value: Any, dialect: Dialect) -> Number | None:
        """The decimal that was put in."""
        return None if value is None else neat(round(Decimal(str(value)), DECIMALS))


class FigureColumns:
    """Mixin: one figure with its provenance. The CHECKs come with it, whatever `__table_args__` the model has."""

    value: Mapped[Number | None] = mapped_column(FigureValue)
    unit: Mapped[Unit | None] = mapped_column(enum_type(Unit, "unit"))
    qualifier: Mapped[Qualifier] = mapped_column(enum_type(Qualifier), default=Qualifier.EXACT)
    as_reported: Mapped[str] = mapped_column(String(LONGEST), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(500), default="")
    needs_check: Mapped[bool] = mapped_column(Boolean, default=False)

    def take(self, read: ReadFigure, *, source: str = "", note: str = "") -> None:
        """Set what was read; what is doubtful is to be checked."""
        self.value, self.unit, self.qualifier = read.value, read.unit, read.qualifier
        self.as_reported, self.needs_check = read.as_reported, read.needs_check
        self.source, self.note = source, note

    def settle(self, read: ReadFigure) -> None:
        """Set what a person says it means; how it was reported, and where, stays as it was."""
        self.value, self.unit, self.qualifier = read.value, read.unit or self.unit, read.qualifier
        self.needs_check = read.needs_check


@event.listens_for(FigureColumns, "instrument_class", propagate=True)
def _add_checks(mapper: Mapper[Any], _kind: type) -> None:
    table = mapper.local_table
    if isinstance(table, Table) and "as_reported" in table.columns:
        for name, condition in CHECKS.items():
            table.append_constraint(CheckConstraint(condition, name=name))
