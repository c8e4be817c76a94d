"""The table of working days, by year. 工作日查询."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from ...core.db import db
from ..arrangement import Days, ExceptionDay
from ..models import WorkdayOverride, WorkdayYear


def list_years() -> Sequence[int]:
    """Recorded years, the latest first."""
    return db.session.scalars(select(WorkdayYear.year).order_by(WorkdayYear.year.desc())).all()


def find_year(year: int, *, for_change: bool = False) -> WorkdayYear | None:
    """A recorded year; locked when it is to be changed."""
    statement = select(WorkdayYear).where(WorkdayYear.year == year)
    return db.session.scalar(statement.with_for_update() if for_change else statement)


def days_of(year: int) -> Days:
    """The exceptions of a year, in order."""
    statement = (
        select(WorkdayOverride.day, WorkdayOverride.kind, WorkdayOverride.holiday_zh)
        .where(WorkdayOverride.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(WorkdayOverride.day)
    )
    return {row.day: ExceptionDay(row.kind, row.holiday_zh) for row in db.session.execute(statement)}
