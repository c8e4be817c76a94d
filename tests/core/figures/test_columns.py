"""Rows that are figures: values come back exactly, and neither database takes what is none."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Index, Table, func, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry

from registry.core.db import NAMING, db
from registry.core.figures.columns import CHECKS, FigureColumns
from registry.core.figures.kinds import TOO_LARGE, Number, Qualifier, Unit
from registry.core.figures.reading import read_figure
from registry.core.figures.totals import Total, total


class Own(DeclarativeBase):
    """A base of its own: these tables are nobody else's."""

    registry = registry()


Own.metadata.naming_convention = NAMING


class Sample(FigureColumns, Own):
    """A figure and nothing else."""

    __tablename__ = "sample_figure"
    __table_args__ = (Index(None, "source"),)
    id: Mapped[int] = mapped_column(primary_key=True)


class Other(FigureColumns, Own):
    """Another table with the same columns."""

    __tablename__ = "other_figure"
    id: Mapped[int] = mapped_column(primary_key=True)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session on a connection where the tables stand until it is rolled back."""
    with db.engine.connect() as connection, connection.begin() as work:
        Own.metadata.create_all(connection)
        yield Session(connection, join_transaction_mode="create_savepoint")
        work.rollback()


@pytest.mark.parametrize("kind", [Sample, Other])
def test_the_checks_come_with_the_columns(kind: type[Own]) -> None:
    table = kind.__table__
    assert isinstance(table, Table)
    names = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
    assert names == {f"ck_{table.name}_{name}" for name in (*CHECKS, "unit", "qualifier")}


def test_values_come_back_exactly(session: Session) -> None:
    values: list[Number] = [0, 1637, TOO_LARGE - 1, Decimal("17.4"), Decimal("0.0001"), Decimal("99999999999.9999")]
    session.add_all([Sample(value=value) for value in values])
    session.flush()
    session.expire_all()
    found = list(session.scalars(select(Sample.value).order_by(Sample.id)))
    assert found == values
    assert [type(one) for one in found] == [type(one) for one in values]
    assert session.scalar(select(func.sum(Sample.value)).where(Sample.value < 2000)) == Decimal("1654.4001")


def test_more_decimals_are_rounded_alike(session: Session) -> None:
    session.add(Sample(value=Decimal("1.23456")))
    session.flush()
    session.expire_all()
    assert session.scalar(select(Sample.value).where(Sample.value == Decimal("1.2346"))) == Decimal("1.2346")


def test_a_reading_is_kept_with_its_provenance(session: Session) -> None:
    row = Sample()
    row.take(read_figure("more than 65,438+10,000", Unit.PERSON_TIMES), source="Report", note="online and on site")
    session.add(row)
    session.flush()
    session.expire_all()
    assert (row.value, row.unit, row.qualifier) == (None, Unit.PERSON_TIMES, Qualifier.AT_LEAST)
    assert (row.as_reported, row.source, row.note) == ("more than 65,438+10,000", "Report", "online and on site")
    assert row.needs_check
    row.settle(read_figure("10万余"))
    session.flush()
    assert total([row]) == Total(100_000, Unit.PERSON_TIMES, Qualifier.AT_LEAST, 1)
    assert (row.as_reported, row.source) == ("more than 65,438+10,000", "Report")
    assert not row.needs_check


@pytest.mark.parametrize(
    "columns",
    [
        {"value": -1},
        {"value": TOO_LARGE},
        {"value": None, "needs_check": True},
        {"value": None, "as_reported": "数十", "needs_check": False},
    ],
)
def test_neither_database_takes_what_is_no_figure(session: Session, columns: dict[str, object]) -> None:
    session.add(Sample(**columns))
    with pytest.raises(IntegrityError):
        session.flush()


def test_neither_takes_a_unit_that_is_none(session: Session) -> None:
    session.add(Sample(value=1, unit="bushels"))
    with pytest.raises(StatementError):
        session.flush()
