"""Alembic's entry: runs migrations on the application's engine, both databases alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, text

from registry.core.db import Model, db, transaction_for_migration
from registry.search.models import is_index

LOCK = 7_302_021_103  # any number that no other program takes; one migration at a time
POSTGRESQL_PATIENCE = ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = 0")


def _is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Not the index of the search, which each database keeps in its own way."""
    return not (kind == "table" and is_index(name or ""))


def run(connection: Connection) -> None:
    """Run what is asked for in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=_is_modelled,
        user_module_prefix="types.",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            _wait_for_others(connection)
        context.run_migrations()


def _wait_for_others(connection: Connection) -> None:
    """SQLite's transaction begins IMMEDIATE, so only PostgreSQL needs telling; a large table may take its time."""
    for statement in POSTGRESQL_PATIENCE:
        connection.execute(text(statement))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


@contextmanager
def _tables_may_be_built_anew(connection: Connection) -> Iterator[None]:
    """SQLite builds a table anew to change its constraints, which rows that point at it would forbid.

    The setting is deaf inside a transaction, so the driver is told before one begins; what points nowhere afterwards
    is found before the commit.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was closed")
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def _refuse_lost_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration left rows that point nowhere")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with transaction_for_migration(), db.engine.connect() as own, _tables_may_be_built_anew(own):
        run(own)
        _refuse_lost_references(own)
        own.commit()
