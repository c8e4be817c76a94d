"""What was kept at a month's end and what was issued can no longer change, in the database itself. 快照与专报冻结.

On SQLite a table that is built anew loses its triggers: a migration that does so makes them again.
`tests/guards/test_migrations.py` compares what stands in the database with this.
"""

from collections.abc import Iterator

from sqlalchemy import DDL, MetaData, event

TOLD = "figures of a past month and an issued briefing can no longer change"
ISSUED = "OLD.state = 'issued'"


def _is_issued(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM briefing b WHERE b.id = {row}.briefing_id AND b.state = 'issued')"  # noqa: S608 - no input in it


# Table, write, and when it is refused; no condition: always.
RULES = (
    ("snapshot", "UPDATE", ""),
    ("snapshot", "DELETE", ""),
    ("briefing", "UPDATE", ISSUED),
    ("briefing", "DELETE", ISSUED),
    ("briefing_item", "INSERT", _is_issued("NEW")),
    ("briefing_item", "UPDATE", f"{_is_issued('OLD')} OR {_is_issued('NEW')}"),
    ("briefing_item", "DELETE", _is_issued("OLD")),
    ("briefing_file", "UPDATE", ""),
    ("briefing_file", "DELETE", ""),
)


def sqlite() -> Iterator[str]:
    """The statements for SQLite."""
    for table, write, when in RULES:
        condition = f" WHEN {when}" if when else ""
        name = f"{table}_frozen_{write.lower()}"
        yield f"CREATE TRIGGER {name} BEFORE {write} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"


def postgresql() -> Iterator[str]:
    """The statements for PostgreSQL, whose triggers cannot ask other tables in their condition."""
    for table, write, when in RULES:
        name = f"{table}_frozen_{write.lower()}"
        refuse = f"RAISE EXCEPTION '{TOLD}';"
        body = f"IF {when} THEN {refuse} END IF;" if when else refuse
        row = "OLD" if write == "DELETE" else "NEW"
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN {row}; END $$"
        yield f"CREATE TRIGGER {name} BEFORE {write} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def install(metadata: MetaData) -> None:
    """Make the triggers once all tables have been made from the models (migrations do it by themselves)."""
    for dialect, statements in (("sqlite", sqlite()), ("postgresql", postgresql())):
        for statement in statements:
            rule = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own lacks types
            event.listen(metadata, "after_create", rule.execute_if(dialect=dialect))
