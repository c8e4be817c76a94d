"""Every row of an agreement's tables, as stored: to see that nothing changed, and what did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from registry.agreements import models
from registry.audit.models import AuditHead
from registry.core.db import db
from registry.jobs.models import Job

Row = Mapping[str, Any]
Key = tuple[Any, ...]


def _tables() -> Iterator[Table]:
    """Of all models of agreements, of what is to be done, and the end of the audit."""
    for name in models.__all__:
        if hasattr(getattr(models, name), "__tablename__"):
            yield getattr(models, name).__table__
    for model in (Job, AuditHead):
        yield db.metadata.tables[model.__tablename__]


TABLES = tuple(_tables())


@dataclass(frozen=True)
class Snapshot:
    """Rows by table and primary key. Two are equal when nothing at all differs."""

    tables: Mapping[str, Mapping[Key, Row]]

    def rows(self, table: str, **wanted: Any) -> list[Row]:
        """Rows of a table whose columns have these values, in the order of their keys."""
        found = sorted(self.tables[table].items(), key=lambda item: item[0])
        return [row for _key, row in found if all(row[name] == value for name, value in wanted.items())]

    def one(self, table: str, identity: int) -> Row | None:
        """The row with this id."""
        return self.tables[table].get((identity,))


def take() -> Snapshot:
    """The present state, read outside any transaction."""
    found: dict[str, dict[Key, Row]] = {}
    for table in TABLES:
        keys = [column.name for column in table.primary_key]
        rows = db.session.execute(select(table)).mappings()
        found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in rows}
    db.session.rollback()
    return Snapshot(found)
