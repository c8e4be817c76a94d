"""Rows that fit whatever a table asks for, by the database alone: for migrations, which know no models."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from alembic import command
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Time,
    select,
)
from sqlalchemy.types import Enum, TypeEngine

from registry.cli import database as commands
from registry.core.db import Model, db
from registry.search.models import is_index

# What a CHECK constraint demands where the first value at hand would not do.
FITTING: Mapping[str, dict[str, Any]] = {
    "activity": {"cancel_reason": ""},
    "activity_figure": {"entered_by_id": None},
    "agreement": {"outcome": None},
    "agreement_period": {"until_on": None},
    "commitment": {"ended_on": None, "end_reason": ""},
    "commitment_period": {"closed_on": None, "disputed": None},
    "delegation": {"role": "leader"},
    "docking_mechanism": {"end_reason": ""},
    "internship_base": {"close_reason": ""},
    "event_scan": {"reason": ""},
    "job_attempt": {"ended_at": None},
    "message_channel": {"via": "wecom"},
    "supplement": {"reason": ""},
    "attachment": {"removed_at": None, "removed_by_id": None, "removed_reason": ""},
    "archive_entry": {"archived_at": None, "number": ""},
    "docking_stage_entry": {"status": "reached", "skip_reason": ""},
    "user_role": {"administrator_of": None},
    "visit": {"held_on": None, "reason": ""},
    "task": {"closed_on": None, "cancel_reason": ""},
    "workstation": {"quiet_since": None},
    "workstation_activity": {"cancel_reason": "", "master_plus": None},
    "snapshot": {"month": 202303},
    "briefing": {"month": 202303, "sha256": "", "issued_at": None, "issued_by_id": None},
    "briefing_template": {"language": "zh", "retired_at": None},
    "briefing_file": {"language": "zh", "form": "pdf"},
}


def go(revision: str, *, down: bool = False) -> None:
    """Bring the database to a revision."""
    (command.downgrade if down else command.upgrade)(commands.alembic_config(), revision)


def reflected() -> MetaData:
    """The tables as the database has them."""
    found = MetaData()
    found.reflect(db.engine, only=lambda name, _metadata: not is_index(name))
    return found


def row_for(table: Table, connection: Connection) -> dict[str, Any]:
    """A row that the table takes; what it points at has to be there already."""
    row = {column.name: _value(table, column) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        row |= _reference(constraint, table, connection)
    return row | FITTING.get(table.name, {})


def _reference(constraint: ForeignKeyConstraint, table: Table, connection: Connection) -> dict[str, Any]:
    """Values of a row that exists; none for what points at its own table or at one that is filled later."""
    target = constraint.referred_table
    found = None if target is table else connection.execute(select(target)).mappings().first()
    names = zip(constraint.column_keys, (element.column.name for element in constraint.elements), strict=True)
    return {own: found[theirs] if found else None for own, theirs in names}


def _value(table: Table, column: Column[Any]) -> Any:
    """A value that fits the column, from the model where there is one (enums), else from its type."""
    known = Model.metadata.tables.get(table.name)
    model_type = known.c[column.name].type if known is not None and column.name in known.c else None
    if isinstance(model_type, Enum):
        return model_type.enums[0]
    return _plain(column.type)


def _plain(kind: TypeEngine[Any]) -> Any:
    samples: tuple[tuple[type[TypeEngine[Any]], Any], ...] = (
        (Boolean, False),
        (Integer, 1),
        (DateTime, datetime(2026, 11, 22, tzinfo=UTC)),
        (Date, date(2026, 11, 22)),
        (Time, time(22)),
        (JSON, {}),
        (LargeBinary, b"1"),
    )
    return next((value for sort, value in samples if isinstance(kind, sort)), "1")
