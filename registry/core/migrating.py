"""What migrations need on both databases and Alembic does not have. 迁移辅助."""

import re
from collections.abc import Sequence

from alembic import op
from sqlalchemy import text


def replace_codes(table: str, check: str, column: str, codes: Sequence[str]) -> None:
    """Let the CHECK of a column of codes allow these codes, and no others.

    SQLite cannot change a constraint. Where other tables point at the table it must not be built anew either, so the
    stored definition is edited, as SQLite's manual has it for changes that leave the content alone (ALTER TABLE,
    "Making other kinds of table schema changes"). Raises LookupError when the table has no such CHECK.
    """
    listed = ", ".join(f"'{code}'" for code in codes)
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f(check), table, type_="check")
        op.create_check_constraint(op.f(check), table, f"{column} IN ({listed})")
    else:
        _edit_definition(table, check, f"CONSTRAINT {check} CHECK ({column} IN ({listed}))")


def _edit_definition(table: str, check: str, constraint: str) -> None:
    connection = op.get_bind()
    found = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    before = connection.scalar(found, {"table": table}) or ""
    after = re.sub(rf"CONSTRAINT \"?{check}\"? CHECK \([^()]*\([^()]*\)\)", constraint, before)
    if constraint not in after:
        raise LookupError(f"{table} has no CHECK {check}")
    version = connection.scalar(text("PRAGMA schema_version"))
    connection.execute(text("PRAGMA writable_schema = ON"))
    update = text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table")
    connection.execute(update, {"sql": after, "table": table})
    connection.execute(text(f"PRAGMA schema_version = {int(version or 0) + 1}"))
    connection.execute(text("PRAGMA writable_schema = OFF"))
