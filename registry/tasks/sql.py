"""Days between two dates, alike on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

Expression = ColumnElement[Any] | InstrumentedAttribute[Any]


class days_between(FunctionElement[int]):
    """`days_between(later, earlier)` in calendar days."""

    type = Integer()
    inherit_cache = True
    name = "days_between"

    def __init__(self, later: Expression, earlier: Expression) -> None:
        super().__init__(later, earlier)


@compiles(days_between, "postgresql")
def _subtract(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    later, earlier = (compiler.process(one, **options) for one in element.clauses)
    return f"(CAST({later} AS DATE) - CAST({earlier} AS DATE))"


@compiles(days_between, "sqlite")
def _julian(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    later, earlier = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"
